import { isLocalName } from "@meshauth/provider-api/format";
import { MeshauthError } from "../errors/error.js";
import type { CredentialFile } from "../locate.js";
import { cookieHeader, obstacleTo } from "../meshery-server/cookie.js";
import type { FreshCredential } from "./fresh-as-it-is.js";
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
  accessToken,
  serverName,
  expiresAt,
  refreshable,
  target,
  source,
}: FreshCredential<CredentialFile>): CredentialDocument {
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
 *   `MESHAUTH_E_USAGE` where the provider's name is needed and not known; `MESHAUTH_E_DAMAGED` for what would not
 *   stay on its line, or could not be sent.
 */
export function tokenText(credential: FreshCredential<CredentialFile>, format: TokenFormat): string {
  const { token, serverName } = credential;
  switch (format) {
    case "raw":
      return requireToken(credential).token;
    case "access":
      return requireToken(credential).accessToken;
    case "header":
      return `Authorization: Bearer ${requireToken(credential).accessToken}`;
    case "cookie":
      return cookieHeader({ token, serverName: requireName(credential) });
    case "env":
      return [
        `MESHERY_API_TOKEN=${requireToken(credential).token}`,
        ...(serverName === undefined ? [] : [`MESHERY_PROVIDER=${requireName(credential)}`]),
      ].join("\n");
    case "json":
      return JSON.stringify(credentialDocument(credential));
  }
}

/**
 * The token and the access token in it, each fit for one line.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` where there is none, `MESHAUTH_E_DAMAGED`.
 */
export function requireToken({
  token,
  accessToken,
  serverName = "",
  source,
}: Pick<FreshCredential, "token" | "accessToken" | "serverName" | "source">): {
  readonly token: string;
  readonly accessToken: string;
} {
  if (accessToken === undefined) {
    throw new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", {
      message: isLocalName(serverName)
        ? `This sign-in (${serverName}) is without an account, so there is no token.`
        : "The credential holds no access token.",
      why: "Only a sign-in at a provider with accounts has one.",
    });
  }
  for (const text of [token, accessToken]) {
    if (!ONE_WORD.test(text)) throw unusable(source, "The token has characters that no token may have.");
  }
  return { token, accessToken };
}

/** Visible ASCII: what a token consists of (RFC 6749 appendix A.12), and what cannot end a line or a word. */
const ONE_WORD = /^[\x21-\x7e]+$/;

function requireName({ serverName, token, source }: FreshCredential<CredentialFile>): string {
  if (serverName === undefined) {
    throw unknownOwner(
      "MESHERY_PROVIDER is not set, and a Meshery Server takes no token without its provider's name.",
    );
  }
  const obstacle = obstacleTo({ serverName, token });
  if (obstacle !== undefined) throw unusable(source, obstacle.message);
  return serverName;
}

function unusable(source: FreshCredential["source"], why: string): MeshauthError {
  return source === "file"
    ? new MeshauthError("MESHAUTH_E_DAMAGED", { message: "The credential cannot be used.", why })
    : new MeshauthError("MESHAUTH_E_USAGE", {
        message: "The credential of the environment cannot be used.",
        why,
        next: ["Correct MESHERY_API_TOKEN and MESHERY_PROVIDER, or unset them."],
      });
}
