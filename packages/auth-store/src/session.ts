import { dirname } from "node:path";
import { DataFolder } from "./beside/data-folder.js";
import { StoreError } from "./error.js";
import { checkFolder, checkRoot, createFolder, removeFolders } from "./folder.js";
import { HeldLock } from "./lock/held.js";
import { acquireLock, type LeaveOptions, type LockOptions } from "./lock/lock.js";
import { type WorkPaths, workPaths } from "./paths.js";
import type { Place } from "./place.js";
import { statOrMissing } from "./read/folders.js";
import { resolveFile } from "./read/resolve.js";
import type { SystemFacts } from "./system.js";
import { attemptTo, isSystemError } from "./system-error.js";
import { shellWord, showPath } from "./text.js";
import { adoptRenewal } from "./write/adopt.js";
import { sweepStaged } from "./write/sweep.js";

/** One writer's turn at the credential file. */
export interface Session {
  readonly paths: WorkPaths;
  readonly lock: HeldLock;
  /** Says that something was written, so that a folder created for it stays. */
  keepFolder(): void;
}

/** How to wait for the turn. */
export interface UnderLockOptions<L> extends LockOptions {
  /** As for {@link acquireLock}. */
  readonly leave?: ((paths: WorkPaths) => Promise<L | undefined>) | undefined;
}

const MOST_TRIES = 5;
const OWNER_WRITE = 0o200;

/**
 * Checks every rule for writing, creates the folder if it is missing, and runs `work` under the lock.
 * A renewal that a killed process left complete is put in place first. Afterwards the lock is gone, and so is a
 * folder that was created for nothing.
 *
 * @returns What `work` or `leave` gives.
 * @throws {@link StoreError}; whatever `work` throws.
 */
export async function underLock<T, L extends object = never>(
  place: Place,
  { leave, ...options }: UnderLockOptions<L>,
  work: (session: Session) => Promise<T>,
): Promise<T | L> {
  const { file, system } = place;
  const paths = await attemptTo("written", file, () => checkedPaths(place));
  const created: string[] = [];
  let keep = false;
  try {
    const waiting = { ...options, leave: leave && (() => leave(paths)) };
    const lock = await attemptTo("written", paths.file, () => lockInFolder(paths, system, waiting, created));
    if (!(lock instanceof HeldLock)) return lock;
    try {
      await attemptTo("written", file, () => checkSamePath(place, paths));
      const data = new DataFolder(place.dataDir, paths.file, system);
      await attemptTo("written", paths.file, () => adoptRenewal(paths, lock, system, data));
      await sweepStaged(paths, lock, system);
      const keepFolder = () => {
        keep = true;
      };
      return await work({ paths, lock, keepFolder });
    } finally {
      await lock.release();
    }
  } finally {
    if (!keep) await removeFolders(created);
  }
}

async function checkedPaths({ file, dataDir, system }: Place): Promise<WorkPaths> {
  await checkRoot(dirname(file), system);
  await attemptTo("written", dataDir, () => checkRoot(dataDir, system), "data folder");
  await checkFolder(dirname(file), system);
  const paths = workPaths(await resolveFile(file, system));
  await checkRoot(paths.folder, system);
  await checkFolder(paths.folder, system);
  return paths;
}

async function lockInFolder<L>(
  paths: WorkPaths,
  system: SystemFacts,
  options: LeaveOptions<L>,
  created: string[],
): Promise<HeldLock | L> {
  for (let attempt = 1; ; attempt++) {
    try {
      created.push(...(await createFolder(paths.folder)));
      return await acquireLock(paths, system, options);
    } catch (error) {
      // Another process created the folder, failed, and removed it in between.
      if (isSystemError(error, "EACCES")) throw await notWritable(paths.folder, system, error);
      if (attempt === MOST_TRIES || !isSystemError(error, "ENOENT")) throw error;
    }
  }
}

/** Gives the error for a folder of ours that we may not write in the command that mends it. */
async function notWritable(folder: string, { uid }: SystemFacts, cause: unknown): Promise<unknown> {
  const found = await statOrMissing(folder, "follow").catch(() => undefined);
  if (found === undefined || found.uid !== uid || (found.mode & OWNER_WRITE) !== 0) return cause;
  return new StoreError("MESHAUTH_E_STORE", "The credential file cannot be written.", {
    why: `Its folder ${showPath(folder)} is read-only.`,
    next: [`chmod u+w ${shellWord(folder)}`],
    cause,
  });
}

/** The wait for the lock may have been long. */
async function checkSamePath({ file, system }: Place, paths: WorkPaths): Promise<void> {
  if ((await resolveFile(file, system)) === paths.file) return;
  throw new StoreError("MESHAUTH_E_CHANGED", "The credential file was moved meanwhile.", {
    why: `${showPath(file)} now leads elsewhere than to ${showPath(paths.file)}.`,
    next: ["Run the command again."],
  });
}
