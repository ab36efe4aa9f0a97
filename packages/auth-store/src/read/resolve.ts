import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import { showPath } from "../text.js";
import { nearestFolder, statOrMissing } from "./folders.js";
import { unsafe } from "./safe-open.js";

const MOST_LINKS = 8;
const GROUP_OR_WORLD_WRITE = 0o022;

/**
 * The real path of a credential file: where it is read and written, and where its lock is. A link (dotfile
 * managers make some) is followed only where link and target are ours and nobody else can write in the
 * target's folder. The file itself and its folder may be missing.
 *
 * @throws {@link StoreError} `MESHAUTH_E_UNSAFE` for any other link, and for one that leads nowhere.
 */
export async function resolveFile(file: string, system: SystemFacts): Promise<string> {
  await checkFolderLink(dirname(file), system);
  let path = join(await realFolder(dirname(file)), basename(file));
  for (let links = 0; ; links++) {
    const found = await statOrMissing(path, "link");
    if (found === undefined && links > 0) throw unsafe(file, "it is a link that leads nowhere");
    if (found === undefined) return path;
    if (links > 0 && system.uid !== undefined && found.uid !== system.uid) {
      throw unsafe(file, `it is a link, and ${showPath(path)} belongs to user ${found.uid}`);
    }
    if (!found.isSymbolicLink()) return path;
    if (links === MOST_LINKS) throw unsafe(file, "it leads through too many links");
    if (system.uid !== undefined && found.uid !== system.uid) {
      throw unsafe(file, `it is a link that belongs to user ${found.uid}`);
    }
    path = await followLink(file, path, system);
  }
}

async function followLink(file: string, link: string, system: SystemFacts): Promise<string> {
  const target = resolve(dirname(link), readlinkSync(link));
  const folder = await existingFolder(file, dirname(target));
  await checkTargetFolder(file, folder, system);
  return join(folder, basename(target));
}

async function existingFolder(file: string, folder: string): Promise<string> {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) throw unsafe(file, "it is a link that leads nowhere");
    if (isSystemError(error, "ELOOP"))
      throw unsafe(file, "its links lead in a circle, or there are too many");
    throw error;
  }
}

/** The same rules for the Meshery folder when that is a link. */
async function checkFolderLink(folder: string, system: SystemFacts): Promise<void> {
  const found = await statOrMissing(folder, "link");
  if (found === undefined || !found.isSymbolicLink()) return;
  if (system.uid !== undefined && found.uid !== system.uid) {
    throw unsafe(folder, `it is a link that belongs to user ${found.uid}`);
  }
  await checkTargetFolder(folder, await existingFolder(folder, folder), system);
}

async function checkTargetFolder(link: string, folder: string, system: SystemFacts): Promise<void> {
  const found = await statOrMissing(folder, "follow");
  if (found === undefined) throw unsafe(link, "it is a link that leads nowhere");
  if (system.uid === undefined) return;
  if (found.uid !== system.uid) {
    throw unsafe(link, `it is a link into ${showPath(folder)}, which belongs to user ${found.uid}`);
  }
  if (found.mode & GROUP_OR_WORLD_WRITE) {
    throw unsafe(link, `it is a link into ${showPath(folder)}, where other users can write`);
  }
}

async function realFolder(folder: string): Promise<string> {
  for (;;) {
    const { path } = await nearestFolder(folder);
    try {
      return join(realpathSync.native(path), relative(path, folder));
    } catch (error) {
      // It was there a moment ago: another process that found nothing to write has removed it again.
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }
}
