import type { Credential, Host, Provider, TokenCredential } from "@meshauth/provider-api";
import { encodeEnvelope } from "@meshauth/provider-api/format";
import layer5 from "../../src/index.js";

const provider: Provider = layer5;

/** A time that has passed, and one that none of us will see. */
export const OVER = "2020-01-01T00:00:00Z";
export const AHEAD = "2999-01-01T00:00:00Z";

/** A token envelope around a made-up access token. */
export function envelope(access: string, more: { refreshToken?: string; expiry?: string } = {}): string {
  return encodeEnvelope({ accessToken: access, ...more });
}

/** An envelope that has to be renewed. */
export const OLD: string = envelope("old-access-token", { refreshToken: "old-refresh-token", expiry: OVER });

/** {@link OLD} as the login at a provider left it. */
export function oldAt(origin: string): TokenCredential {
  return { kind: "token", serverName: "Layer5", token: OLD, origin };
}

/** A JWT that nobody signed. */
export function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** What the provider makes of a credential that is to be renewed. */
export async function renewed(credential: Credential, host: Host): Promise<TokenCredential> {
  return (await provider.refresh?.(credential, host)) as TokenCredential;
}
