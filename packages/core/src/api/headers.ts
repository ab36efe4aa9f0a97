import { MeshauthError } from "../errors/error.js";
import { flawOfHeader } from "../http/index.js";
import { printable } from "../text.js";

/** Names that are not the caller's: what they do to a request, meshauth or the transport does. */
const OWN: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/**
 * Reads the headers of a request, each `Name: value`. Values of one name are joined (RFC 9110 section 5.3).
 *
 * @returns values by lower-case name.
 * @throws MeshauthError `MESHAUTH_E_USAGE`, without a value in it: it may be a secret.
 */
export function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw unusable("A header has no name and colon.");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const flaw = flawOfHeader(name, value);
    if (flaw !== undefined) throw unusable(`A header ${flaw}.`);
    if (OWN.has(name)) {
      throw unusable(`The header ${name} is set by meshauth itself.`, `Leave the header ${name} out.`);
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function unusable(why: string, next = 'Write it as --header "Name: value".'): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: "A header cannot be sent.",
    why,
    next: [next],
  });
}

/** The cookies whose value is a token of someone who is signed in. */
const TOKEN_COOKIE = /^(\s*(?:token|session_cookie)\s*=)[^;]+/i;

/** The headers of an answer, fit for a terminal and without the tokens that cookies carry. */
export function shownHeaders(headers: Headers): readonly (readonly [string, string])[] {
  return [...headers].map(([name, value]) => {
    const safe = name === "set-cookie" ? value.replace(TOKEN_COOKIE, "$1[redacted]") : value;
    return [name, printable(safe, Number.POSITIVE_INFINITY)] as const;
  });
}
