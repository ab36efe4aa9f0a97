import {
  type Credential,
  type Host,
  ProviderError,
  printable,
  type Revocation,
} from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import * as oauth from "oauth4webapi";
import { connect } from "./connection.js";
import { issuerText } from "./issuer.js";
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
  const { settings } = remembered(credential);
  return wording(issuerText(settings.issuer), async () => {
    const { server, client, auth, http } = await connect(settings, host);
    if (server.revocation_endpoint === undefined) return { outcome: "not-supported" };
    const hint = refreshToken === undefined ? "access_token" : "refresh_token";
    const answer = await oauth.revocationRequest(server, client, auth, token, {
      ...http,
      additionalParameters: { token_type_hint: hint },
    });
    // RFC 7009 leaves the body of a success open, but a page is the word of something on the way.
    if (/^\s*text\/html\b/i.test(answer.headers.get("content-type") ?? "")) {
      throw new ProviderError("protocol", `${printable(server.issuer)} gives an answer that is refused.`, {
        reason: "It answered with a web page, which does not say that the token was revoked.",
      });
    }
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
