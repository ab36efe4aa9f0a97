import { printable } from "@meshauth/provider-api";

/** Either what was read, or why it cannot be used: a clause that completes "it …". */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks the base address of a remote provider: https, or http to loopback. A path prefix stays, trailing
 * slashes go.
 *
 * The text is looked at before it is parsed, because the WHATWG parser mends what must not pass: it drops
 * line breaks, turns backslashes into slashes and accepts a scheme without slashes.
 */
export function checkAddress(text: string): Checked<string> {
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)) return refuse("has spaces, backslashes or control characters");
  if (!/^https?:\/\/[^/?#]/i.test(text)) return refuse("is not an absolute http or https address");
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return refuse("has a user name or password in it");
  if (/[?#]/.test(text)) return refuse("has a query or fragment in it");
  const url = parse(text);
  if (url === undefined) return refuse("is not an absolute http or https address");
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    return refuse("is not https, which only an address of this machine may do without");
  }
  return { ok: true, value: url.href.replace(/\/+$/, "") };
}

/**
 * Checks the name that Meshery Servers know a provider by. It travels in a cookie, so what would end or
 * split one is refused; white space that gets lost would make another name of it.
 */
export function checkName(text: string): Checked<string> {
  if (text === "" || text.length > 64) return refuse("is not 1 to 64 characters long");
  if (/[;,"\\]/.test(text)) return refuse("has a semicolon, comma, quote or backslash in it");
  if (printable(text) !== text) return refuse("has control characters or needless white space in it");
  return { ok: true, value: text };
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
