import type { AuthStore } from "@meshauth/auth-store";
import { inspectToken } from "@meshauth/provider-api/format";
import type { MeshauthError } from "../errors/error.js";
import type { CredentialFile } from "../locate.js";
import { endsWithin, type Held, providerTime } from "./held.js";

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
  if (token === "") return fresh(held);
  if (source === "environment") return endsWithin(token, 0, now) ? undefined : fresh(held);
  if (force) return undefined;
  const validity = attainable(minValidity, held);
  const clocks = [providerTime(now, details), now];
  return clocks.some((time) => endsWithin(token, validity, time)) ? undefined : fresh(held);
}

/** A credential that is used without a renewal. */
export function fresh<Store extends CredentialFile>(
  held: Held<Store>,
  warnings: readonly string[] = [],
): FreshCredential<Store> {
  const { expiresAt, refreshable } = inspectToken(held.token);
  return { ...held, expiresAt, refreshable, renewed: false, warnings };
}

/** A validity that the provider's tokens can have: where they do not live as long as that, half of their life. */
export function attainable(minValidity: number, { token }: Pick<Held, "token">): number {
  const { issuedAt, expiresAt } = inspectToken(token);
  if (issuedAt === undefined || expiresAt === undefined) return minValidity;
  const lifetime = expiresAt.getTime() - issuedAt.getTime();
  return lifetime > 0 && lifetime <= minValidity ? lifetime / 2 : minValidity;
}
