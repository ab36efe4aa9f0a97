import { type HostRequest, type HostResponse, ProviderError } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { readText } from "./body.js";
import { limitError } from "./failure.js";
import { createSend, type FetchOptions, type Incoming } from "./request.js";
import { secretsOfBody } from "./sensitive.js";

const DEFAULT_TIMEOUT = 10_000;
const LONGEST_TIMEOUT = 30_000;

/** The function behind `Host.fetch`. */
export type HostFetch = (url: string | URL, init?: HostRequest) => Promise<HostResponse>;

/**
 * Makes a `fetch` with meshauth's user agent, proxies, and limits of time (10 s, at most 30 s, to the last
 * byte) and size (1 MiB). Redirects are handed back, never followed, so no secret reaches an origin that was
 * not asked. It throws {@link ProviderError} `unreachable` or `protocol`, or the signal's reason.
 */
export function createFetch(options: FetchOptions): HostFetch {
  const send = createSend(options);

  return async (address, init = {}) => {
    const incoming = await send(address, { ...init, timeout: limit(init.timeout) });
    let note = "the body was not read";
    try {
      const text = await readText(incoming.body);
      if (text === undefined) throw limitError("size", incoming.attempt);
      for (const secret of secretsOfBody(text)) options.onSecret?.(secret);
      note = `${incoming.status}, ${text.length} characters`;
      return toResponse(incoming, text);
    } catch (error) {
      const failure = incoming.failure(error);
      note = `${failure.message} ${failure.reason ?? ""}`;
      throw failure;
    } finally {
      incoming.end(note);
    }
  };
}

function limit(timeout = DEFAULT_TIMEOUT): number {
  return Number.isFinite(timeout) ? Math.min(Math.max(timeout, 1), LONGEST_TIMEOUT) : DEFAULT_TIMEOUT;
}

function toResponse({ url, status, headers }: Incoming, text: string): HostResponse {
  return {
    status,
    headers,
    text,
    json() {
      try {
        return JSON.parse(text);
      } catch {
        // The parser's own message quotes the text.
        throw new ProviderError("protocol", `The answer of ${url.host} is not JSON.`, {
          reason: `It came with status ${status} as ${printable(headers.get("content-type") ?? "no stated type", 60)}.`,
        });
      }
    },
  };
}
