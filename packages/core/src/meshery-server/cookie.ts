import type { ServerCredential } from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import { type Rebuff, refused } from "./rebuff.js";

// What Go keeps of a cookie's value: printable ASCII without the quote, the semicolon and the backslash.
const COOKIE_TEXT = /^[\x20-\x7e]*$/;
const NOT_IN_A_COOKIE = /["\\;]/;

/** Whether a text can be the value of a cookie, so that the other side reads the same text. */
export function fitsCookie(text: string): boolean {
  return COOKIE_TEXT.test(text) && !NOT_IN_A_COOKIE.test(text);
}

/** Why a credential cannot be sent to any server; `undefined` when it can. */
export function obstacleTo({ serverName, token }: ServerCredential): Rebuff | undefined {
  if (serverName === "") return refused("unknown-provider", "The login names no provider.");
  const flaw = flawOfServerName(serverName);
  if (flaw !== undefined) {
    return refused("unknown-provider", `The provider's name ${flaw}.`);
  }
  if (!fitsCookie(token)) {
    return refused("bad-token", "The token has characters that cannot be sent to a server.");
  }
  return undefined;
}

/**
 * The `Cookie` header by which a Meshery Server knows a caller: the token first, then the provider, as
 * mesheryctl sends them. For the local provider the token is empty; the provider never is.
 *
 * @param credential - One that {@link obstacleTo} does not object to.
 */
export function cookieHeader({ serverName, token }: ServerCredential): string {
  return `token=${quoted(token)}; meshery-provider=${quoted(serverName)}`;
}

// Go quotes a value that has a space or a comma, and its reader takes the quotes off.
function quoted(value: string): string {
  return /[ ,]/.test(value) ? `"${value}"` : value;
}
