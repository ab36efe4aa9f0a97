import { type Account, type Credential, type Host, ProviderError } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { ID } from "./about.js";
import { optionalText, readAnswer, textOf } from "./answer.js";
import { discover } from "./metadata.js";
import { originOf } from "./origin.js";

/** Asks whose credential this is (OpenID Connect Core section 5.3). meshauth does so before it stores anything. */
export async function identify(credential: Credential, host: Host): Promise<Account> {
  // In auth.json the parts of an OAuth 2.0 credential are one text; this takes it apart again. An API token is one part.
  const { accessToken } = inspectToken(storedToken(credential));
  if (accessToken === undefined) {
    throw new ProviderError("denied", "There is no token.", { next: [`meshauth login ${ID}`] });
  }
  const { userinfo } = await discover(originOf(credential), host);
  const user = readAnswer(
    await host.fetch(userinfo, { headers: { Authorization: `Bearer ${accessToken}` } }),
  );
  const name = optionalText(user, "name");
  const email = optionalText(user, "email");
  return {
    id: textOf(user, "sub"),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}
