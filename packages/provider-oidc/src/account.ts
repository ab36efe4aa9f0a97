import type { Account, Credential } from "@meshauth/provider-api";

/** Claims about a person: OpenID Connect Core section 5.1. */
type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

// A login's own question whose credential it is comes right after it, with the very same object. Where the server
// cannot be asked, the ID token, which has just been checked, has the answer. It is stored nowhere.
const justSignedIn = new WeakMap<Credential, Account>();

/** Reads an account from the claims of an ID token or of userinfo. */
export function readAccount(claims: Claims): Account {
  const name = first(claims["name"], claims["preferred_username"], claims["nickname"]);
  const email = first(claims["email"]);
  return {
    id: claims.sub,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}

/** Keeps whose credential it is for as long as this process has the object. */
export function keepAccount(credential: Credential, claims: Claims | undefined): void {
  if (claims !== undefined) justSignedIn.set(credential, readAccount(claims));
}

/** What {@link keepAccount} kept. */
export function keptAccount(credential: Credential): Account | undefined {
  return justSignedIn.get(credential);
}

function first(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value.trim() !== "");
}
