import { timingSafeEqual } from "node:crypto";

/**
 * What may follow the nonce. The longer ones are for providers that append the path of a Meshery Server's
 * own callback to whatever address they were given.
 */
const SUFFIXES: ReadonlySet<string> = new Set(["", "/", "/api/user/token", "/api/user/token/"]);

/** The names that a browser may have for the receiver, in a `Host` field or an address bar. */
const NAMES = ["localhost", "127.0.0.1", "[::1]"] as const;

/** The one address that counts: host, port, provider and nonce. */
export interface CallbackAddress {
  readonly redirectUri: string;
  /** Host and port, in lower case, as they appear in `Host` (RFC 9110 section 7.2). */
  readonly authorities: ReadonlySet<string>;
  /** Whether a raw path, without percent-decoding or dot-segment handling, is the callback's. */
  matches(path: string): boolean;
}

/** Puts the address together. `nonce` is what makes it a secret. */
export function callbackAddress(providerId: string, nonce: string, port: number): CallbackAddress {
  const prefix = `/cb/${providerId}/`;
  return {
    redirectUri: `http://localhost:${port}${prefix}${nonce}`,
    authorities: new Set(NAMES.flatMap((name) => (port === 80 ? [`${name}:80`, name] : [`${name}:${port}`]))),
    matches(path) {
      if (!path.startsWith(prefix)) return false;
      const end = prefix.length + nonce.length;
      return SUFFIXES.has(path.slice(end)) && sameText(path.slice(prefix.length, end), nonce);
    },
  };
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
