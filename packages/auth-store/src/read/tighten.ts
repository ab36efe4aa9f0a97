import { closeSync, constants, fchmodSync } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { checkRoot } from "../folder.js";
import type { Place } from "../place.js";
import type { SystemFacts } from "../system.js";
import { statOrMissing } from "./folders.js";
import { resolveFile } from "./resolve.js";
import { openOwnFile } from "./safe-open.js";

const PRIVATE = 0o600;
const NOT_PRIVATE = 0o7177;
const GROUP_OR_WORLD_WRITE = 0o022;

/**
 * Gives the credential file mode 0600 when anybody else may use it, and takes from others the right to write in its
 * folder. Modes are changed through the open file, so nothing can be put in its place meanwhile.
 *
 * @returns Whether something was changed.
 * @throws {@link StoreError}; system errors.
 */
export async function tighten({ file, system }: Place): Promise<boolean> {
  if (system.uid === undefined) return false;
  await checkRoot(dirname(file), system);
  const real = await resolveFile(file, system);
  await checkRoot(dirname(real), system);
  let changed = await tightenFile(real, system);
  for (const folder of new Set([await realFolder(dirname(file)), dirname(real)])) {
    if (await tightenFolder(folder, system)) changed = true;
  }
  return changed;
}

async function realFolder(folder: string): Promise<string> {
  return (await statOrMissing(folder, "follow")) === undefined ? folder : await realpath(folder);
}

async function tightenFile(path: string, system: SystemFacts): Promise<boolean> {
  const file = await openOwnFile(path, system);
  if (file === undefined) return false;
  try {
    if ((Number(file.stat.mode) & NOT_PRIVATE) === 0) return false;
    fchmodSync(file.fd, PRIVATE);
    return true;
  } finally {
    closeSync(file.fd);
  }
}

async function tightenFolder(path: string, system: SystemFacts): Promise<boolean> {
  if ((await statOrMissing(path, "follow"))?.uid !== system.uid) return false;
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const { mode, uid } = await handle.stat();
    if (uid !== system.uid || (mode & GROUP_OR_WORLD_WRITE) === 0) return false;
    await handle.chmod(mode & 0o7777 & ~GROUP_OR_WORLD_WRITE);
    return true;
  } finally {
    await handle.close();
  }
}
