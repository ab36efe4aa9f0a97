import { timingSafeEqual } from "node:crypto";
import { rawValues } from "./query.js";

/**
 * What may follow the nonce. The longer ones are for providers that append the path of a Meshery Server's
 * own callback to whatever address they were given.
 */
const SUFFIXES: ReadonlySet<string> = new Set(["", "/", "/api/user/token", "/api/user/token/"]);

/** The names that a browser may have for the receiver, in a `Host` field or an address bar. */
const NAMES = ["localhost", "127.0.0.1", "[::1]"] as const;

/** A redirect address that can be registered: RFC 8252 section 7.3. */
const REGISTERED = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(\/[!-~]*)?$/i;

/** The parameter that holds the secret where the path is known to everybody. */
const STATE = "state";

/** The one address that counts: host, port, and a secret, in the path or beside it. */
export interface CallbackAddress {
  readonly redirectUri: string;
  /** Host and port, in lower case, as they appear in `Host` (RFC 9110 section 7.2). */
  readonly authorities: ReadonlySet<string>;
  /** Whether a raw path, without percent-decoding or dot-segment handling, and its raw query are the callback's. */
  matches(path: string, query: string): boolean;
  /** Whether a person may paste an address of this receiver whose path is another one. */
  readonly pathMayDiffer: boolean;
}

/** A redirect address as it is registered at a provider. */
export interface RegisteredAddress {
  readonly host: string;
  /** Absent: any. */
  readonly port?: number;
  /** As it was written; it may be empty. */
  readonly path: string;
}

/** Reads a redirect address; `undefined` when it is none of this machine. */
export function readRegistered(text: string): RegisteredAddress | undefined {
  const [, host, port, path = ""] = REGISTERED.exec(text) ?? [];
  if (host === undefined || /[?#]/.test(path)) return undefined;
  // A browser comes back to the path as it understands it, without `..` and with `/` for a backslash.
  if (new URL(`http://localhost${path}`).pathname !== (path || "/")) return undefined;
  if (port === undefined) return { host, path };
  const number = Number(port);
  return number > 0 && number < 65_536 ? { host, port: number, path } : undefined;
}

/** Puts the address together, with a secret path. `nonce` is what makes it a secret. */
export function callbackAddress(providerId: string, nonce: string, port: number): CallbackAddress {
  const prefix = `/cb/${providerId}/`;
  return {
    redirectUri: `http://localhost:${port}${prefix}${nonce}`,
    authorities: authoritiesOf(port),
    pathMayDiffer: true,
    matches(path) {
      if (!path.startsWith(prefix)) return false;
      const end = prefix.length + nonce.length;
      return SUFFIXES.has(path.slice(end)) && sameText(path.slice(prefix.length, end), nonce);
    },
  };
}

/** Puts an address together whose path is known: `nonce` has to come back as `state`, once. */
export function registeredAddress(
  { host, path: registered }: RegisteredAddress,
  nonce: string,
  port: number,
): CallbackAddress {
  return {
    redirectUri: `http://${host}:${port}${registered}`,
    authorities: authoritiesOf(port),
    // The secret is in the query, and has to be there.
    pathMayDiffer: false,
    matches(path, query) {
      const [state, ...more] = rawValues(query, STATE);
      return (
        path === (registered || "/") && state !== undefined && more.length === 0 && sameText(state, nonce)
      );
    },
  };
}

function authoritiesOf(port: number): ReadonlySet<string> {
  return new Set(NAMES.flatMap((name) => (port === 80 ? [`${name}:80`, name] : [`${name}:${port}`])));
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
