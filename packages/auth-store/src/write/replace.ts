import { rename } from "node:fs/promises";
import { StoreError } from "../error.js";
import type { HeldLock } from "../lock/held.js";
import type { WorkPaths } from "../paths.js";
import { pause } from "../pause.js";
import { readOwnFile } from "../read/safe-read.js";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import { showPath } from "../text.js";
import { createSyncedFile, discard } from "./new-file.js";
import { syncFolder } from "./sync-folder.js";

/** What may replace the credential file, and when. */
export interface Expectation {
  readonly paths: WorkPaths;
  readonly lock: HeldLock;
  readonly system: SystemFacts;
  /** The bytes that the file held when the decision was made; `undefined` when there was no file. */
  readonly expected: Uint8Array | undefined;
}

/** What {@link replaceFile} works with. */
export interface Replacement extends Expectation {
  /** Where the new file is written first. */
  readonly staged: string;
  /** Whether the next holder of the lock would put the staged file in place. */
  readonly adoptable: boolean;
  /** What has to be done between the two: from then on the staged file is safe, and nobody sees it yet. */
  readonly beforePlacing?: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Replaces the credential file by a new one in one step: staged beside it, on the disk, read back, and
 * renamed only if the file still holds what was expected and the lock is still ours. The old file is never
 * opened for writing. On any error the old file is as it was and the staged one is gone, except a complete
 * renewal that the next holder of the lock can put in place.
 *
 * @returns Whether the disk confirmed that the new name would survive a crash.
 * @throws {@link StoreError} `MESHAUTH_E_CHANGED` when someone else wrote meanwhile; system errors.
 */
export async function replaceFile(bytes: Uint8Array, replacement: Replacement): Promise<boolean> {
  const { staged, system } = replacement;
  try {
    await createSyncedFile(staged, bytes);
    await checkContent(staged, bytes, system);
  } catch (error) {
    await discard(staged);
    throw error;
  }
  await replacement.beforePlacing?.();
  return await putInPlace(bytes, replacement);
}

/** The second half of {@link replaceFile}, for a file that is staged and on the disk. */
export async function putInPlace(bytes: Uint8Array, replacement: Replacement): Promise<boolean> {
  const { staged, adoptable, paths, system, signal } = replacement;
  try {
    await checkUnchanged(replacement);
    signal?.throwIfAborted();
    await renameOver(staged, paths.file, bytes, system);
  } catch (error) {
    if (!adoptable || !(await holdsExpected(replacement).catch(() => true))) await discard(staged);
    throw error;
  }
  return await syncFolder(paths.folder);
}

async function checkContent(path: string, bytes: Uint8Array, system: SystemFacts): Promise<void> {
  const written = await readOwnFile(path, system, { what: "staged file" });
  if (written !== undefined && Buffer.compare(written.bytes, bytes) === 0) return;
  throw new StoreError("MESHAUTH_E_STORE", "The credential file cannot be written.", {
    why: `What was written to ${showPath(path)} did not come back as it was.`,
  });
}

/**
 * Other tools take no lock; the bytes tell what they did, whatever the clock of the file system resolves.
 *
 * @throws {@link StoreError} `MESHAUTH_E_CHANGED` when the file or the lock is not what it was.
 */
export async function checkUnchanged(expectation: Expectation): Promise<void> {
  const { paths, lock } = expectation;
  const same = await holdsExpected(expectation);
  if (same && (await lock.isOurs())) return;
  throw new StoreError("MESHAUTH_E_CHANGED", "Another program signed in meanwhile.", {
    why: same
      ? `Another process took ${showPath(paths.lock)} while this one was held up.`
      : `${showPath(paths.file)} was written by another program at the same moment; it was left as it is.`,
  });
}

async function holdsExpected({ paths, system, expected }: Expectation): Promise<boolean> {
  const current = (await readOwnFile(paths.file, system))?.bytes;
  return current === undefined || expected === undefined
    ? current === expected
    : Buffer.compare(current, expected) === 0;
}

async function renameOver(from: string, to: string, bytes: Uint8Array, system: SystemFacts): Promise<void> {
  // On Windows a file that another process has open cannot be replaced; it is seldom open for long.
  const tries = system.platform === "win32" ? 8 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (isSystemError(error, "ENOENT") && (await holds(to, bytes, system))) return;
      if (attempt === tries || !isSystemError(error, "EPERM", "EACCES", "EBUSY")) throw error;
      await pause(10 * 2 ** attempt);
    }
  }
}

/** NFS may report failure for a rename that was made, when its first answer was lost. */
async function holds(path: string, bytes: Uint8Array, system: SystemFacts): Promise<boolean> {
  const found = await readOwnFile(path, system);
  return found !== undefined && Buffer.compare(found.bytes, bytes) === 0;
}
