import type { Credential, Host, Revocation } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import * as oauth from "oauth4webapi";
import { connect } from "./connection.js";
import { wording } from "./problem.js";
import { remembered } from "./remembered.js";

/**
 * Ends a credential at the server (RFC 7009), by its refresh token where there is one: with it the access tokens
 * end, too.
 *
 * @throws {@link ProviderError} `unreachable`, `denied`, `protocol`
 */
export async function revoke(credential: Credential, host: Host): Promise<Revocation> {
  const { accessToken, refreshToken } = inspectToken(storedToken(credential));
  const token = refreshToken ?? accessToken;
  if (token === undefined) return { outcome: "not-supported" };
  host.secret(token);
  const { settings } = remembered(credential, host);
  return wording(settings.issuer.href, async () => {
    const { server, client, auth, http } = await connect(settings, host);
    if (server.revocation_endpoint === undefined) return { outcome: "not-supported" };
    const hint = refreshToken === undefined ? "access_token" : "refresh_token";
    const answer = await oauth.revocationRequest(server, client, auth, token, {
      ...http,
      additionalParameters: { token_type_hint: hint },
    });
    try {
      await oauth.processRevocationResponse(answer);
      return { outcome: "revoked" };
    } catch (error) {
      const { error: said } = error as { error?: unknown };
      // RFC 7009 section 2.2.1.
      if (said === "unsupported_token_type") return { outcome: "not-supported" };
      throw error;
    }
  });
}
