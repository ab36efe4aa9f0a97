import type { CredentialState, Details } from "@meshauth/auth-store";
import type { Account, Credential } from "@meshauth/provider-api";
import { encodeEnvelope, inspectToken, parseToken } from "@meshauth/provider-api/format";
import { MeshauthError } from "./errors/error.js";
import { printable } from "./text.js";

const LONGEST_NAME = 64;
const LONGEST_TOKEN = 32 * 1024;
const OWN_MEMBERS = new Set(["meshery-provider", "token"]);
const LOCAL_NAMES = new Set(["none", "local"]);

/** A credential in the form in which it is stored and in which a Meshery Server is asked about it. */
export interface StoredCredential {
  readonly serverName: string;
  /** Empty for a local provider. */
  readonly token: string;
  /** Everything for `auth.json`. */
  readonly members: ReadonlyMap<string, string>;
}

/** Whether a provider name is one of the two that stand for Meshery's built-in local provider. */
export function isLocalName(serverName: string): boolean {
  return LOCAL_NAMES.has(serverName.toLowerCase());
}

/**
 * Checks what a provider returned and gives it the stored form.
 *
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_BROKEN` when it is not what the contract says.
 */
export function toStored(credential: Credential, packageName: string): StoredCredential {
  const serverName = credential?.serverName;
  const flaw =
    typeof serverName !== "string" || serverName !== printable(serverName, LONGEST_NAME) || serverName === ""
      ? "a provider name that cannot be stored"
      : (flawOfToken(credential) ?? flawOfMembers(credential.members));
  if (flaw !== undefined) {
    throw new MeshauthError("MESHAUTH_E_PROVIDER_BROKEN", {
      message: `The provider of ${packageName} returned ${flaw}.`,
      why: "What a provider returns is checked before anything is written.",
    });
  }
  const token = tokenOf(credential);
  return {
    serverName,
    token,
    members: new Map([
      ...Object.entries(credential.members ?? {}),
      ["meshery-provider", serverName],
      ["token", token],
    ]),
  };
}

/** A stored credential as a provider is handed it again. `origin` is the provider's address, where it is known. */
export function toCredential(
  { serverName, token }: Pick<StoredCredential, "serverName" | "token">,
  origin: string | undefined,
): Credential {
  if (token === "") return { kind: "local", serverName };
  return { kind: "token", serverName, token, ...(origin === undefined ? {} : { origin }) };
}

function tokenOf(credential: Credential): string {
  if (credential.kind === "local") return "";
  if (credential.kind === "token") return credential.token;
  const { accessToken, refreshToken, tokenType, expiry } = credential;
  return encodeEnvelope({
    accessToken,
    ...(tokenType === undefined ? {} : { tokenType }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiry === undefined ? {} : { expiry }),
  });
}

function flawOfToken(credential: Credential): string | undefined {
  switch (credential.kind) {
    case "local":
      return undefined;
    case "oauth2":
      if (typeof credential.accessToken !== "string" || credential.accessToken === "")
        return "no access token";
      if (credential.expiry !== undefined && Number.isNaN(Date.parse(credential.expiry)))
        return "an expiry that is no time";
      return undefined;
    case "token": {
      if (typeof credential.token !== "string" || credential.token === "") return "no token";
      if (credential.token.length > LONGEST_TOKEN) return "a token that is too long";
      const form = parseToken(credential.token);
      return form.form === "invalid" ? `a token that cannot be used: ${form.reason}` : undefined;
    }
    default:
      return "a credential of an unknown kind";
  }
}

function flawOfMembers(members: Credential["members"]): string | undefined {
  for (const [name, value] of Object.entries(members ?? {})) {
    if (typeof value !== "string") return "a member that is no text";
    if (OWN_MEMBERS.has(name)) return "a member that meshauth writes itself";
  }
  return undefined;
}

/** What `auth.json` says, judged at a moment. */
export type Standing = "valid" | "refreshable" | "expired" | "local" | "logged-out" | "damaged" | "unknown";

/** Judges a credential file offline. Nothing is verified. */
export function standingOf(current: CredentialState, now: Date): Standing {
  if (current.state === "missing" || current.state === "logged-out") return "logged-out";
  if (current.state === "damaged" || current.members.size === 0) return "damaged";
  const { serverName = "", token = "" } = current;
  if (token === "") return isLocalName(serverName) ? "local" : "logged-out";
  if (serverName === "") return "unknown";
  return standingOfToken(token, now);
}

/** Judges a token offline by its expiry. A token without one is long-lived. */
export function standingOfToken(token: string, now: Date): "valid" | "refreshable" | "expired" | "unknown" {
  const { form, refreshable, expiresAt } = inspectToken(token);
  if (form === "none" || form === "opaque") return parseToken(token).form === "invalid" ? "unknown" : "valid";
  if (expiresAt === undefined || expiresAt.getTime() > now.getTime()) return "valid";
  return refreshable ? "refreshable" : "expired";
}

/**
 * Whether a stored credential and a new one belong to the same account, as far as it can be known offline:
 * by the account that was confirmed when it was stored, else by the tokens' subjects.
 */
export function isSameAccount(
  old: { readonly token: string; readonly details: Details | undefined },
  fresh: { readonly token: string; readonly account: Account | null },
): boolean {
  if (old.token === fresh.token) return true;
  const known = old.details?.account?.id;
  if (known !== undefined && fresh.account !== null) return known === fresh.account.id;
  const subject = inspectToken(old.token).subject;
  return subject !== undefined && subject === inspectToken(fresh.token).subject;
}
