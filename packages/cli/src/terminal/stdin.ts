import type { Readable } from "node:stream";

/**
 * All of a stream, or its first `limit` bytes and at least one more, so that the caller can tell. Ends with
 * the signal's reason when that comes first.
 */
export async function readAll(stream: Readable, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (): void => void stream.destroy(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > limit) break;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return Buffer.concat(chunks);
}
