import type { Credential, Host, Revocation } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { failureOf, senseless } from "./answer.js";
import { discover } from "./metadata.js";
import { originOf } from "./origin.js";
import { post } from "./tokens.js";

/** Ends a sign-in at Lantern (RFC 7009). API tokens end on Lantern's page only, so that is where people are sent. */
export async function revoke(credential: Credential, host: Host): Promise<Revocation> {
  const origin = originOf(credential);
  const { refreshToken } = inspectToken(storedToken(credential));
  if (refreshToken === undefined) return { outcome: "not-supported", page: `${origin}/tokens` };
  const { revocation } = await discover(origin, host);
  const answer = await post(revocation, { token: refreshToken }, host);
  if (answer.status !== 200) throw failureOf(answer);
  // A web page is what something on the way says, and no confirmation.
  if (answer.text.trimStart().startsWith("<")) throw senseless("It answered with a web page.");
  return { outcome: "revoked" };
}
