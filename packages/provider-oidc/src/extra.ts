import { usage } from "./usage.js";

/** What the sign-in itself decides: replaced, each of them would undo one of its checks. */
const OWN: ReadonlySet<string> = new Set([
  "audience",
  "client_assertion",
  "client_assertion_type",
  "client_id",
  "client_secret",
  "code_challenge",
  "code_challenge_method",
  "login_hint",
  "max_age",
  "nonce",
  "prompt",
  "redirect_uri",
  "request",
  "request_uri",
  "resource",
  "response_mode",
  "response_type",
  "scope",
  "state",
]);

/**
 * Reads further parameters, written as a query: `access_type=offline&hd=example.org`.
 *
 * @throws {@link ProviderError} `usage`
 */
export function readExtra(text: string | undefined): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text ?? "")) {
    if (!/^[\w.:-]+$/.test(name) || Object.hasOwn(found, name) || name === "__proto__") {
      throw usage(
        "The extra parameters cannot be used.",
        "Each needs a name of its own: NAME=VALUE&NAME=VALUE.",
      );
    }
    if (OWN.has(name)) {
      throw usage(
        `"${name}" cannot be an extra parameter.`,
        "The sign-in sets it itself, or has an option for it.",
      );
    }
    found[name] = value;
  }
  return found;
}
