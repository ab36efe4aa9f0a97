import { type HostRequest, type HostResponse, isProviderError, ProviderError } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { readText } from "./body.js";
import { skewOf } from "./clock.js";
import { createDispatch } from "./dispatch.js";
import { type Attempt, limitError, networkError, proxyRefused } from "./failure.js";
import { type ProxyServer, proxyFor } from "./proxy.js";
import { secretsOfBody, secretsOfHeader } from "./sensitive.js";
import { checkUrl } from "./url.js";

const DEFAULT_TIMEOUT = 10_000;
const LONGEST_TIMEOUT = 30_000;

/** What requests are made with. */
export interface FetchOptions {
  /** Where the proxy variables are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** Ends every request; the request then fails with the signal's reason. */
  readonly signal: AbortSignal;
  /** Takes one line for each request, without query, headers and bodies. */
  debug(message: string): void;
  /** Takes every token and password that passes, so that it can be kept out of all output. */
  onSecret?(value: string): void;
  /** The current time, to compare the far clock with. */
  now(): Date;
  /** Takes, for each answer that tells its time, the milliseconds by which the far clock is ahead. */
  onClock?(skew: number): void;
  /** Allows plain http to any host: for the Meshery Server, whose address is the user's own. */
  readonly allowHttp?: boolean;
}

/** The function behind `Host.fetch`. */
export type HostFetch = (url: string | URL, init?: HostRequest) => Promise<HostResponse>;

/**
 * Makes a `fetch` with meshauth's user agent, proxies, and limits of time (10 s, at most 30 s, to the last
 * byte) and size (1 MiB). Redirects are handed back, never followed, so no secret reaches an origin that was
 * not asked. It throws {@link ProviderError} `unreachable` or `protocol`, or the signal's reason.
 */
export function createFetch(options: FetchOptions): HostFetch {
  const dispatch = createDispatch(options.env);
  const remember = (secret: string): void => options.onSecret?.(secret);

  return async (address, init = {}) => {
    options.signal.throwIfAborted();
    const url = checkUrl(address, options.allowHttp ? { allowHttp: true } : {});
    const proxy = proxyFor(url, options.env);
    const attempt: Attempt = { url, proxy, timeout: limit(init.timeout) };
    const headers = requestHeaders(init.headers ?? {}, options.userAgent);
    for (const [name, value] of headers) secretsOfHeader(name, value).forEach(remember);
    proxy?.secrets.forEach(remember);

    const method = init.method ?? "GET";
    const line = `${printable(method, 20)} ${url.origin}${url.pathname}`;
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), attempt.timeout);
    const signal = AbortSignal.any([options.signal, timer.signal]);
    try {
      const answer = await dispatch(url, proxy, {
        method,
        headers,
        redirect: "manual",
        signal,
        ...(init.body === undefined ? {} : { body: init.body }),
      });
      if (proxy && answer.status === 407) throw proxyRefused("407", proxy);
      const skew = skewOf(
        new Headers([...answer.headers].map(([name, value]) => [name, value])),
        options.now(),
      );
      if (skew !== undefined) options.onClock?.(skew);
      const text = await readText(answer.body);
      if (text === undefined) throw limitError("size", attempt);
      const response = toResponse(answer.status, answer.headers, text, url);
      for (const cookie of response.headers.getSetCookie())
        secretsOfHeader("set-cookie", cookie).forEach(remember);
      secretsOfBody(text).forEach(remember);
      options.debug(`${line}: ${response.status}, ${text.length} characters${via(proxy)}`);
      return response;
    } catch (error) {
      options.signal.throwIfAborted();
      const failure = toError(error, attempt, timer.signal.aborted);
      options.debug(`${line}: ${failure.message} ${failure.reason ?? ""}${via(proxy)}`);
      throw failure;
    } finally {
      clearTimeout(timeout);
      timer.abort();
    }
  };
}

function via(proxy: ProxyServer | undefined): string {
  return proxy ? ` (via ${proxy.url})` : "";
}

function limit(timeout = DEFAULT_TIMEOUT): number {
  return Number.isFinite(timeout) ? Math.min(Math.max(timeout, 1), LONGEST_TIMEOUT) : DEFAULT_TIMEOUT;
}

// `Headers` quotes a bad value in its error, and the value may be a secret.
function requestHeaders(given: Readonly<Record<string, string>>, userAgent: string): Headers {
  const headers = new Headers({ accept: "application/json" });
  for (const [name, value] of Object.entries(given)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new ProviderError(
        "protocol",
        "A request cannot be sent: a header has characters that none may have.",
      );
    }
    headers.set(name, value);
  }
  headers.set("user-agent", userAgent);
  return headers;
}

function toError(error: unknown, attempt: Attempt, timedOut: boolean): ProviderError {
  if (isProviderError(error)) return error;
  return timedOut ? limitError("time", attempt) : networkError(error, attempt);
}

function toResponse(
  status: number,
  pairs: Iterable<readonly [string, string]>,
  text: string,
  url: URL,
): HostResponse {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
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
