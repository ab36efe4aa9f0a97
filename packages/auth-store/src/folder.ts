import { chmod, mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreError } from "./error.js";
import { nearestFolder, STICKY, WORLD_WRITE } from "./read/folders.js";
import { unsafe } from "./read/safe-open.js";
import { type SystemFacts, systemFacts } from "./system.js";
import { isSystemError } from "./system-error.js";
import { shellWord, showPath } from "./text.js";
import { syncFolder } from "./write/sync-folder.js";

/**
 * Refuses a folder in which someone else could exchange our file. A missing folder passes.
 *
 * @throws {@link StoreError} `MESHAUTH_E_UNSAFE`
 */
export async function checkFolder(folder: string, system: SystemFacts): Promise<void> {
  const { path, stat: found } = await nearestFolder(folder);
  if (!found.isDirectory()) throw unsafe(path, "it is not a folder");
  if (path !== folder || system.uid === undefined) return;
  if (found.uid !== system.uid) {
    throw unsafe(folder, `the folder belongs to user ${found.uid}, not to user ${system.uid}`, {
      next: [`sudo chown ${system.uid} ${shellWord(folder)}`],
    });
  }
  if (found.mode & WORLD_WRITE && !(found.mode & STICKY)) {
    throw unsafe(folder, "every user of this machine can write in the folder", {
      next: [`chmod go-w ${shellWord(folder)}`],
    });
  }
}

/**
 * Refuses to write as root into a folder of another user, who could not use what is left there.
 *
 * @param system - Default: the facts of this process.
 * @throws {@link StoreError} `MESHAUTH_E_ROOT`
 */
export async function checkRoot(folder: string, system: SystemFacts = systemFacts()): Promise<void> {
  if (system.uid !== 0) return;
  const { path, stat: found } = await nearestFolder(folder);
  if (found.uid === 0) return;
  const sudo =
    system.sudoUid === undefined ? "" : ` It was started with sudo by user ${showPath(system.sudoUid)}.`;
  throw new StoreError("MESHAUTH_E_ROOT", "Running as root would leave files that their owner cannot use.", {
    why: `The program runs as root, and ${showPath(path)} belongs to user ${found.uid}.${sudo}`,
    next: ["Run the command as that user, without sudo."],
  });
}

/**
 * Creates what is missing of a folder, each level with mode 0700 whatever the umask.
 *
 * @returns The levels that were missing, the outermost first. Another process may have been faster.
 */
export async function createFolder(folder: string): Promise<string[]> {
  const { path: existing } = await nearestFolder(folder);
  const missing: string[] = [];
  for (let path = folder; path !== existing; path = dirname(path)) missing.unshift(path);
  try {
    for (const path of missing) await createLevel(path);
    // A folder that is lost in a crash takes the file in it along.
    for (const path of missing) await syncFolder(dirname(path));
  } catch (error) {
    await removeFolders(missing);
    throw error;
  }
  return missing;
}

async function createLevel(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    throw error;
  }
  await chmod(path, 0o700);
}

/** Removes folders that were missing before {@link createFolder}, unless something is in them by now. */
export async function removeFolders(missing: readonly string[]): Promise<void> {
  for (const path of missing.toReversed()) {
    try {
      await rmdir(path);
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) return;
    }
  }
}
