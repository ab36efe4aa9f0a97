import {
  type Credential,
  type Host,
  isProviderError,
  ProviderError,
  printable,
} from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import * as oauth from "oauth4webapi";
import { optional } from "./browser.js";
import { atTimeOf, connect } from "./connection.js";
import { tokenParts } from "./credential.js";
import { checkIdToken, refusedToken } from "./id-token.js";
import { issuerText } from "./issuer.js";
import { withKeys } from "./keys.js";
import { inWords } from "./problem.js";
import { remembered } from "./remembered.js";

/**
 * Renews a credential by its refresh token (RFC 6749 section 6). Where the server gives a new refresh token that
 * one is kept, else the old one stays.
 *
 * @throws {@link ProviderError} `expired` without a refresh token, `denied` when the person has to sign in again,
 *   `unreachable` and `protocol` when it can be tried again.
 */
export async function refresh(credential: Credential, host: Host): Promise<Credential> {
  const { refreshToken } = inspectToken(storedToken(credential));
  if (refreshToken === undefined) {
    throw new ProviderError("expired", "The token has no refresh token, so it cannot be renewed.");
  }
  host.secret(refreshToken);
  const { settings, subject } = remembered(credential);
  try {
    const found = await connect(settings, host);
    // Whoever gave an ID token at the login may give one now.
    const connection = subject === undefined ? found : await withKeys(found);
    const { server, client, auth, http } = connection;
    const answer = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, {
      ...http,
      additionalParameters: optional({ resource: settings.resource, scope: settings.scope }),
    });
    // The refresh token may be spent by now: a clock that is wrong here must not cost the one that came for it.
    const timed = { ...connection, client: atTimeOf(answer, client) };
    const tokens = await oauth.processRefreshTokenResponse(server, timed.client, answer);
    const claims = await checkIdToken(timed, answer, tokens);
    // OpenID Connect Core section 12.2.
    if (claims !== undefined && subject !== undefined && claims.sub !== subject) {
      throw refusedToken(server, "it is another person's");
    }
    const { serverName, origin, settings: kept, members } = credential;
    return {
      kind: "oauth2",
      serverName,
      refreshToken,
      ...tokenParts(tokens, server.issuer, host),
      ...(origin === undefined ? {} : { origin }),
      ...(kept === undefined ? {} : { settings: kept }),
      ...(members === undefined ? {} : { members }),
    };
  } catch (error) {
    throw lasting(error, await inWords(error, issuerText(settings.issuer)), credential);
  }
}

/**
 * A no counts for good, and `invalid_grant` alone is one: a client that is not known, or a secret that is wrong,
 * can be mended while the refresh token stays good.
 */
function lasting(error: unknown, problem: unknown, credential: Credential): unknown {
  if (!isProviderError(problem)) return problem;
  const { reason, next } = problem;
  const issuer = printable(credential.origin ?? "");
  const again = { ...(reason === undefined ? {} : { reason }), cause: error, next: ["meshauth login oidc"] };
  if (reason?.startsWith('It said "invalid_request"')) {
    return new ProviderError("protocol", `${issuer} did not renew this sign-in.`, again);
  }
  if (problem.code !== "denied") return problem;
  if (reason?.startsWith('It said "invalid_grant"')) {
    return new ProviderError("denied", `${issuer} does not renew this sign-in any more.`, again);
  }
  return new ProviderError("protocol", `${issuer} did not renew this sign-in.`, { ...again, next });
}
