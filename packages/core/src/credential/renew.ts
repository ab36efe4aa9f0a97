import { setTimeout as pause } from "node:timers/promises";
import { type CredentialState, type Details, isStoreError } from "@meshauth/auth-store";
import { inspectToken } from "@meshauth/provider-api/format";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { type StoredCredential, toCredential } from "../stored-credential.js";
import { waitNotice } from "../wait-notice.js";
import { contentOf, type Held } from "./held.js";
import { openRenewer, RENEWAL_LIMIT_MS, type Renewer } from "./renewer.js";
import { readHeld } from "./resolve-held.js";
import { shielded } from "./shield.js";

/** How often a new token that could not be saved is tried to be saved again. */
const SAVE_TRIES = 3;
const SAVE_PAUSE_MS = 300;

/** How often the file is looked at anew because other tools write it all the time. */
const MOST_TRIES = 5;

/** When a renewal is called for. */
export interface Need {
  /** Whether a token has to be renewed before it is used. */
  needed(token: string): boolean;
  /** Try it even though the provider refused it before. */
  readonly insist: boolean;
}

/** What a renewal came to. */
export interface Renewal {
  readonly held: Held;
  /** Why what is in `held` is not in the file as well. */
  readonly unsaved?: MeshauthError;
  /** Whether somebody else wrote it, and nothing was asked for. */
  readonly theirs?: boolean;
}

/** What this process did while it had its turn at the file. */
interface Progress {
  /** The credential that the provider gave; once it is there, the old one may be worthless. */
  renewed?: StoredCredential;
  details?: Details;
  failure?: unknown;
}

/**
 * Renews the credential of a file, once for all processes that want it at the same time: the one that gets
 * the lock asks the provider, the others take what it wrote. It reads again under the lock, proves that the
 * file can be written before it asks, and from then on does not let itself be interrupted until the answer
 * is saved, since the old refresh token may be used up.
 *
 * @param held - What the file held when the need was seen.
 * @throws MeshauthError; `MESHAUTH_E_EXPIRED` when the provider refuses, which is remembered;
 *   `MESHAUTH_E_NOT_AUTHENTICATED` when a logout came first.
 */
export async function renew(runtime: Runtime, held: Held, need: Need): Promise<Renewal> {
  for (let seen = held, attempt = 1; ; attempt++) {
    const renewal = await renewOnce(runtime, seen, need);
    // What somebody else wrote may end while this process waits for its turn to run.
    const stale = renewal?.theirs && need.needed(renewal.held.token) && attempt < MOST_TRIES;
    if (renewal !== undefined && !stale) return renewal;
    if (attempt === MOST_TRIES) throw new MeshauthError("MESHAUTH_E_CHANGED");
    seen = await readHeld(runtime, held.target);
    if (seen.token !== held.token && !need.needed(seen.token)) return { held: seen };
  }
}

/** @returns `undefined` when another tool wrote the file before anything was asked for: it has to be looked at again. */
async function renewOnce(runtime: Runtime, held: Held, need: Need): Promise<Renewal | undefined> {
  const { store } = held.target;
  const { terminal } = runtime;
  const shield = shielded(runtime.signal, () =>
    terminal.notify({
      kind: "plain",
      message: "The new token is on its way, and is saved before this ends.",
    }),
  );
  const renewer = openRenewer({ ...runtime, signal: shield.signal }, held);
  const progress: Progress = {};
  try {
    const { changed } = await store.commit(
      async (current, turn) => {
        const found = contentOf(runtime, held.target, current, turn.details);
        if (found.token !== held.token && !need.needed(found.token)) return undefined;
        if (turn.detailsFailure) throw turn.detailsFailure;
        if (turn.refused && !need.insist) throw refusedBefore(found.serverName);
        await turn.prove();
        shield.raise();
        return await ask(runtime, renewer, { ...held, ...found, details: turn.details }, current, progress);
      },
      {
        signal: shield.signal,
        wait: 2 * RENEWAL_LIMIT_MS,
        // Scripts that ask for a token are not told who else does.
        ...(terminal.interactive ? { onWait: waitNotice(runtime) } : {}),
        // What another tool is just writing looks like a logout or damage: only a good token ends the wait.
        unless: (current) =>
          current.state === "present" && current.token !== held.token && !need.needed(current.token ?? ""),
      },
    );
    if (progress.failure !== undefined) throw progress.failure;
    if (changed && progress.renewed) return { held: heldOf(held, progress.renewed, progress.details) };
    return { held: await readHeld(runtime, held.target), theirs: true };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    if (progress.renewed === undefined) {
      if (error.code === "MESHAUTH_E_CHANGED") return undefined;
      throw error;
    }
    if (error.code === "MESHAUTH_E_CHANGED") return await yieldTo(runtime, held, progress.renewed, renewer);
    return await saveLater(runtime, held, progress as Required<Progress>);
  } finally {
    shield.lower();
    await renewer.close();
    runtime.signal.throwIfAborted();
  }
}

/** Asks the provider under the lock. A refusal is remembered, so that nobody asks with this token again. */
async function ask(
  runtime: Runtime,
  renewer: Renewer,
  held: Held,
  current: CredentialState,
  progress: Progress,
): Promise<{ renewed: ReadonlyMap<string, string>; details: Details } | { refused: true }> {
  try {
    const { fresh, details } = await renewer.renew(held);
    progress.renewed = mergedWith(current, fresh);
    progress.details = details;
    return { renewed: progress.renewed.members, details };
  } catch (error) {
    runtime.debug(`renewal failed: ${error instanceof Error ? error.message : "unknown error"}`);
    if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_EXPIRED") throw error;
    progress.failure = error;
    return { refused: true };
  }
}

/** A renewal keeps every member of the file that it does not replace. */
function mergedWith(current: CredentialState, fresh: StoredCredential): StoredCredential {
  const old = current.state === "present" ? current.members : new Map<string, string>();
  return { ...fresh, members: new Map([...old, ...fresh.members]) };
}

function heldOf(held: Held, fresh: StoredCredential, details: Details | undefined): Held {
  return { ...held, ...fresh, details };
}

/**
 * Another program wrote the file while the provider was being asked. Its login, or logout, stands; the new
 * token is given up, and revoked unless it belongs to whoever is signed in now.
 */
async function yieldTo(
  runtime: Runtime,
  held: Held,
  fresh: StoredCredential,
  renewer: Renewer,
): Promise<Renewal> {
  let now: Held | undefined;
  let reason: unknown;
  try {
    now = await readHeld(runtime, held.target);
  } catch (error) {
    reason = error;
  }
  const subject = inspectToken(fresh.token).subject;
  if (now === undefined || subject === undefined || inspectToken(now.token).subject !== subject) {
    await renewer.revoke(toCredential(fresh, held.details));
  }
  if (now === undefined) throw reason;
  return { held: now };
}

/** The disk failed after the provider had answered, though it had room before: it may have it again. */
async function saveLater(runtime: Runtime, held: Held, progress: Required<Progress>): Promise<Renewal> {
  const { renewed, details } = progress;
  for (let attempt = 1; ; attempt++) {
    await pause(SAVE_PAUSE_MS * attempt);
    try {
      await held.target.store.commit((current) =>
        current.state === "present" && current.token === held.token
          ? { renewed: renewed.members, details }
          : undefined,
      );
      return { held: heldOf(held, renewed, details) };
    } catch (error) {
      if (!isStoreError(error)) throw error;
      if (attempt < SAVE_TRIES) continue;
      runtime.debug(`the renewed credential could not be saved: ${error.code}`);
      return { held: heldOf(held, renewed, details), unsaved: unsaved(error.why) };
    }
  }
}

function unsaved(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: "The credential was renewed but could not be saved.",
    why,
    next: ["Mend the disk, then: meshauth login"],
  });
}

function refusedBefore(serverName: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_EXPIRED", {
    message: `${serverName} refused to renew this sign-in before.`,
    why: "Its refresh token is used up, revoked or too old.",
    next: ["meshauth login", "meshauth refresh"],
  });
}
