/** The largest body that is read, in bytes after decompression. */
const LARGEST_BODY: number = 1024 * 1024;

/**
 * Reads a body to its end as UTF-8 text.
 *
 * @returns `undefined` as soon as it turns out to be larger than {@link LARGEST_BODY}; the rest is not read.
 */
export async function readText(body: ReadableStream<Uint8Array> | null): Promise<string | undefined> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}
