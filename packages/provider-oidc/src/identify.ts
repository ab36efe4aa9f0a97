import { type Account, type Credential, type Host, ProviderError, printable } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import * as oauth from "oauth4webapi";
import { keptAccount, readAccount } from "./account.js";
import { connect } from "./connection.js";
import { issuerText } from "./issuer.js";
import { wording } from "./problem.js";
import { remembered } from "./remembered.js";

/**
 * Asks the server's userinfo endpoint whose credential this is (OpenID Connect Core section 5.3). A token for a
 * resource of its own is not accepted there: right after the login the ID token has the answer, later nothing has.
 *
 * @throws {@link ProviderError} `denied`, `unreachable`, `protocol`
 */
export async function identify(credential: Credential, host: Host): Promise<Account> {
  const { settings, subject } = remembered(credential);
  const kept = keptAccount(credential);
  if (kept !== undefined && settings.resource !== undefined) return kept;
  return wording(issuerText(settings.issuer), async () => {
    const { accessToken } = inspectToken(storedToken(credential));
    if (accessToken === undefined) throw new ProviderError("denied", "There is no token.");
    host.secret(accessToken);
    // No client has to be proved for this, so no secret is read.
    const { server, client, http } = await connect({ ...settings, clientAuth: "none" }, host);
    if (server.userinfo_endpoint === undefined || settings.resource !== undefined) {
      if (kept !== undefined) return kept;
      throw cannotTell(server, settings.resource);
    }
    const answer = await oauth.userInfoRequest(server, client, accessToken, http);
    // The token is for something else; whoever has just signed in is known by the ID token.
    if (answer.status === 401 && kept !== undefined) return kept;
    // Of the two, only 403 says more in a challenge (RFC 6750 section 3.1).
    if (answer.status === 401 || (answer.status === 403 && !answer.headers.has("www-authenticate"))) {
      throw new ProviderError("denied", `${printable(server.issuer)} does not accept this sign-in.`, {
        reason: `It answered ${answer.status}: the token has ended, or was revoked.`,
      });
    }
    const claims = await oauth.processUserInfoResponse(
      server,
      client,
      subject ?? oauth.skipSubjectCheck,
      answer,
    );
    if (answer.headers.get("content-type")?.startsWith("application/jwt")) {
      await oauth.validateApplicationLevelSignature(server, answer, http);
    }
    return readAccount(claims);
  });
}

function cannotTell({ issuer }: oauth.AuthorizationServer, resource: string | undefined): ProviderError {
  return new ProviderError("protocol", `${printable(issuer)} cannot be asked whose sign-in this is.`, {
    reason:
      resource === undefined
        ? "It has no userinfo endpoint."
        : `The token is for ${printable(resource)} only.`,
  });
}
