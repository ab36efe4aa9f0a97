import { inspectToken } from "@meshauth/provider-api/format";
import { isMeshauthError, MeshauthError, toMeshauthError } from "../errors/error.js";
import { adviseAgain } from "../login/again.js";
import { openProvider } from "../provider-session.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { openServer } from "../target.js";
import {
  attainable,
  DEFAULT_MIN_VALIDITY,
  type FreshCredential,
  type Freshness,
  fresh,
  freshAsItIs,
} from "./fresh-as-it-is.js";
import { endsWithin, type Held, MEND_ENVIRONMENT, providerTime } from "./held.js";
import { renew } from "./renew.js";
import { resolveHeld } from "./resolve-held.js";

/** How long a token that was just renewed has to be valid at least, in milliseconds. */
const USABLE_FOR_MS = 2_000;

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
  freshness: Freshness = {},
): Promise<FreshCredential> {
  const held = await resolveHeld(runtime, flags);
  try {
    return await freshOf(runtime, held, freshness);
  } catch (error) {
    throw adviseAgain(error, held.details);
  }
}

async function freshOf(
  runtime: Runtime,
  held: Held,
  { minValidity = DEFAULT_MIN_VALIDITY, insist = false, force = insist }: Freshness,
): Promise<FreshCredential> {
  const asItIs = freshAsItIs(held, runtime.now(), { minValidity, force });
  if (asItIs !== undefined) return asItIs;
  if (held.source === "environment") throw overInEnvironment();
  const inspection = inspectToken(held.token);
  const { refreshable } = inspection;
  const now = () => providerTime(runtime.now(), held.details);
  const isOver = (): boolean => endsWithin(held.token, 0, now());
  if (!force && !(await needsRenewal(runtime, held, attainable(minValidity, inspection)))) return fresh(held);
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

/**
 * Whether a token that is not {@link freshAsItIs} has to be renewed. Where this machine's clock says so and the
 * provider's, as it was when the credential was stored, does not, the provider's clock is looked at again: a machine
 * whose clock is ahead would renew all the time.
 */
async function needsRenewal(runtime: Runtime, held: Held, minValidity: number): Promise<boolean> {
  const now = runtime.now();
  if (endsWithin(held.token, minValidity, providerTime(now, held.details))) return true;
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
