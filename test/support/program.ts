import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { atEnd } from "./cleanup.js";

/** The built program. */
export const PROGRAM: string = fileURLToPath(new URL("../../packages/cli/bin/run.js", import.meta.url));

/** No run of the program may take longer; it is killed then, and the test fails. */
const LIMIT_MS = 60_000;

/** A home directory of its own, removed when the tests of the file have ended. */
export interface Home {
  readonly path: string;
  /** `.meshery` in it; made with the first file. */
  readonly meshery: string;
  readonly authJson: string;
  /** An environment in which nothing of the machine's user takes part. */
  readonly env: Readonly<Record<string, string>>;
}

export function makeHome(extra: Readonly<Record<string, string>> = {}): Home {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-test-")));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  const meshery = join(path, ".meshery");
  mkdirSync(join(path, "Downloads"));
  const env = { PATH: process.env["PATH"] ?? "", HOME: path, TMPDIR: tmpdir(), NO_COLOR: "1", ...extra };
  return { path, meshery, authJson: join(meshery, "auth.json"), env };
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to the home's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What stands on standard input; absent: it is closed. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly uid?: number;
  /** What to start instead of node with the program: the words before the arguments. */
  readonly command?: readonly [string, ...string[]];
}

/** The program while it runs. */
export interface Running {
  readonly pid: number;
  /** Its end. Rejects when it takes too long. */
  readonly outcome: Promise<Outcome>;
  /** The first match in standard error, now or later. Rejects when the program ends without one. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the program without a terminal. */
export function startMeshauth(home: Home, args: readonly string[], options: RunOptions = {}): Running {
  const [command, ...words] = options.command ?? [process.execPath, PROGRAM];
  const child = spawn(command, [...words, ...args], {
    cwd: options.cwd ?? home.path,
    env: { ...home.env, ...options.env },
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout?.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk) => {
    stderr += chunk;
    notify();
  });
  child.stdin?.on("error", () => undefined).end(options.input);
  let ended = false;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`meshauth ${args.join(" ")} did not end within ${LIMIT_MS / 1000} s.\n${stderr}`));
    }, LIMIT_MS);
    child.once("error", reject).once("close", (code) => {
      clearTimeout(timer);
      ended = true;
      resolve({ code, stdout, stderr });
      notify();
    });
  });
  outcome.catch(() => undefined);
  atEnd(() => {
    if (!ended) child.kill("SIGKILL");
  });
  return {
    pid: child.pid ?? 0,
    outcome,
    kill: (signal) => void child.kill(signal),
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stderr);
          if (!match && !ended) return;
          watchers.delete(look);
          if (match) resolve(match);
          else reject(new Error(`${pattern} was never printed by meshauth ${args.join(" ")}:\n${stderr}`));
        };
        watchers.add(look);
        outcome.catch((error: unknown) => {
          watchers.delete(look);
          reject(error);
        });
        look();
      }),
  };
}

/** So many runs at once keep two processors busy and let none wait for long. */
const MOST_AT_ONCE = 3;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs the program without a terminal and waits for its end. Of tests side by side, some wait for their turn. */
export async function meshauth(
  home: Home,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await startMeshauth(home, args, options).outcome;
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** The document on standard output: exactly one. */
export function document(outcome: Outcome): unknown {
  return JSON.parse(outcome.stdout);
}
