import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { MeshauthError } from "@meshauth/core";
import { npmFailure } from "./npm-failure.js";
import { noteWorker } from "./snapshot.js";

/** How npm is run. */
export interface NpmOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the one that npm's own settings name. */
  readonly registry: string | undefined;
  readonly signal: AbortSignal;
  /** Gets what npm tells people; absent: it is quiet. */
  readonly onOutput?: (text: string) => void;
}

/** How npm ended, and the document that it printed. */
export interface NpmAnswer {
  readonly exit: number | null;
  readonly stdout: string;
}

/** What one run of npm needs besides what all runs have. */
export interface NpmRun {
  /** Further flags. */
  readonly flags?: readonly string[];
  /** Ends this run, as the signal of all does. */
  readonly signal?: AbortSignal;
}

/** npm, to be run in a folder. */
export interface Npm {
  /** @throws MeshauthError for whatever npm fails with; the reason of the signal that ended it. */
  change(command: "install", operands: readonly string[], cwd: string, run?: NpmRun): Promise<void>;
  /** A question that changes nothing. A failure is an answer. @throws the reason of the signal that ended it. */
  ask(command: "view" | "audit", operands: readonly string[], cwd: string, run?: NpmRun): Promise<NpmAnswer>;
}

// Nothing that people or projects have set in an `.npmrc` can undo these.
const ALWAYS = [
  // Install scripts are code that would run before anybody has agreed to anything.
  "--ignore-scripts",
  // What a package needs comes from the registry. For a clone npm starts another npm, which obeys the `.npmrc` of
  // the clone, and so runs code of it.
  "--allow-git=none",
  "--allow-remote=root",
  "--allow-file=root",
  "--allow-directory=root",
  // A folder above, which may be somebody else's, must not make this one its workspace.
  "--no-workspaces",
  "--no-global",
  "--location=project",
  // A plugin's packages are its own.
  "--install-strategy=nested",
  // Links would make a plugin break when the folder that it came from goes away.
  "--install-links",
  "--omit=dev",
  "--engine-strict",
  "--save",
  "--package-lock",
  "--no-package-lock-only",
  "--no-dry-run",
  "--no-force",
  "--no-audit",
  "--no-fund",
];
// Nobody writes to npm's standard input; it ends when this process does, however that dies, and npm with it. npm
// itself starts no program then: scripts and repositories are off.
const END_WITH_US =
  'data:text/javascript,process.stdin.on("close",()=>process.kill(process.pid,"SIGKILL")).resume().unref()';
// npm's own pauses between attempts are 10 s and more; a registry that is down should be told apart sooner.
const PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"];
// npm waits for a download that hangs before it tidies up. Less than what this process itself has to clean up.
const TIDY_MS = 1_500;
// What a registry tells of a package with many versions, and the proofs of where packages were built.
const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** npm as it comes with oclif's plugin for plugins, whatever is installed otherwise. */
export function createNpm({ env, registry, signal, onOutput }: NpmOptions): Npm {
  const args = [
    ...ALWAYS,
    ...PATIENCE,
    "--no-update-notifier",
    "--json",
    `--loglevel=${onOutput ? "notice" : "error"}`,
  ];
  if (registry !== undefined) args.push(`--registry=${registry}`);
  const start = async (
    command: string,
    operands: readonly string[],
    cwd: string,
    { flags = [], signal: own }: NpmRun = {},
  ): Promise<NpmAnswer> => {
    const end = own === undefined ? signal : AbortSignal.any([signal, own]);
    end.throwIfAborted();
    const child = spawn(
      process.execPath,
      [`--import=${END_WITH_US}`, findNpm(), command, ...args, ...flags, "--", ...operands],
      { cwd, env: childEnv(env), stdio: "pipe" },
    );
    child.stdin.on("error", () => undefined);
    noteWorker(cwd, child.pid);
    let patience: NodeJS.Timeout | undefined;
    const kill = (): void => void child.kill("SIGKILL");
    const stop = (): void => {
      child.kill("SIGTERM");
      patience = setTimeout(kill, TIDY_MS);
    };
    signal.addEventListener("abort", stop, { once: true });
    // Whoever limits one run does not wait for npm to tidy up.
    own?.addEventListener("abort", kill, { once: true });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < OUTPUT_LIMIT) stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => onOutput?.(text));
    try {
      const exit = await new Promise<number | null>((done, fail) =>
        child.on("error", fail).on("close", done),
      );
      end.throwIfAborted();
      return { exit, stdout };
    } finally {
      clearTimeout(patience);
      signal.removeEventListener("abort", stop);
      own?.removeEventListener("abort", kill);
    }
  };
  return {
    async change(command, operands, cwd, run) {
      const { exit, stdout } = await start(command, operands, cwd, run);
      if (exit !== 0) throw npmFailure(stdout, operands.join(" "));
    },
    async ask(command, operands, cwd, run = {}) {
      if (command === "view") return await start(command, operands, cwd, run);
      // With workspaces off, npm looks at no package. A prefix keeps it from looking above as well, but would hide
      // the settings for all users.
      const { stdout } = await start("config", ["get", "globalconfig"], cwd, run);
      const own = ["--workspaces=null", `--prefix=${cwd}`, `--globalconfig=${stdout.trim()}`];
      return await start(command, operands, cwd, { ...run, flags: [...own, ...(run.flags ?? [])] });
    },
  };
}

function findNpm(): string {
  try {
    const plugins = createRequire(import.meta.filename).resolve("@oclif/plugin-plugins");
    return join(dirname(createRequire(plugins).resolve("npm/package.json")), "bin", "npm-cli.js");
  } catch (error) {
    throw new MeshauthError("MESHAUTH_E_UNEXPECTED", {
      message: "npm, which installs plugins, is missing.",
      cause: error,
    });
  }
}

/** The environment without what is a secret of ours, and with scripts off for every npm that npm may start. */
function childEnv(env: NpmOptions["env"]): NodeJS.ProcessEnv {
  const settings = /^(?:MESHERY_API_TOKEN|npm_config_(?:ignore_scripts|json|loglevel|prefix))$/i;
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !settings.test(name))),
    npm_config_ignore_scripts: "true",
  };
}
