import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const RUN = join(import.meta.dirname, "../../bin/run.js");

/** How a run of the program ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user of the program: folders of its own, and an environment that leads nowhere else. */
export interface User {
  readonly home: string;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** The working folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  run(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Run>;
  /** Starts the program without waiting for its end. */
  start(
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): { child: ChildProcess; ended: Promise<Run> };
  /** Runs with `--json` and reads the document; there must be exactly one. */
  json(
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Run & { document: Document }>;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * Makes a user.
 *
 * @param registry - The only npm registry that it knows; default: none that answers.
 */
export async function createUser(registry = "http://127.0.0.1:9/"): Promise<User> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "meshauth-user-")));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folders = { dataDir: join(home, "data"), cacheDir: join(home, "cache"), cwd: join(home, "work") };
  await mkdir(folders.cwd);
  await mkdir(join(home, "tmp"));
  const base = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TMPDIR: join(home, "tmp"),
    MESHAUTH_DATA_DIR: folders.dataDir,
    MESHAUTH_CACHE_DIR: folders.cacheDir,
    MESHAUTH_CONFIG_DIR: join(home, "config"),
    MESHERY_HOME: join(home, ".meshery"),
    // npm looks for keys on the internet. This proxy is none.
    HTTPS_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1,localhost",
    npm_config_cache: join(home, "npm-cache"),
    npm_config_registry: registry,
    npm_config_userconfig: join(home, ".npmrc"),
    npm_config_globalconfig: join(home, "npmrc-global"),
  };
  const start: User["start"] = (argv, env = {}) => {
    const child = spawn(process.execPath, [RUN, ...argv], {
      cwd: folders.cwd,
      env: { ...base, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise<Run>((resolve) =>
      child.on("close", (code) => resolve({ code, stdout, stderr })),
    );
    return { child, ended };
  };
  const run: User["run"] = (argv, env) => start(argv, env).ended;
  return {
    home,
    ...folders,
    env: base,
    run,
    start,
    async json(argv, env) {
      const result = await run([...argv, "--json"], env);
      return { ...result, document: JSON.parse(result.stdout) };
    },
  };
}
