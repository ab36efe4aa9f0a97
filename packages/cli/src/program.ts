import { isatty } from "node:tty";
import { MeshauthError, Secrets } from "@meshauth/core";
import { Output } from "./output.js";

/** How long a command may take to clean up after the first signal. */
const GRACE_MS = 3_000;

/** This process: its guarded streams, its secrets and the signal that ends it. There is one. */
export interface Program {
  readonly secrets: Secrets;
  readonly output: Output;
  /** Aborted by SIGINT, SIGTERM, SIGHUP, with a MeshauthError as the reason. */
  readonly signal: AbortSignal;
  /** While a provider's code runs: the package to name when the process ends without us. */
  provider: string | undefined;
  /** Whether files have been written, as was asked for. A command that only reads touches nothing. */
  wrote: boolean;
}

let current: Program | undefined;

/** The running program; commands get at the process through it. */
export function program(): Program {
  current ??= start();
  return current;
}

function start(): Program {
  const secrets = new Secrets();
  const output = new Output(secrets);
  const controller = new AbortController();
  function interrupt(): void {
    if (controller.signal.aborted) leave(130);
    controller.abort(new MeshauthError("MESHAUTH_E_INTERRUPTED"));
    setTimeout(() => leave(130), GRACE_MS).unref();
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
  return { secrets, output, signal: controller.signal, provider: undefined, wrote: false };
}

/**
 * Ends the process. Node aborts when it gives back a terminal in raw mode that is gone: then the process ends as one
 * that does not care about a hangup would.
 */
export function leave(code: number): never {
  const isGone = process.platform !== "win32" && process.stdin.isTTY && !isatty(process.stdin.fd);
  if (isGone) {
    process.removeAllListeners("SIGHUP");
    process.kill(process.pid, "SIGHUP");
    // It was ignored from the start.
    process.kill(process.pid, "SIGKILL");
  }
  process.exit(code);
}

/** Runs a provider's code: what it prints does not mix with our data, and its ending the process has a name. */
export async function runProvider<T>(packageName: string, run: () => Promise<T>): Promise<T> {
  const self = program();
  const { exitCode } = process;
  self.output.divert();
  self.provider = packageName;
  try {
    return await run();
  } finally {
    self.provider = undefined;
    process.exitCode = exitCode;
  }
}
