import {
  type Credential,
  type Host,
  type HostResponse,
  type OAuth2Credential,
  ProviderError,
  type Revocation,
} from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { ID, originOf, SERVER_NAME } from "./about.js";
import { failureOf, optionalText, readAnswer, senseless, textOf } from "./answer.js";

/** The name under which the provider knows this program. It has no secret: RFC 8252 section 8.4. */
export const CLIENT_ID = "meshauth";

/** Posts a form, as all endpoints of OAuth 2.0 want it. */
export async function post(
  url: string,
  form: Readonly<Record<string, string>>,
  host: Host,
): Promise<HostResponse> {
  return await host.fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
}

/** Reads a token response (RFC 6749 section 5.1). */
export function readTokens(answer: HostResponse, origin: string, host: Host): OAuth2Credential {
  const body = readAnswer(answer);
  const tokenType = textOf(body, "token_type");
  if (tokenType.toLowerCase() !== "bearer") throw senseless("Its token is of a type that is not understood.");
  const refreshToken = optionalText(body, "refresh_token");
  const lifetime = optionalSeconds(body, "expires_in");
  const end = lifetime === undefined ? undefined : new Date(host.now().getTime() + lifetime);
  return {
    kind: "oauth2",
    serverName: SERVER_NAME,
    accessToken: textOf(body, "access_token"),
    origin,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(end === undefined ? {} : { expiry: end.toISOString() }),
  };
}

/** A member that counts seconds and may be missing, in milliseconds. More than a century makes no sense. */
export function optionalSeconds(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && value > 0 && value < 3.2e9) return value * 1000;
  throw senseless(`Its "${name}" is no number of seconds.`);
}

/** Renews the access token (RFC 6749 section 6). */
export async function refresh(credential: Credential, host: Host): Promise<Credential> {
  const { refreshToken } = inspectToken(storedToken(credential));
  if (refreshToken === undefined) {
    throw new ProviderError("expired", "This sign-in cannot be renewed.", {
      next: [`meshauth login ${ID}`],
    });
  }
  const origin = originOf(credential);
  const form = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: CLIENT_ID };
  const renewed = readTokens(await post(`${origin}/token`, form, host), origin, host);
  // Where no new refresh token comes, the old one stays good.
  return {
    ...renewed,
    refreshToken: renewed.refreshToken ?? refreshToken,
    serverName: credential.serverName,
  };
}

/** Ends the sign-in at the provider (RFC 7009). */
export async function revoke(credential: Credential, host: Host): Promise<Revocation> {
  const { accessToken, refreshToken } = inspectToken(storedToken(credential));
  const token = refreshToken ?? accessToken;
  if (token === undefined) return { outcome: "not-supported" };
  const answer = await post(`${originOf(credential)}/revoke`, { token, client_id: CLIENT_ID }, host);
  if (answer.status !== 200) throw failureOf(answer);
  // A web page is what something on the way says, and no confirmation.
  if (answer.text.trimStart().startsWith("<")) throw senseless("It answered with a web page.");
  return { outcome: "revoked" };
}
