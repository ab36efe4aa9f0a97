import { type Host, type OAuth2Credential, ProviderError, printable } from "@meshauth/provider-api";
import type { TokenEndpointResponse } from "oauth4webapi";

/** The last moment that RFC 3339 can write. */
const LAST = Date.UTC(9999, 11, 31);

/** The parts of a token response that are stored. @throws {@link ProviderError} `protocol` */
export function tokenParts(
  tokens: TokenEndpointResponse,
  issuer: string,
  host: Host,
): Pick<OAuth2Credential, "accessToken" | "refreshToken" | "expiry" | "tokenType"> {
  const { access_token, refresh_token, expires_in, token_type, id_token } = tokens;
  for (const secret of [access_token, refresh_token, id_token]) if (secret !== undefined) host.secret(secret);
  if (token_type.toLowerCase() !== "bearer") {
    throw senseless(
      issuer,
      `Its token is of the type "${printable(token_type, 40)}", which no Meshery Server takes.`,
    );
  }
  for (const token of [access_token, refresh_token]) {
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
      throw senseless(issuer, "Its token has characters that no token may have.");
    }
  }
  const end = expires_in === undefined ? undefined : host.now().getTime() + expires_in * 1000;
  return {
    accessToken: access_token,
    tokenType: "bearer",
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(end === undefined || end > LAST ? {} : { expiry: new Date(end).toISOString() }),
  };
}

function senseless(issuer: string, reason: string): ProviderError {
  return new ProviderError("protocol", `${printable(issuer)} gives an answer that is refused.`, { reason });
}
