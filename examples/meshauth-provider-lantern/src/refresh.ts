import { type Credential, type Host, ProviderError } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { ID } from "./about.js";
import { discover } from "./metadata.js";
import { originOf } from "./origin.js";
import { requestTokens } from "./tokens.js";

/**
 * Renews a sign-in (RFC 6749 section 6). meshauth sees to it that of many processes one asks, and that what comes back is
 * saved before anything else happens: Lantern takes a refresh token once.
 *
 * @throws {@link ProviderError} `expired` for an API token, which has nothing to renew it by; `denied` when Lantern
 *   says no, which meshauth remembers.
 */
export async function refresh(credential: Credential, host: Host): Promise<Credential> {
  const { refreshToken } = inspectToken(storedToken(credential));
  if (refreshToken === undefined) {
    throw new ProviderError("expired", "An API token cannot be renewed.", { next: [`meshauth login ${ID}`] });
  }
  const origin = originOf(credential);
  const { token } = await discover(origin, host);
  const form = { grant_type: "refresh_token", refresh_token: refreshToken };
  const renewed = await requestTokens(token, form, origin, host);
  return {
    ...renewed,
    serverName: credential.serverName,
    refreshToken: renewed.refreshToken ?? refreshToken,
  };
}
