import type { Readable } from "node:stream";

/** More than any address or token. */
const LARGEST = 128 * 1024;
/** How long nothing may come from whoever holds the other end open: they may have nothing to say. */
const QUIET_MS = 1_000;

/**
 * What a stream has to offer: all of it, or what there is until it is silent for a second. A program that starts
 * others often leaves them a pipe that it never writes to.
 *
 * @returns `undefined` when there is nothing, or a terminal.
 */
export async function offered(stream: Readable & { readonly isTTY?: boolean }): Promise<string | undefined> {
  if (stream.isTTY) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, QUIET_MS);
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      clearTimeout(timer);
      if (size > LARGEST) resolve();
      else timer = setTimeout(resolve, QUIET_MS);
    });
    for (const event of ["end", "error", "close"]) {
      stream.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
  stream.destroy();
  const text = Buffer.concat(chunks).toString("utf8").trim();
  return text === "" ? undefined : text;
}
