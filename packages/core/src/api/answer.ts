import type { Transfer } from "../http/index.js";

/** What of an answer's body is enough to judge it. */
const OF_AN_ERROR = 64 * 1024;

/** An answer whose beginning has been looked at. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** The first piece of the body as text; of an error the first 64 KiB. */
  readonly text: string;
  /** The whole body, the beginning included. It can be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer, read or not. */
  close(): void;
}

/**
 * Looks at the beginning of an answer's body, and no further: the rest may be large, or take its time.
 *
 * @throws ProviderError when the answer breaks off in it; the signal's reason.
 */
export async function lookAt(transfer: Transfer): Promise<Answer> {
  const { url, status, statusText, headers } = transfer;
  const rest = transfer.body[Symbol.asyncIterator]();
  const beginning: Uint8Array[] = [];
  const wanted = status < 400 ? 1 : OF_AN_ERROR;
  for (let size = 0; size < wanted; ) {
    const { done, value } = await rest.next();
    if (done) break;
    beginning.push(value);
    size += value.byteLength;
  }
  return {
    url,
    status,
    statusText,
    headers,
    text: new TextDecoder().decode(Buffer.concat(beginning)),
    body: joined(beginning, rest),
    close: () => transfer.close(),
  };
}

async function* joined(
  beginning: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* beginning;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
