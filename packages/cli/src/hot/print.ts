import { writeSync } from "node:fs";
import { EXIT } from "@meshauth/core/hot";

/**
 * Prints a line on standard output, and does not load the stream for that. Once a part of it is out, the stream takes
 * the rest and ends the process as it ends the whole program: a reader that has gone away has read what it wanted.
 *
 * @returns Whether anything was printed. Why not, whoever prints it next will find out.
 */
export function printLine(line: string): boolean {
  const bytes = Buffer.from(`${line}\n`);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch {
    if (written > 0) streamRest(bytes.subarray(written));
  }
  return written > 0;
}

function streamRest(rest: Uint8Array): void {
  const fail = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE") process.exitCode = EXIT.unexpected;
  };
  process.stdout.on("error", fail).write(rest);
}
