import { ProviderError, UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { printable } from "../text.js";

const LONGEST = 16 * 1024;

// The URL parser drops tabs and line breaks, turns a backslash into a slash and trims spaces: what is
// shown would not be what is meant, so such text is refused before it is parsed.
const forbidden = (): RegExp => new RegExp(`[\\s\\\\${UNSAFE_CHARACTERS}]`, "u");

/** What an address may be. */
export interface UrlRules {
  /** Whether plain http is fine for any host. Without it http goes to loopback only. */
  readonly allowHttp?: boolean;
}

/** What {@link inspectUrl} makes of an address. */
export type UrlVerdict =
  | { readonly kind: "url"; readonly url: URL }
  /** `reason` completes "the address …". It holds nothing of the text. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Whether a host stands for this machine: `localhost`, 127.0.0.0/8 and ::1.
 *
 * @param hostname - As {@link URL.hostname} gives it: an IPv4 address in its usual form, an IPv6 address in
 *   brackets. Names below `.localhost` are left out: not every resolver keeps them on this machine.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Judges the text of an address before anything is sent to it, opened or stored: absolute, https, or http
 * where that is allowed, with a host, without a user or password, and without control characters.
 */
export function inspectUrl(text: string, rules: UrlRules = {}): UrlVerdict {
  if (text === "") return refused("is empty");
  if (text.length > LONGEST) return refused("is longer than 16 KiB");
  if (forbidden().test(text)) return refused("holds spaces, backslashes or control characters");
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined) return refused("does not start with https:// or http://");
  if (authority.includes("@")) return refused("holds a user name or password");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused("is not valid");
  }
  if (url.port === "0") return refused("names port 0");
  if (url.protocol === "http:" && !rules.allowHttp && !isLoopback(url.hostname)) {
    return refused("uses http, which is safe to this machine only; https is needed");
  }
  return { kind: "url", url };
}

/**
 * {@link inspectUrl} for places that cannot go on without an address. Open or send the `href` of what comes
 * back, not the text.
 *
 * @throws {@link ProviderError} `protocol`.
 */
export function checkUrl(text: string | URL, rules: UrlRules = {}): URL {
  const verdict = inspectUrl(String(text), rules);
  if (verdict.kind === "url") return verdict.url;
  throw new ProviderError("protocol", `An address was refused: it ${verdict.reason}.`, {
    reason: `The address ${hint(String(text))}was given by a provider, a server or a setting and is not used.`,
  });
}

/** Scheme and host, if they can be told: all of an address that is never secret. */
function hint(text: string): string {
  const match = /^([a-z][a-z0-9+.-]{0,20}):(?:\/\/(?:[^/?#@]*@)?([^/?#@]+))?/i.exec(text.trim());
  if (match === null) return "";
  const host = match[2] === undefined ? "" : `//${match[2]}`;
  return `(${printable(`${match[1]}:${host}`, 120)}…) `;
}

function refused(reason: string): UrlVerdict {
  return { kind: "refused", reason };
}
