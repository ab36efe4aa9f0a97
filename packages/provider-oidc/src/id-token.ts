import { ProviderError, printable } from "@meshauth/provider-api";
import * as oauth from "oauth4webapi";
import type { Connection } from "./connection.js";

/** How far the server's clock may be ahead, in seconds: what oauth4webapi allows the other claims. */
const TOLERANCE = 30;

/** OpenID Connect Core section 2: characters of `sub`, which is kept with the credential. */
const LONGEST_SUB = 255;

/**
 * Finishes the checks of OpenID Connect Core section 3.1.3.7 on the ID token of an answer that oauth4webapi has
 * processed: the signature, which it leaves to its caller where TLS may stand for it, and what is optional there.
 *
 * @param answer - The very answer that was processed.
 * @returns `undefined` when there is no ID token.
 * @throws {@link ProviderError} `protocol`, and the errors of oauth4webapi.
 */
export async function checkIdToken(
  { server, client, http }: Connection,
  answer: Response,
  tokens: oauth.TokenEndpointResponse,
): Promise<oauth.IDToken | undefined> {
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (claims === undefined) return undefined;
  await oauth.validateApplicationLevelSignature(server, answer, http);
  // Number 5: whatever `aud` holds.
  if (claims.azp !== undefined && claims.azp !== client.client_id) {
    throw refusedToken(server, "it was made for another client");
  }
  // Number 10.
  if (claims.iat > Date.now() / 1000 + (client[oauth.clockSkew] ?? 0) + TOLERANCE) {
    throw refusedToken(server, "it was made in the future. The clock of this machine may be slow");
  }
  if (claims.sub.length > LONGEST_SUB) throw refusedToken(server, "its sub is too long");
  return claims;
}

/** The error for an ID token that must not be used. */
export function refusedToken({ issuer }: oauth.AuthorizationServer, reason: string): ProviderError {
  return new ProviderError("protocol", `${printable(issuer)} gives an answer that is refused.`, {
    reason: `The ID token is refused: ${reason}.`,
  });
}
