import type { ProviderErrorCode } from "@meshauth/provider-api";

/** What an error code of the protocol means to a person. */
export interface Refusal {
  readonly code: ProviderErrorCode;
  /** What it means, as a sentence. */
  readonly means: string;
  /** What to change. */
  readonly next?: string;
}

const DECLINED: Refusal = {
  code: "denied",
  means: "The sign-in was turned down, by you or by a rule of the server.",
};

const UNKNOWN_RESOURCE: Refusal = {
  code: "denied",
  means: "The server does not know the resource, or does not let the client use it.",
  next: "Check --resource and --audience.",
};

const BOUND_TOKENS: Refusal = {
  code: "denied",
  means: "The server wants a token that is bound to a key (DPoP), which is not supported here.",
  next: "Turn that requirement off for the client at the server.",
};

/**
 * The error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1, RFC 8628 section 3.5, RFC 8707
 * section 2, RFC 6750 section 3.1, RFC 9449 section 5 and OpenID Connect Core section 3.1.2.6; and what Microsoft Entra
 * says instead of some of them.
 */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["access_denied", DECLINED],
  ["authorization_declined", DECLINED],
  [
    "invalid_client",
    {
      code: "denied",
      means:
        "The server does not know the client, or its secret or key is not the right one: a public client has none, any other has one.",
      next: "Check --client-id, the client's secret or key, and whether the server has the client as a public one; a secret may have to be sent with --client-auth client_secret_post.",
    },
  ],
  [
    "unauthorized_client",
    {
      code: "denied",
      means: "The client may not sign in in this way.",
      next: "Allow the authorization code or the device grant for the client at the server, or try the other --flow.",
    },
  ],
  [
    "invalid_grant",
    { code: "denied", means: "What was presented has ended, has been used before, or was revoked." },
  ],
  ["invalid_token", { code: "denied", means: "The token has ended, or was revoked." }],
  [
    "insufficient_scope",
    { code: "denied", means: "The token is not good for that.", next: "Sign in with --scope openid." },
  ],
  [
    "invalid_scope",
    { code: "denied", means: "The server does not grant what was asked for.", next: "Check --scope." },
  ],
  ["invalid_target", UNKNOWN_RESOURCE],
  ["invalid_resource", UNKNOWN_RESOURCE],
  ["invalid_dpop_proof", BOUND_TOKENS],
  [
    "unsupported_response_type",
    { code: "denied", means: "The client may not use authorization codes.", next: "Try --flow device." },
  ],
  [
    "unsupported_grant_type",
    {
      code: "denied",
      means: "The server does not offer this flow to the client.",
      next: "Try the other --flow.",
    },
  ],
  [
    "invalid_request",
    {
      code: "protocol",
      means: "The server does not understand what was asked, or misses something in it.",
      next: "Check --resource, --audience and --extra, whether the server wants a secret of the client, and whether the client may use this --flow.",
    },
  ],
  [
    "login_required",
    { code: "denied", means: "Nobody is signed in there.", next: "Leave out --prompt none." },
  ],
  [
    "interaction_required",
    { code: "denied", means: "The server has to ask you something.", next: "Leave out --prompt none." },
  ],
  [
    "consent_required",
    {
      code: "denied",
      means: "The server has to ask for your consent.",
      next: "Sign in with --prompt consent.",
    },
  ],
  [
    "account_selection_required",
    {
      code: "denied",
      means: "The server has to ask which account you mean.",
      next: "Sign in with --prompt select_account.",
    },
  ],
  ["expired_token", { code: "expired", means: "The code was not entered in time." }],
  ["bad_verification_code", { code: "expired", means: "The server does not know the code any more." }],
  ["unsupported_token_type", { code: "protocol", means: "The server does not revoke this kind of token." }],
  ["server_error", { code: "unreachable", means: "The server is out of order.", next: "Try again later." }],
  [
    "temporarily_unavailable",
    {
      code: "unreachable",
      means: "The server is too busy, or being looked after.",
      next: "Try again later.",
    },
  ],
]);

/** What an error code means; one that is not known is the server's no. */
export function refusalFor(error: string): Refusal {
  return REFUSALS.get(error) ?? { code: "denied", means: "The server did not say what that means." };
}
