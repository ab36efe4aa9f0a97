import { isProviderError, ProviderError } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { skewOf } from "./clock.js";
import { createDispatch } from "./dispatch.js";
import { type Attempt, limitError, networkError } from "./failure.js";
import { type ProxyServer, proxyFor } from "./proxy.js";
import { isProxyAnswer, proxyRefused } from "./proxy-answer.js";
import { secretsOfHeader } from "./sensitive.js";
import { checkUrl } from "./url.js";

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

/** One request on its way. */
export interface OutgoingRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds to the last byte of the answer; absent: only the signal ends it. */
  readonly timeout?: number;
  /** The longest silence that the caller's signal allows, in milliseconds. Default: five minutes. */
  readonly patience?: number;
}

/** An answer whose body is still on its way. It holds a connection until {@link Incoming.end}. */
export interface Incoming {
  readonly url: URL;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly attempt: Attempt;
  /** Gives an error met while reading the body its reason. @throws the signal's reason when it has aborted. */
  failure(error: unknown): ProviderError;
  /** Lets go of the connection, whether the body has been read or not. `note` is for the debug line. */
  end(note: string): void;
}

/** Sends a request and resolves with the head of its answer. */
export type Send = (address: string | URL, request: OutgoingRequest) => Promise<Incoming>;

/**
 * Makes the function that all requests go through: user agent, proxies, a limit of time, no redirect followed,
 * and every secret that passes in a header announced. It throws {@link ProviderError} `unreachable` or
 * `protocol`, or the signal's reason.
 */
export function createSend(options: FetchOptions): Send {
  const dispatch = createDispatch(options.env);
  const remember = (secret: string): void => options.onSecret?.(secret);

  return async (address, request) => {
    options.signal.throwIfAborted();
    const url = checkUrl(address, options.allowHttp ? { allowHttp: true } : {});
    const proxy = proxyFor(url, options.env);
    const attempt: Attempt = { url, proxy, timeout: request.timeout };
    const sent = requestHeaders(request.headers ?? {}, options.userAgent);
    for (const [name, value] of sent) secretsOfHeader(name, value).forEach(remember);
    proxy?.secrets.forEach(remember);

    const method = request.method ?? "GET";
    const line = `${printable(method, 20)} ${url.origin}${url.pathname}`;
    const log = (note: string): void => options.debug(`${line}: ${note}${via(proxy)}`);
    const timer = new AbortController();
    let timedOut = false;
    let reached = false;
    const timeout = request.timeout === undefined ? undefined : setTimeout(timeUp, request.timeout);
    function timeUp(): void {
      timedOut = true;
      timer.abort();
    }
    function end(note: string): void {
      log(note);
      clearTimeout(timeout);
      timer.abort();
    }
    function failure(error: unknown): ProviderError {
      options.signal.throwIfAborted();
      if (isProviderError(error)) return error;
      return timedOut ? limitError("time", attempt) : networkError(error, { ...attempt, reached });
    }

    try {
      const init = {
        method,
        headers: sent,
        redirect: "manual",
        signal: AbortSignal.any([options.signal, timer.signal]),
        ...(request.body === undefined ? {} : { body: request.body }),
      } as const;
      const answer = await dispatch(url, proxy, init, request.patience);
      const headers = new Headers();
      for (const [name, value] of answer.headers) headers.append(name, value);
      // What comes through a tunnel is the server's own.
      if (proxy && url.protocol === "http:" && isProxyAnswer(answer.status, headers))
        throw proxyRefused(answer.status, proxy, url);
      reached = true;
      for (const [name, value] of headers) secretsOfHeader(name, value).forEach(remember);
      const skew = skewOf(headers, options.now());
      if (skew !== undefined) options.onClock?.(skew);
      const { status, statusText, body } = answer;
      return { url, status, statusText, headers, body, attempt, failure, end };
    } catch (error) {
      try {
        const reason = failure(error);
        log(`${reason.message} ${reason.reason ?? ""}`);
        throw reason;
      } finally {
        clearTimeout(timeout);
        timer.abort();
      }
    }
  };
}

function via(proxy: ProxyServer | undefined): string {
  return proxy ? ` (via ${proxy.url})` : "";
}

// `Headers` quotes a bad value in its error, and the value may be a secret.
function requestHeaders(given: Readonly<Record<string, string>>, userAgent: string): Headers {
  const headers = new Headers({ accept: "application/json" });
  for (const [name, value] of Object.entries(given)) {
    if (flawOfHeader(name, value) !== undefined) {
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

/**
 * Why a header cannot be sent (RFC 9110 section 5): a clause that completes "the header …", without its value.
 */
export function flawOfHeader(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return "has a name with characters that none may have";
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return "has a value with characters that none may have";
  return undefined;
}
