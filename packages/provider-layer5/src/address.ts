import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";

/** Either what was read, or why it cannot be used: a clause that completes "it …". */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

const FORBIDDEN = new RegExp(`[\\p{Z}\\\\${UNSAFE_CHARACTERS}]`, "u");
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks the base address of a remote provider: https, or http to loopback. A path prefix stays, trailing
 * slashes go.
 *
 * The text is looked at before it is parsed, because the WHATWG parser mends what must not pass: it drops
 * line breaks, turns backslashes into slashes and accepts a scheme without slashes.
 */
export function checkAddress(text: string): Checked<string> {
  if (FORBIDDEN.test(text)) return refuse("has spaces, backslashes or control characters");
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

/** Checks the name that Meshery Servers know a provider by. */
export function checkName(text: string): Checked<string> {
  const flaw = flawOfServerName(text);
  return flaw === undefined ? { ok: true, value: text } : refuse(flaw);
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
