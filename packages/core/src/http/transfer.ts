import { createSend, type FetchOptions, type Incoming, type OutgoingRequest } from "./request.js";

/** A request whose answer is handed on. Only the signal of {@link FetchOptions} limits its time. */
export type TransferRequest = Omit<OutgoingRequest, "timeout">;

/** An answer whose body comes as a stream of bytes, of any size. */
export interface Transfer {
  readonly url: URL;
  readonly status: number;
  /** The reason phrase as the server sent it: untrusted text. */
  readonly statusText: string;
  readonly headers: Headers;
  /**
   * The bytes as they come; the next ones are asked for when the last have been taken. They can be read once.
   * Leaving the loop ends the transfer.
   *
   * @throws {@link ProviderError} when the answer ends before its end; the signal's reason.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer, read or not. */
  close(): void;
}

/** Sends a request and hands its answer on. */
export type HostTransfer = (url: string | URL, request?: TransferRequest) => Promise<Transfer>;

/**
 * Makes the function for answers that are handed on byte for byte. It is `fetch` of the host in all but the
 * limits of time and size. The server is asked for a body that is not compressed; a body that is compressed all
 * the same comes unpacked, and the two headers that no longer fit are taken away.
 */
export function createTransfer(options: FetchOptions): HostTransfer {
  const send = createSend(options);
  return async (url, request = {}) => {
    const headers = { "accept-encoding": "identity", ...request.headers };
    const incoming = await send(url, { ...request, headers });
    let ended = false;
    const close = (note = "the rest was not read"): void => {
      if (!ended) incoming.end(`${incoming.status}, ${note}`);
      ended = true;
    };
    return {
      url: incoming.url,
      status: incoming.status,
      statusText: incoming.statusText,
      headers: plainHeaders(incoming.headers),
      body: bytesOf(incoming, close),
      close: () => close(),
    };
  };
}

async function* bytesOf(incoming: Incoming, close: (note?: string) => void): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of incoming.body ?? []) {
      size += chunk.byteLength;
      yield chunk;
    }
    close(`${size} bytes`);
  } catch (error) {
    throw incoming.failure(error);
  } finally {
    close(`cut off after ${size} bytes`);
  }
}

function plainHeaders(headers: Headers): Headers {
  if (!headers.has("content-encoding")) return headers;
  const plain = new Headers(headers);
  plain.delete("content-encoding");
  plain.delete("content-length");
  return plain;
}
