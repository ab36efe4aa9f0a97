import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { atEnd } from "../../support/cleanup.js";
import { type Home, PROGRAM } from "../../support/program.js";

const PRELOAD = new URL("./name-process.mjs", import.meta.url).href;

/** A run may be long on a busy machine, but not endless. */
const LIMIT_MS = 180_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as one of many. */
export interface TrialProcess {
  /** What the gate knows it by. */
  readonly id: string;
  readonly args: readonly string[];
  readonly startedAt: number;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly isRunning: () => boolean;
  /** What it has said on standard error so far. */
  readonly said: () => string;
  kill(signal: NodeJS.Signals): void;
  /** Stops every thread of it, between two system calls. @returns `false` when it had ended before. */
  freeze(): Promise<boolean>;
}

export interface TrialOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Words that stand before node. */
  readonly under?: readonly string[];
}

let count = 0;

/** Starts the built program. */
export function startTrial(
  home: Home,
  args: readonly string[],
  { env = {}, under = [] }: TrialOptions = {},
): TrialProcess {
  count += 1;
  const id = `p${count}`;
  const [command = process.execPath, ...words] = [...under, process.execPath, PROGRAM, ...args];
  const child: ChildProcess = spawn(command, words, {
    cwd: home.path,
    env: { ...home.env, NODE_OPTIONS: `--import=${PRELOAD}`, TRIAL_ID: id, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  let running = true;
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`meshauth ${args.join(" ")} did not end.\n${text.stderr}`));
    }, LIMIT_MS);
    child.once("exit", () => {
      running = false;
    });
    child.once("error", reject).once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...text });
    });
  });
  ended.catch(() => undefined);
  atEnd(() => {
    if (running) child.kill("SIGKILL");
  });
  const pid = child.pid ?? 0;
  return {
    id,
    args,
    startedAt: performance.now(),
    pid,
    ended,
    isRunning: () => running,
    said: () => text.stderr,
    kill: (signal) => void child.kill(signal),
    async freeze() {
      child.kill("SIGSTOP");
      while (running) {
        const states = statesOf(pid);
        if (states.length === 0 || states.some((state) => state === "Z" || state === "X")) return false;
        if (states.every((state) => state === "T")) return true;
        await sleep(1);
      }
      return false;
    },
  };
}

/** The states of a process's threads, as the kernel tells them. */
function statesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      try {
        const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
        return [stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Runs tasks, so many at once at most. The first failure ends it when those under way have ended. */
export async function inTurns<T, R>(
  values: readonly T[],
  most: number,
  task: (value: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    Array.from({ length: Math.min(most, values.length) }, async () => {
      while (next < values.length && failure === undefined) {
        const index = next++;
        try {
          results[index] = await task(values[index] as T, index);
        } catch (error) {
          failure ??= { error };
        }
      }
    }),
  );
  if (failure !== undefined) throw failure.error;
  return results;
}
