import type { Host, HostResponse, OAuth2Credential } from "@meshauth/provider-api";
import { CLIENT_ID, SERVER_NAME } from "./about.js";
import { optionalText, readAnswer, senseless, textOf } from "./answer.js";

/** Posts a form, as the endpoints of OAuth 2.0 want it. */
export function post(url: string, form: Readonly<Record<string, string>>, host: Host): Promise<HostResponse> {
  return host.fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...form, client_id: CLIENT_ID }).toString(),
  });
}

/** Asks the token endpoint and reads its answer (RFC 6749 section 5.1). */
export async function requestTokens(
  endpoint: string,
  form: Readonly<Record<string, string>>,
  origin: string,
  host: Host,
): Promise<OAuth2Credential> {
  const body = readAnswer(await post(endpoint, form, host));
  if (textOf(body, "token_type").toLowerCase() !== "bearer")
    throw senseless("Its token is of an unknown type.");
  const refreshToken = optionalText(body, "refresh_token");
  const { expires_in: seconds } = body;
  // More than a century makes no sense, and no date.
  if (typeof seconds !== "number" || !(seconds > 0 && seconds < 3.2e9))
    throw senseless("It does not say how long its token is good.");
  return {
    kind: "oauth2",
    serverName: SERVER_NAME,
    accessToken: textOf(body, "access_token"),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    expiry: new Date(host.now().getTime() + seconds * 1000).toISOString(),
    // What the later calls find it by: they get no options.
    origin,
  };
}
