import { ProviderError } from "@meshauth/provider-api";
import type { ProxyServer } from "./proxy.js";

/**
 * Whether a proxy answered a plain http request by itself, in the place of the server. Of all statuses only 407 tells
 * that (RFC 9110 section 15.5.8). Else it is known by the `error` of `Proxy-Status` (RFC 9209 section 2.1.1), or by
 * the name that squid and tinyproxy put on the pages they write: without it the server would get the blame for a 403
 * or 401 of the proxy.
 */
export function isProxyAnswer(status: number, headers: Headers): boolean {
  if (status === 407) return true;
  if (status < 400) return false;
  if (/;\s*error=/i.test(headers.get("proxy-status") ?? "")) return true;
  return headers.has("x-squid-error") || /^(?:squid|tinyproxy)\b/i.test(headers.get("server") ?? "");
}

/** The error for a proxy that answered in the place of the server, to a request or to CONNECT. */
export function proxyRefused(status: number, proxy: ProxyServer, url: URL): ProviderError {
  const { variable } = proxy;
  // tinyproxy says 401 where a user and password are given, and not the right ones.
  if (status === 407 || status === 401) {
    const given = proxy.authorization === undefined ? "" : ", and not those that are set";
    return new ProviderError("unreachable", `The proxy of ${variable} refused the connection.`, {
      reason: `${proxy.url} wants a user and password (${status})${given}.`,
      next: [`Put them into ${variable}: http://USER:PASSWORD@HOST:PORT, with special characters encoded.`],
    });
  }
  if (status >= 500) {
    return new ProviderError("unreachable", `The proxy of ${variable} cannot reach ${url.host}.`, {
      reason: `${proxy.url} is there, and answered ${status} for want of a way to the host.`,
      next: ["Check the spelling of the address.", `Exempt ${url.hostname} in NO_PROXY if it is near.`],
    });
  }
  return new ProviderError("unreachable", `The proxy of ${variable} refused the connection.`, {
    reason: `${proxy.url} answered ${status}.`,
    next: [`Check ${variable}, or exempt ${url.hostname} in NO_PROXY.`],
  });
}
