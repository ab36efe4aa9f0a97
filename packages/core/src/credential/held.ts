import type { AuthStore, CredentialState, Details, Glance } from "@meshauth/auth-store";
import { inspectToken, isLocalName, type TokenInspection } from "@meshauth/provider-api/format";
import { MeshauthError } from "../errors/error.js";
import type { CredentialFile, Located } from "../locate.js";
import { fold } from "../registry/conflict.js";
import type { Registry } from "../registry/index.js";
import type { Runtime } from "../runtime.js";

/** A credential in force, as it was found. */
export interface Held<Store extends CredentialFile = AuthStore> {
  /** Where it comes from: the file, or `MESHERY_API_TOKEN`. */
  readonly source: "file" | "environment";
  readonly target: Located<Store>;
  /** The value of `meshery-provider`; `undefined` for a token from the environment without `MESHERY_PROVIDER`. */
  readonly serverName: string | undefined;
  /** Empty for a login without an account. Secret. */
  readonly token: string;
  /** All members of the file; absent for the environment's. */
  readonly members?: ReadonlyMap<string, string>;
  /** What is known about it besides, when meshauth wrote it. */
  readonly details: Details | undefined;
}

/** A token that the environment gives, with the name of its provider; `undefined` when there is none. */
export function environmentToken(
  env: Runtime["env"],
): { readonly token: string; readonly serverName: string | undefined } | undefined {
  const token = env["MESHERY_API_TOKEN"]?.trim();
  return token ? { token, serverName: env["MESHERY_PROVIDER"]?.trim() || undefined } : undefined;
}

/**
 * The same with the provider's name spelled as an installed provider declares it: servers tell `layer5` from `Layer5`.
 */
export function environmentCredential({
  env,
  registry,
}: Pick<Runtime, "env" | "registry">): ReturnType<typeof environmentToken> {
  const given = environmentToken(env);
  return given && { ...given, serverName: given.serverName && declaredName(registry, given.serverName) };
}

function declaredName({ providers }: Registry, serverName: string): string {
  const names = providers.flatMap(({ entry }) => entry.serverNames ?? []);
  if (names.includes(serverName)) return serverName;
  return names.find((name) => fold(name) === fold(serverName)) ?? serverName;
}

/** What to do about a token of the environment that cannot be used: it is not a login's. */
export const MEND_ENVIRONMENT = "Correct or unset MESHERY_API_TOKEN.";

/** A credential of the environment, in the terms of one that is held. */
export function environmentHeld<Store extends CredentialFile>(
  target: Located<Store>,
  given: NonNullable<ReturnType<typeof environmentToken>>,
  { secrets }: Pick<Runtime, "secrets">,
): Held<Store> {
  secrets.add(given.token);
  return { source: "environment", target, ...given, details: undefined };
}

/** The credential that a look into the target's file has found. @throws MeshauthError as {@link contentOf} does. */
export function fileHeld<Store extends CredentialFile>(
  target: Located<Store>,
  { state, details }: Glance,
  secrets: Pick<Runtime, "secrets">,
): Held<Store> {
  return { source: "file", target, ...contentOf(secrets, target, state, details), details };
}

/**
 * The credential that a file's state holds.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED`, `MESHAUTH_E_DAMAGED`.
 */
export function contentOf(
  { secrets }: Pick<Runtime, "secrets">,
  { store: { file } }: { readonly store: Pick<CredentialFile, "file"> },
  state: CredentialState,
  details: Details | undefined,
): Required<Pick<Held, "token" | "members">> & { readonly serverName: string } {
  if (state.state === "damaged") {
    throw new MeshauthError("MESHAUTH_E_DAMAGED", {
      why: `mesheryctl cannot read ${file}: ${state.reason}.`,
    });
  }
  if (state.state !== "present")
    throw nobody(`${file} ${state.state === "missing" ? "does not exist" : "is empty: logged out"}.`);
  const { serverName, token = "", members } = state;
  secrets.add(token);
  if (!serverName) throw nobody(`${file} names no provider, so no server can use it.`);
  if (token === "" && !isLocalName(serverName) && details === undefined) {
    throw nobody(`${file} has no token for ${serverName}.`);
  }
  return { serverName, token, members };
}

function nobody(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", { why });
}

/** A difference of clocks below this is nobody's concern. */
export const TOLERATED_SKEW_MS = 60_000;

/**
 * The time by the provider's clock, as far as it is known from when the credential was stored. A clock that
 * is off by hours would otherwise call a good token expired, or an expired one good.
 */
export function providerTime(now: Date, details: Pick<Details, "clockSkew"> | undefined): Date {
  const skew = details?.clockSkew ?? 0;
  return Math.abs(skew) > TOLERATED_SKEW_MS ? new Date(now.getTime() + skew) : now;
}

/** Whether a token ends within `validity` milliseconds from `now`. One without an end never does. */
export function endsWithin(token: string, validity: number, now: Date): boolean {
  return isWithin(inspectToken(token), validity, now);
}

/** The same for a token that has been looked into. */
export function isWithin(
  { expiresAt }: Pick<TokenInspection, "expiresAt">,
  validity: number,
  now: Date,
): boolean {
  return expiresAt !== undefined && expiresAt.getTime() - now.getTime() <= validity;
}
