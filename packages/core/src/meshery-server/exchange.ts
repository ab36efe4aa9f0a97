import { type HostRequest, type HostResponse, isProviderError } from "@meshauth/provider-api";
import { createFetch, type FetchOptions } from "../http/index.js";

/** The resolution of a `Date` header (RFC 9110 section 5.6.7), in milliseconds. */
const RESOLUTION = 1_000;

/** What {@link createExchange} takes besides the options of its requests. */
export interface ExchangeOptions extends Omit<FetchOptions, "allowHttp"> {
  /** The server's address without a trailing slash; a path prefix is kept. */
  readonly url: string;
  /** The current time, to compare the server's with. */
  now(): Date;
}

/** What came back, or, in a sentence, why nothing did. */
export type Exchanged =
  | { readonly kind: "response"; readonly response: HostResponse; readonly address: URL }
  | { readonly kind: "silence"; readonly message: string };

/** The way to one Meshery Server. */
export interface Exchange {
  /** @param path - From the slash on. @throws the signal's reason when it aborts, and nothing else. */
  send(path: string, init?: HostRequest): Promise<Exchanged>;
  /** Milliseconds by which the server's clock is ahead, once an answer told its time. */
  clockSkew(): number | undefined;
}

/** Sends requests to one Meshery Server, and reads its clock off the answers. */
export function createExchange(options: ExchangeOptions): Exchange {
  const fetch = createFetch({ ...options, allowHttp: true });
  let skew: number | undefined;
  return {
    async send(path, init) {
      try {
        const response = await fetch(options.url + path, init);
        skew = skewOf(response.headers, options.now()) ?? skew;
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

function skewOf(headers: Headers, now: Date): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return undefined;
  // The header's second has begun: on average half of it is over.
  const skew = date + RESOLUTION / 2 - now.getTime();
  return Math.abs(skew) < RESOLUTION ? 0 : skew;
}
