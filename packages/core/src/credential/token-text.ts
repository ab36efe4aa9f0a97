import { inspectToken, isLocalName } from "@meshauth/provider-api/format";
import { MeshauthError } from "../errors/error.js";
import { cookieHeader, obstacleTo } from "../meshery-server/cookie.js";
import type { FreshCredential } from "./fresh.js";
import { unknownOwner } from "./only-remote.js";

/** How a token can be printed. */
export const TOKEN_FORMATS = ["raw", "access", "cookie", "header", "env", "json"] as const;

export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/** A credential for programs: the document of `token --json` and of `credential get`. */
export interface CredentialDocument {
  /** As it is stored, and as Meshery Servers take it. Empty for a login without an account. */
  readonly token: string;
  /** The access token inside, for an `Authorization` header; null for a login without an account. */
  readonly accessToken: string | null;
  readonly tokenType: "Bearer" | null;
  /** The value of `meshery-provider`. */
  readonly provider: string | null;
  /** RFC 3339, or null when the token is not known to end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly context: string | null;
  readonly server: string;
  readonly file: string;
  readonly source: "file" | "environment";
}

/** What programs get of a credential. */
export function credentialDocument({
  token,
  serverName,
  expiresAt,
  refreshable,
  target,
  source,
}: FreshCredential): CredentialDocument {
  const { accessToken } = inspectToken(token);
  return {
    token,
    accessToken: accessToken ?? null,
    tokenType: accessToken === undefined ? null : "Bearer",
    provider: serverName ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    context: target.config.currentContext ?? null,
    server: target.config.server,
    file: target.store.file,
    source,
  };
}

/**
 * The lines that a token is printed as, without the last line break.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` for a login without a token, where one is needed;
 *   `MESHAUTH_E_USAGE` where the provider's name is needed and not known.
 */
export function tokenText(credential: FreshCredential, format: TokenFormat): string {
  const { token, serverName } = credential;
  switch (format) {
    case "raw":
      return requireToken(credential).token;
    case "access":
      return requireToken(credential).accessToken;
    case "header":
      return `Authorization: Bearer ${requireToken(credential).accessToken}`;
    case "cookie":
      return cookieHeader(sendable(token, requireName(serverName)));
    case "env":
      return [
        `MESHERY_API_TOKEN=${requireToken(credential).token}`,
        ...(serverName === undefined ? [] : [`MESHERY_PROVIDER=${serverName}`]),
      ].join("\n");
    case "json":
      return JSON.stringify(credentialDocument(credential));
  }
}

/** @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` */
export function requireToken({ token, serverName = "" }: Pick<FreshCredential, "token" | "serverName">): {
  readonly token: string;
  readonly accessToken: string;
} {
  const { accessToken } = inspectToken(token);
  if (accessToken !== undefined) return { token, accessToken };
  throw new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", {
    message: isLocalName(serverName)
      ? `This sign-in (${serverName}) is without an account, so there is no token.`
      : "The credential holds no access token.",
    why: "Only a sign-in at a provider with accounts has one.",
  });
}

function requireName(serverName: string | undefined): string {
  if (serverName !== undefined) return serverName;
  throw unknownOwner(
    "MESHERY_PROVIDER is not set, and a Meshery Server takes no token without its provider's name.",
  );
}

function sendable(
  token: string,
  serverName: string,
): { readonly serverName: string; readonly token: string } {
  const obstacle = obstacleTo({ serverName, token });
  if (obstacle === undefined) return { serverName, token };
  throw new MeshauthError("MESHAUTH_E_DAMAGED", {
    message: "The credential cannot be sent to a Meshery Server.",
    why: obstacle.message,
  });
}
