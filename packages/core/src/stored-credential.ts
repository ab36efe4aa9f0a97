import type { Details } from "@meshauth/auth-store";
import type { Credential } from "@meshauth/provider-api";
import {
  flawOfServerName,
  formatAuthJson,
  parseAuthJson,
  parseToken,
  storedToken,
} from "@meshauth/provider-api/format";
import { MeshauthError } from "./errors/error.js";
import { inspectUrl } from "./http/index.js";

const OWN_MEMBERS = new Set(["meshery-provider", "token"]);

/** A credential in the form in which it is stored and in which a Meshery Server is asked about it. */
export interface StoredCredential {
  readonly serverName: string;
  /** Empty for a login without an account. */
  readonly token: string;
  /** Everything for `auth.json`. */
  readonly members: ReadonlyMap<string, string>;
  /** Address of the server that made it, where the provider says; not in `auth.json`. */
  readonly origin?: string;
}

/**
 * Checks what a provider returned and gives it the stored form.
 *
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_BROKEN` when it is not what the contract says.
 */
export function toStored(credential: Credential, packageName: string): StoredCredential {
  const flaw = flawOf(credential);
  if (flaw !== undefined) throw broken(packageName, flaw);
  try {
    const { serverName, origin } = credential;
    const token = storedToken(credential);
    const members = new Map([
      ...Object.entries(credential.members ?? {}),
      ["meshery-provider", serverName],
      ["token", token],
    ] as const);
    // What mesheryctl could not read is never written, whatever a provider thinks of it.
    parseAuthJson(formatAuthJson(members));
    return { serverName, token, members, ...(origin === undefined ? {} : { origin }) };
  } catch (error) {
    throw broken(packageName, "what cannot be stored", error);
  }
}

/**
 * A stored credential as a provider is handed it again.
 *
 * @param members - All of the file, where it comes from one.
 * @param kept - What is kept beside the file, where it is known.
 */
export function toCredential(
  { serverName, token, members }: Pick<StoredCredential, "serverName" | "token"> & Partial<StoredCredential>,
  { providerUrl: origin, settings }: Pick<Details, "providerUrl" | "settings"> = {},
): Credential {
  const others = [...(members ?? [])].filter(([name]) => !OWN_MEMBERS.has(name));
  const more = {
    ...(origin === undefined ? {} : { origin }),
    ...(settings === undefined ? {} : { settings }),
    ...(others.length === 0 ? {} : { members: Object.fromEntries(others) }),
  };
  return token === ""
    ? { kind: "local", serverName, ...more }
    : { kind: "token", serverName, token, ...more };
}

function broken(packageName: string, flaw: string, cause?: unknown): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PROVIDER_BROKEN", {
    message: `The provider of ${packageName} returned ${flaw}.`,
    why: "What a provider returns is checked before anything is written.",
    cause,
  });
}

function flawOf(credential: Credential): string | undefined {
  const { serverName, origin } = credential ?? {};
  if (typeof serverName !== "string" || flawOfServerName(serverName) !== undefined) {
    return "a provider name that no server can be sent";
  }
  if (origin !== undefined && inspectUrl(origin, {}).kind === "refused")
    return "an address that cannot be used";
  return flawOfToken(credential) ?? flawOfMembers(credential.members) ?? flawOfSettings(credential.settings);
}

function flawOfToken(credential: Credential): string | undefined {
  switch (credential.kind) {
    case "local":
      return undefined;
    case "oauth2": {
      const { accessToken, refreshToken, tokenType, expiry } = credential;
      if (typeof accessToken !== "string" || accessToken === "") return "no access token";
      const others = [refreshToken, tokenType, expiry];
      if (others.some((part) => part !== undefined && typeof part !== "string"))
        return "a part of a token that is no text";
      return expiry !== undefined && Number.isNaN(Date.parse(expiry))
        ? "an expiry that is no time"
        : undefined;
    }
    case "token": {
      if (typeof credential.token !== "string" || credential.token === "") return "no token";
      const form = parseToken(credential.token);
      return form.form === "invalid" ? `a token that cannot be used: ${form.reason}` : undefined;
    }
    default:
      return "a credential of an unknown kind";
  }
}

/** What a provider may have kept beside the file: texts, characters of a name and of a value. */
const MOST_SETTINGS = { texts: 32, name: 64, value: 2_048 };

function flawOfSettings(settings: Credential["settings"]): string | undefined {
  if (settings === undefined) return undefined;
  if (typeof settings !== "object" || settings === null) return "settings that are no texts";
  const entries: [string, unknown][] = Object.entries(settings);
  if (entries.length > MOST_SETTINGS.texts) return "more settings than are kept";
  for (const [name, value] of entries) {
    if (typeof value !== "string" || name === "__proto__") return "a setting that is no text";
    if (name.length > MOST_SETTINGS.name || value.length > MOST_SETTINGS.value)
      return "a setting that is too long";
  }
  return undefined;
}

function flawOfMembers(members: Credential["members"]): string | undefined {
  for (const [name, value] of Object.entries(members ?? {})) {
    if (typeof value !== "string") return "a member that is no text";
    if (OWN_MEMBERS.has(name)) return "a member that meshauth writes itself";
  }
  return undefined;
}
