import { closeSync, constants, openSync, readSync } from "node:fs";

/** How long nothing has to come before input counts as ended. */
const SILENCE_MS = 50;

/** A source that never ends is not waited for. */
const LONGEST_MS = 1_000;

/**
 * Reads away what the process's terminal holds, so that it does not get to the shell. It blocks, because it is for the
 * end of the process.
 */
export function drainTerminal(): void {
  if (process.platform === "win32") return;
  let terminal: number;
  try {
    // A description of its own that does not block: whether standard input does is not known.
    terminal = openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return;
  }
  const end = performance.now() + LONGEST_MS;
  try {
    do wait(SILENCE_MS);
    while (takeAll(terminal) && performance.now() < end);
  } finally {
    closeSync(terminal);
  }
}

function takeAll(terminal: number): boolean {
  const buffer = Buffer.alloc(64 * 1024);
  let taken = false;
  try {
    // Bounded: the kernel's queue is far smaller.
    for (let round = 0; round < 100 && readSync(terminal, buffer) > 0; round += 1) taken = true;
  } catch {
    // Nothing is there now, or the terminal is gone.
  }
  return taken;
}

function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Resolves when a stream that somebody reads has brought nothing for a moment. */
export async function settle(stream: Pick<NodeJS.ReadStream, "on" | "off">): Promise<void> {
  await new Promise<void>((resolve) => {
    const longest = setTimeout(done, LONGEST_MS);
    let silence = setTimeout(done, SILENCE_MS);
    function again(): void {
      clearTimeout(silence);
      silence = setTimeout(done, SILENCE_MS);
    }
    function done(): void {
      clearTimeout(silence);
      clearTimeout(longest);
      stream.off("data", again);
      resolve();
    }
    stream.on("data", again);
  });
}
