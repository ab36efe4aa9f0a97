import { inspectToken } from "@meshauth/provider-api/format";
import { isMeshauthError, MeshauthError, toMeshauthError } from "../errors/error.js";
import { openProvider } from "../provider-session.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { openServer } from "../target.js";
import { endsWithin, type Held, MEND_ENVIRONMENT, providerTime, resolveHeld } from "./held.js";
import { renew } from "./renew.js";

/** How long before its end a token is renewed unless it is said otherwise, in milliseconds. */
export const DEFAULT_MIN_VALIDITY = 300_000;

/** How long a token that was just renewed has to be valid at least, in milliseconds. */
const USABLE_FOR_MS = 2_000;

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
export interface FreshCredential extends Held {
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
 * The credential in force, renewed first when it is about to end. A credential of the environment is never
 * renewed, as it could not be saved. Nobody is asked anything.
 *
 * While the token is still valid, a renewal that fails is a warning.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED`, `MESHAUTH_E_EXPIRED`, `MESHAUTH_E_NOT_RENEWABLE`; what the
 *   provider, the network or the file had against a renewal.
 */
export async function freshCredential(
  runtime: Runtime,
  flags: TargetFlags,
  { minValidity = DEFAULT_MIN_VALIDITY, insist = false, force = insist }: Freshness = {},
): Promise<FreshCredential> {
  const held = await resolveHeld(runtime, flags);
  if (held.token === "") return fresh(held);
  const { refreshable } = inspectToken(held.token);
  const now = () => providerTime(runtime.now(), held.details);
  const isOver = (): boolean => endsWithin(held.token, 0, now());
  if (held.source === "environment") {
    if (isOver()) throw overInEnvironment();
    return fresh(held);
  }
  if (!force && !(await needsRenewal(runtime, held, attainable(minValidity, held)))) return fresh(held);
  if (!refreshable) {
    if (isOver()) throw new MeshauthError("MESHAUTH_E_EXPIRED");
    if (force) throw new MeshauthError("MESHAUTH_E_NOT_RENEWABLE", { why: "It has no refresh token." });
    return fresh(held, ["The token ends soon and has no refresh token: sign in again."]);
  }
  try {
    // What another process has got meanwhile is as new as it can be, even where tokens live for seconds.
    const needed = (token: string): boolean => endsWithin(token, USABLE_FOR_MS, now());
    const { held: found, unsaved } = await renew(runtime, held, { needed, insist });
    const renewed = found.token !== held.token;
    if (renewed && endsWithin(found.token, 0, providerTime(runtime.now(), found.details)))
      throw endedAlready();
    if (unsaved === undefined) return { ...fresh(found), renewed };
    return { ...fresh(found, [text(unsaved)]), renewed, unsaved };
  } catch (error) {
    runtime.signal.throwIfAborted();
    const failure = toMeshauthError(error);
    if (force || isOver() || isLogout(failure)) throw failure;
    return fresh(held, [`The token is still valid, but could not be renewed: ${text(failure)}`]);
  }
}

/** A validity that the provider's tokens can have: where they do not live as long as that, half of their life. */
function attainable(minValidity: number, { token }: Held): number {
  const { issuedAt, expiresAt } = inspectToken(token);
  if (issuedAt === undefined || expiresAt === undefined) return minValidity;
  const lifetime = expiresAt.getTime() - issuedAt.getTime();
  return lifetime > 0 && lifetime <= minValidity ? lifetime / 2 : minValidity;
}

/**
 * Whether a token has to be renewed. Where this machine's clock says so and the provider's, as it was when the
 * credential was stored, does not, the provider's clock is looked at again: a machine whose clock is ahead would
 * renew all the time.
 */
async function needsRenewal(runtime: Runtime, held: Held, minValidity: number): Promise<boolean> {
  const now = runtime.now();
  const byProvider = endsWithin(held.token, minValidity, providerTime(now, held.details));
  if (byProvider || !endsWithin(held.token, minValidity, now)) return byProvider;
  const skew = await currentSkew(runtime, held);
  return skew === undefined || endsWithin(held.token, minValidity, new Date(now.getTime() + skew));
}

/** How far the provider's clock is ahead, from any answer of its own or of the Meshery Server. */
async function currentSkew(runtime: Runtime, { target, details }: Held): Promise<number | undefined> {
  const installed = runtime.registry.providers.find(({ entry }) => entry.id === details?.provider.id);
  if (details?.providerUrl === undefined || installed === undefined) {
    const server = openServer(runtime, target.config.server);
    await server.providers();
    return server.clockSkew();
  }
  const session = openProvider(runtime, { installed, server: target.config.server, timeout: 5_000 });
  try {
    await session.host.fetch(details.providerUrl, { timeout: 3_000 });
  } catch {
    // An answer that cannot be used may have told the time all the same.
  }
  await session.close({ immediate: true });
  return session.clockSkew();
}

function fresh(held: Held, warnings: readonly string[] = []): FreshCredential {
  const { expiresAt, refreshable } = inspectToken(held.token);
  return { ...held, expiresAt, refreshable, renewed: false, warnings };
}

function isLogout(error: unknown): boolean {
  return isMeshauthError(error) && error.code === "MESHAUTH_E_NOT_AUTHENTICATED";
}

function endedAlready(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PROTOCOL", {
    message: "What the provider gave in place of the token has ended already.",
    why: "It was stored all the same, since the old one may be worthless.",
    next: ["Run the same command again.", "meshauth login"],
  });
}

function overInEnvironment(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_EXPIRED", {
    message: "The token in MESHERY_API_TOKEN has expired.",
    why: "It wins over the file, and is never renewed since it could not be saved.",
    next: [MEND_ENVIRONMENT],
  });
}

function text({ message, why }: MeshauthError): string {
  return `${message} ${why}`;
}
