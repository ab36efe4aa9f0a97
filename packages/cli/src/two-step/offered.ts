import type { Readable } from "node:stream";

/** More than any address or token. */
const LARGEST = 64 * 1024;
/** How long nothing may come from whoever holds the other end open: they may have nothing to say. */
const QUIET_MS = 1_000;
/** How long it may take altogether. */
const TOTAL_MS = 10_000;

/**
 * What a stream has to offer: all of it, or what there is until it is silent for a second. A program that starts
 * others often leaves them a pipe that it never writes to.
 *
 * @param limit - Milliseconds for all of it, if less than ten seconds.
 * @returns `undefined` when there is nothing, or a terminal. What is too long is cut off, and too long still. What
 *   still comes after that time is not whole.
 */
export async function offered(
  stream: Readable & { readonly isTTY?: boolean },
  limit: number = TOTAL_MS,
): Promise<{ readonly text: string; readonly whole: boolean } | undefined> {
  if (stream.isTTY) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  let late = false;
  await new Promise<void>((resolve) => {
    const total = setTimeout(
      () => {
        late = size > 0;
        resolve();
      },
      Math.min(limit, TOTAL_MS),
    );
    const finish = (): void => {
      clearTimeout(total);
      clearTimeout(timer);
      resolve();
    };
    let timer = setTimeout(finish, QUIET_MS);
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      clearTimeout(timer);
      if (size > LARGEST) finish();
      else timer = setTimeout(finish, QUIET_MS);
    });
    for (const event of ["end", "error", "close"]) {
      stream.once(event, finish);
    }
  });
  stream.removeAllListeners("data").destroy();
  const text = Buffer.concat(chunks).toString("utf8").trim();
  return text === "" ? undefined : { text, whole: !late };
}
