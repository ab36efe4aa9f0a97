import { type Account, type Credential, type Host, ProviderError } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { ID, originOf } from "./about.js";
import { optionalText, readAnswer, textOf } from "./answer.js";

/** Asks whose credential this is: `GET /userinfo` with the access token (OpenID Connect Core section 5.3). */
export async function identify(credential: Credential, host: Host): Promise<Account> {
  const { accessToken } = inspectToken(storedToken(credential));
  if (accessToken === undefined) {
    throw new ProviderError("denied", "There is no token.", { next: [`meshauth login ${ID}`] });
  }
  const answer = await host.fetch(`${originOf(credential)}/userinfo`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  const user = readAnswer(answer);
  const name = optionalText(user, "name");
  const email = optionalText(user, "email");
  return {
    id: textOf(user, "sub"),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}
