import { ProviderError } from "@meshauth/provider-api";
import type { ProxyServer } from "./proxy.js";
import { proxyRefused } from "./proxy-answer.js";
import { explainTls } from "./tls.js";

/** What a request was about when it failed. */
export interface Attempt {
  readonly url: URL;
  readonly proxy: ProxyServer | undefined;
  /** Milliseconds; `undefined` when only a signal ends it. */
  readonly timeout: number | undefined;
  /** Whether the head of the answer came: what fails then is the rest. Default: `false`. */
  readonly reached?: boolean;
}

/** The two ways in which a request fails inside meshauth, before or beside the network. */
export type Limit = "time" | "size";

/** The error for a request that ran into a limit. */
export function limitError(limit: Limit, { url, proxy, timeout }: Attempt): ProviderError {
  if (limit === "size") {
    return new ProviderError("protocol", `The answer of ${url.host} is too large.`, {
      reason: "It holds more than 1 MiB, far more than any answer that is expected.",
    });
  }
  const way = proxy === undefined ? "" : `, by way of ${nameOf(proxy)}`;
  return new ProviderError("unreachable", `${url.host} did not answer in time.`, {
    reason:
      timeout === undefined
        ? `The connection was silent for too long${way}.`
        : `The answer was not complete after ${timeout / 1000} s${way}.`,
    next: ["Try again later.", ...(proxy ? [`Check ${proxy.variable}, its scheme included.`] : [])],
  });
}

/**
 * Tells why a request got no answer: name resolution, connection, TLS, proxy, time, or an answer that is not
 * HTTP. What comes back holds the host and nothing else of the request.
 */
export function networkError(error: unknown, attempt: Attempt): ProviderError {
  const causes = chain(error);
  const proxied = attempt.proxy && proxyAnswer(causes, attempt.proxy, attempt.url);
  if (proxied) return proxied;
  for (const { code } of causes) {
    const known = code === undefined ? undefined : explain(code, attempt);
    if (known) return known;
  }
  // From Node 24 on, what the parser does not understand has a name of its own and no code.
  if (causes.some((cause) => cause.name === "HTTPParserError")) return malformed(attempt, "HTTPParserError");
  if (causes.some((cause) => cause.message === "bad port")) {
    return unreachable(
      attempt,
      `Port ${attempt.url.port} is kept for another protocol; fetch does not use it.`,
    );
  }
  const code = causes.map((cause) => cause.code).find((text) => text !== undefined);
  return unreachable(attempt, `The request failed${code === undefined ? "" : ` (${code})`}.`);
}

function explain(code: string, attempt: Attempt): ProviderError | undefined {
  const { url, proxy, timeout } = attempt;
  const far = proxy ? nameOf(proxy) : url.host;
  const way = proxy ? [`Check ${proxy.variable}, or exempt ${url.hostname} in NO_PROXY.`] : [];
  const tls = explainTls(code);
  if (tls) {
    // Which of two secure connections it was is not told.
    const either = proxy?.url.startsWith("https:") ? ` It may be that of ${far}.` : "";
    return unreachable(attempt, `The secure connection failed: ${tls.reason}.${either}`, tls.next);
  }
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
    case "EAI_FAIL":
      return unreachable(
        attempt,
        code === "EAI_AGAIN"
          ? `The name of ${far} could not be resolved: no name server answered.`
          : `The name of ${far} does not exist.`,
        proxy ? way : ["Check the spelling of the address, and the network."],
      );
    case "ECONNREFUSED":
      return unreachable(
        attempt,
        `Nothing listens there: ${far} refused the connection.`,
        proxy ? way : ["Check the address, and whether the server runs there."],
      );
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return unreachable(attempt, "The connection was closed before the answer was complete.", way);
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return limitError("time", { url, proxy, timeout });
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENETDOWN":
    case "EADDRNOTAVAIL":
      return unreachable(attempt, `There is no route to ${far}.`, ["Check the network, or the VPN."]);
    default:
      return isMalformed(code) ? malformed(attempt, code) : undefined;
  }
}

function nameOf({ variable, url }: ProxyServer): string {
  return `the proxy of ${variable} (${url})`;
}

function isMalformed(code: string): boolean {
  return /^(HPE_|Z_|ERR_BROTLI|UND_ERR_(HEADERS_OVERFLOW|RES_|RESPONSE|NOT_SUPPORTED))/.test(code);
}

function malformed({ url }: Attempt, code: string): ProviderError {
  return new ProviderError("protocol", `The answer of ${url.host} makes no sense.`, {
    reason: `What came back is not HTTP as it should be (${code}).`,
  });
}

function unreachable(
  { url, reached = false }: Attempt,
  reason: string,
  next: readonly string[] = [],
): ProviderError {
  const message = reached
    ? `The answer of ${url.host} broke off before its end.`
    : `${url.host} cannot be reached.`;
  return new ProviderError("unreachable", message, { reason, next });
}

function proxyAnswer(causes: readonly Cause[], proxy: ProxyServer, url: URL): ProviderError | undefined {
  for (const { message } of causes) {
    const status = /Proxy response \((\d+)\)/.exec(message)?.[1] ?? /\((407)\)$/.exec(message)?.[1];
    if (status !== undefined) return proxyRefused(Number(status), proxy, url);
  }
  return undefined;
}

interface Cause {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
}

// `fetch` hides the reason behind "fetch failed"; a host with several addresses has one error for each.
function chain(error: unknown, depth = 0): Cause[] {
  if (!(error instanceof Error) || depth > 6) return [];
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const inner = error instanceof AggregateError ? error.errors : [];
  const deeper = [error.cause, ...inner].flatMap((cause) => chain(cause, depth + 1));
  return [{ name: error.name, code, message: error.message }, ...deeper];
}
