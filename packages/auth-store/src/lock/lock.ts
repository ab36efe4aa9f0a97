import { StoreError } from "../error.js";
import type { WorkPaths } from "../paths.js";
import { pause } from "../pause.js";
import { randomHex } from "../random.js";
import type { SystemFacts } from "../system.js";
import { shellWord, showPath, showText } from "../text.js";
import { type Breaker, breakLock } from "./break.js";
import { HeldLock } from "./held.js";
import { isDead, processStart } from "./owner.js";
import { fileSystemTime, place } from "./place.js";
import { formatRecord, isSameLock, type LockRecord, type LockSighting, seeLock } from "./record.js";

const DEFAULT_WAIT = 30_000;
const LONGEST_PAUSE = 250;

/** How to wait for a lock. */
export interface LockOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** The longest wait in milliseconds; default 30,000. `Infinity`: until the signal is aborted. */
  readonly wait?: number | undefined;
  /** What the message says when another program has the lock; default: that it works on the credential file. */
  readonly busy?: string | undefined;
  /**
   * Called when another is found to hold the lock, once for each holder.
   *
   * @param locked - What the wait would end with at its limit; its `why` names the holder.
   */
  readonly onWait?: ((locked: StoreError) => void) | undefined;
}

/** How to wait for a lock that may turn out not to be needed. */
export interface LeaveOptions<L> extends LockOptions {
  /** Asked in each round of the wait for a live holder; anything but `undefined` ends it without the lock. */
  readonly leave?: (() => Promise<L | undefined>) | undefined;
}

/**
 * Waits for the lock of a file and takes it; from a dead holder at once. Readers need no lock: they see the
 * old file or the new one.
 *
 * @returns The lock, or what `leave` gave.
 * @throws {@link StoreError} `MESHAUTH_E_LOCKED` at the limit, naming the holder; `MESHAUTH_E_UNSAFE` for a
 *   lock that someone else has put there.
 */
export async function acquireLock<L = never>(
  paths: WorkPaths,
  system: SystemFacts,
  options: LeaveOptions<L> = {},
): Promise<HeldLock | L> {
  const { signal, wait = DEFAULT_WAIT, onWait, leave } = options;
  const deadline = performance.now() + wait;
  const nonce = randomHex(12);
  const ownStart = await processStart(system.pid);
  let told: LockSighting | undefined;
  for (let step = 20; ; step = Math.min(step * 1.5, LONGEST_PAUSE)) {
    signal?.throwIfAborted();
    const content = formatRecord(ownRecord(system, nonce, ownStart));
    const seen = await seeLock(paths.lock, system);
    if (seen !== undefined && (await takeFromDead(seen, { paths, system, nonce, content }))) continue;
    // Of many who waited, one takes the free lock and the others need not queue behind it.
    const instead = seen === undefined && told === undefined ? undefined : await leave?.();
    if (instead !== undefined) return instead;
    if (seen === undefined) {
      const handle = await place(paths.lock, paths.staged(nonce), content);
      if (handle !== undefined) return await HeldLock.hold({ paths, system, nonce, content, handle });
    }
    const left = deadline - performance.now();
    if (left <= 0) throw locked(paths, seen, options);
    if (seen !== undefined && !isSameLock(seen, told)) {
      onWait?.(locked(paths, seen, options));
      told = seen;
    }
    // Random, so that waiting processes do not all look at the same moments.
    await pause(Math.min(left, step * (0.5 + Math.random())), signal);
  }
}

async function takeFromDead(seen: LockSighting, breaker: Breaker): Promise<boolean> {
  const { paths, system, nonce } = breaker;
  const dead = await isDead(seen, system, () => fileSystemTime(paths.staged(nonce)));
  return dead && (await breakLock(seen, breaker));
}

function ownRecord(system: SystemFacts, nonce: string, start: string | undefined): LockRecord {
  return {
    pid: system.pid,
    start,
    boot: system.bootId,
    namespace: system.pidNamespace,
    host: system.hostname,
    program: system.program,
    nonce,
    time: system.now().toISOString(),
  };
}

function locked(
  paths: WorkPaths,
  seen: LockSighting | undefined,
  { busy = "Another program is working on the credential file." }: LockOptions,
): StoreError {
  const record = seen?.record;
  const holder =
    record === undefined
      ? "Another process"
      : `${showText(record.program)} (process ${record.pid} on ${showText(record.host)}, since ${showText(record.time)})`;
  return new StoreError("MESHAUTH_E_LOCKED", busy, {
    why: `${holder} holds ${showPath(paths.lock)}.`,
    next: [
      "Wait for the other program, or end it, and try again.",
      `Only when there is no such program any more: rm ${shellWord(paths.lock)}`,
    ],
  });
}
