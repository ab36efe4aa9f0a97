import { link, rename } from "node:fs/promises";
import type { WorkPaths } from "../paths.js";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import { removeFile } from "../write/new-file.js";
import { isDead } from "./owner.js";
import { fileSystemTime, place } from "./place.js";
import { isSameLock, type LockSighting, seeLock } from "./record.js";

/** Who breaks, and with what. */
export interface Breaker {
  readonly paths: WorkPaths;
  readonly system: SystemFacts;
  readonly nonce: string;
  /** The record of the breaker, as text. */
  readonly content: string;
}

/**
 * Takes away the lock of a dead holder. Two processes that both saw it dead must not both remove "it":
 * the second would remove what the first has made since. So only the holder of a second lock may remove,
 * and it looks again first.
 *
 * @returns Whether the dead lock is gone now.
 */
export async function breakLock(dead: LockSighting, breaker: Breaker): Promise<boolean> {
  const { paths, system, nonce, content } = breaker;
  const handle = await place(paths.break, paths.staged(nonce), content);
  if (handle === undefined) {
    await clearDeadBreak(breaker);
    return false;
  }
  try {
    if (isSameLock(dead, await seeLock(paths.lock, system))) {
      await removeFile(paths.lock);
      // What it had staged, a renewal apart, nobody completes, and there may be a token in it.
      if (dead.record) await removeFile(paths.staged(dead.record.nonce)).catch(() => undefined);
    }
    return true;
  } finally {
    await handle.close();
    const left = await seeLock(paths.break, system);
    if (left?.record?.nonce === nonce) await removeFile(paths.break);
  }
}

/** Removes the second lock when its holder died in the middle of {@link breakLock}. */
async function clearDeadBreak({ paths, system, nonce }: Breaker): Promise<void> {
  const temporary = paths.staged(nonce);
  const seen = await seeLock(paths.break, system);
  if (seen === undefined || !(await isDead(seen, system, () => fileSystemTime(temporary)))) return;
  try {
    // A rename takes exactly one file, whichever it is by now; what was taken is looked at afterwards.
    await rename(paths.break, temporary);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  try {
    if (!isSameLock(seen, await seeLock(temporary, system))) await link(temporary, paths.break);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  } finally {
    await removeFile(temporary);
  }
}
