import type { AuthStore } from "@meshauth/auth-store";
import { inspectToken, type TokenInspection } from "@meshauth/provider-api/format";
import type { MeshauthError } from "../errors/error.js";
import type { CredentialFile } from "../locate.js";
import { type Held, isWithin, providerTime } from "./held.js";

/** How long before its end a token is renewed unless it is said otherwise, in milliseconds. */
export const DEFAULT_MIN_VALIDITY = 300_000;

/** How fresh a credential has to be. */
export interface Freshness {
  /** Milliseconds for which the token has to be valid from now on. */
  readonly minValidity?: number;
  /** Renew it whatever it says of itself: a server did not accept it. */
  readonly force?: boolean;
  /** Renew it even though the provider refused to before: a person asked for it. */
  readonly insist?: boolean;
}

/** A credential that can be used now. */
export interface FreshCredential<Store extends CredentialFile = AuthStore> extends Held<Store> {
  /** Absent: no end is known. */
  readonly expiresAt: Date | undefined;
  readonly refreshable: boolean;
  /** The access token inside; absent for a login without an account. Secret. */
  readonly accessToken: string | undefined;
  /** Whether it is another token than the one that was in the file at first. */
  readonly renewed: boolean;
  /** Set when it was renewed and the file could not be written: it is good now and lost afterwards. */
  readonly unsaved?: MeshauthError;
  /** What a person should know; nothing that keeps it from being used. */
  readonly warnings: readonly string[];
}

/**
 * The credential, where it can be used as it is and nothing has to be asked or renewed for that. A credential of the
 * environment is never renewed, as it could not be saved.
 *
 * @param now - This machine's time.
 * @returns `undefined` when it has ended, or has to be renewed by this machine's clock or the provider's.
 */
export function freshAsItIs<Store extends CredentialFile>(
  held: Held<Store>,
  now: Date,
  { minValidity = DEFAULT_MIN_VALIDITY, force = false }: Freshness = {},
): FreshCredential<Store> | undefined {
  const { token, source, details } = held;
  const inspection = inspectToken(token);
  const asItIs = (): FreshCredential<Store> => fresh(held, [], inspection);
  if (token === "") return asItIs();
  if (source === "environment") return isWithin(inspection, 0, now) ? undefined : asItIs();
  if (force) return undefined;
  const validity = attainable(minValidity, inspection);
  const clocks = [providerTime(now, details), now];
  return clocks.some((time) => isWithin(inspection, validity, time)) ? undefined : asItIs();
}

/** A credential that is used without a renewal. */
export function fresh<Store extends CredentialFile>(
  held: Held<Store>,
  warnings: readonly string[] = [],
  { expiresAt, refreshable, accessToken }: TokenInspection = inspectToken(held.token),
): FreshCredential<Store> {
  return { ...held, expiresAt, refreshable, accessToken, renewed: false, warnings };
}

/** A validity that the provider's tokens can have: where they do not live as long as that, half of their life. */
export function attainable(
  minValidity: number,
  { issuedAt, expiresAt }: Pick<TokenInspection, "issuedAt" | "expiresAt">,
): number {
  if (issuedAt === undefined || expiresAt === undefined) return minValidity;
  const lifetime = expiresAt.getTime() - issuedAt.getTime();
  return lifetime > 0 && lifetime <= minValidity ? lifetime / 2 : minValidity;
}
