import { type ChildProcess, spawn } from "node:child_process";
import { atEnd } from "../../support/cleanup.js";
import { within } from "../../support/wait.js";

/** No step of a release takes longer. */
const LIMIT_MS = 180_000;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** A process with its descendants. */
export interface Started {
  readonly outcome: Promise<Outcome>;
  /** Kills it with all that it started, without any chance to put things in order. */
  kill(): void;
}

export function start(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Started {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const texts = { stdout: "", output: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    texts.stdout += chunk;
    texts.output += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (texts.output += chunk));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, ...texts }));
  });
  outcome.catch(() => undefined);
  atEnd(() => kill(child));
  return { outcome, kill: () => kill(child) };
}

/** Waits for the end, which has to come in time. */
export async function finish(started: Started, what: string): Promise<Outcome> {
  try {
    return await within(started.outcome, LIMIT_MS, () => `${what} did not end within ${LIMIT_MS / 1000} s.`);
  } catch (error) {
    started.kill();
    throw error;
  }
}

function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
