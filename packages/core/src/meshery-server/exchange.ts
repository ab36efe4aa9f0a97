import { type HostRequest, type HostResponse, isProviderError } from "@meshauth/provider-api";
import { createFetch, createTransfer, type FetchOptions, type HostTransfer } from "../http/index.js";

/** What {@link createExchange} takes besides the options of its requests. */
export interface ExchangeOptions extends Omit<FetchOptions, "allowHttp"> {
  /** The server's address without a trailing slash; a path prefix is kept. */
  readonly url: string;
}

/** What came back, or, in a sentence, why nothing did. */
export type Exchanged =
  | { readonly kind: "response"; readonly response: HostResponse; readonly address: URL }
  | { readonly kind: "silence"; readonly message: string };

/** The way to one Meshery Server. */
export interface Exchange {
  /** @param path - From the slash on. @throws the signal's reason when it aborts, and nothing else. */
  send(path: string, init?: HostRequest): Promise<Exchanged>;
  /** For answers that are handed on as they come; unlike {@link Exchange.send} it throws. */
  readonly transfer: HostTransfer;
  /** Milliseconds by which the server's clock is ahead, once an answer told its time. */
  clockSkew(): number | undefined;
}

/** Sends requests to one Meshery Server, and reads its clock off the answers. */
export function createExchange(options: ExchangeOptions): Exchange {
  let skew: number | undefined;
  const requests: FetchOptions = {
    ...options,
    allowHttp: true,
    onClock(ahead) {
      skew = ahead;
      options.onClock?.(ahead);
    },
  };
  const fetch = createFetch(requests);
  return {
    transfer: createTransfer(requests),
    async send(path, init) {
      try {
        const response = await fetch(options.url + path, init);
        return { kind: "response", response, address: new URL(options.url + path) };
      } catch (error) {
        options.signal.throwIfAborted();
        if (!isProviderError(error)) throw error;
        return { kind: "silence", message: [error.message, error.reason].filter(Boolean).join(" ") };
      }
    },
    clockSkew: () => skew,
  };
}
