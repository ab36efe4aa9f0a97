import type { FreshCredential } from "../credential/index.js";
import { MeshauthError } from "../errors/error.js";
import { loginAgain } from "../login/again.js";
import { printable } from "../text.js";
import type { Verdict } from "./verdict.js";

type Refused = Pick<Extract<Verdict, { readonly kind: "refused" }>, "why" | "message">;

/** The error for a credential that the server does not accept, with what to do about it. */
export function refusal(
  { why, message }: Refused,
  { source, serverName, target, details }: FreshCredential,
): MeshauthError {
  const name = printable(serverName ?? "", 80);
  return new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", {
    message: {
      "unknown-provider": `The Meshery Server does not know the provider${name && ` ${name}`} of this login.`,
      "bad-token": "The Meshery Server does not accept the credential.",
      "no-token": "The Meshery Server asks for a sign-in.",
    }[why],
    why:
      why === "unknown-provider"
        ? `The credential names a provider that ${target.config.server} does not list, or another server is meant.`
        : message,
    next:
      source === "environment"
        ? ["Correct MESHERY_API_TOKEN and MESHERY_PROVIDER, or unset them to use the file."]
        : [loginAgain(details), "meshauth check"],
  });
}
