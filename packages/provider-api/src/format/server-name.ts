const LONGEST_NAME = 64;
const WORDS = /^[!-~]+(?: [!-~]+)*$/;
const NOT_IN_A_COOKIE = /[;"\\]/;

/**
 * Why a text cannot be a provider's name, the value of `meshery-provider`. Every request to a Meshery Server
 * carries it in a cookie (RFC 6265 section 4.1.1), so it has what Go's reader leaves as it is: visible ASCII
 * without the quote, the semicolon and the backslash. Single spaces inside are allowed; such a value is quoted.
 *
 * @returns A clause that completes "the name …"; `undefined` when it is in order.
 */
export function flawOfServerName(name: string): string | undefined {
  if (name === "" || name.length > LONGEST_NAME) return `is not 1 to ${LONGEST_NAME} characters long`;
  if (NOT_IN_A_COOKIE.test(name)) return "has a semicolon, quote or backslash";
  if (WORDS.test(name)) return undefined;
  return /^[ -~]+$/.test(name)
    ? "has needless spaces"
    : "has characters other than visible ASCII, which no server can be sent";
}

/** Whether a provider's name is one of the two that stand for Meshery's built-in local provider. */
export function isLocalName(name: string): boolean {
  return ["none", "local"].includes(name.toLowerCase());
}
