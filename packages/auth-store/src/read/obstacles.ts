import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isStoreError } from "../error.js";
import { seeLock } from "../lock/record.js";
import { workPaths } from "../paths.js";
import type { Place } from "../place.js";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import { shellWord, showPath } from "../text.js";
import type { StoreWarning } from "../types.js";
import { resolveFile } from "./resolve.js";

/**
 * What keeps a writer from its work and is not in the credential file itself: something else in the place of the
 * lock, or of the data folder. Touches nothing.
 */
export async function obstacles({ file, dataDir, system }: Place): Promise<StoreWarning[]> {
  return [...(await lockObstacles(file, system)), ...(await dataObstacles(dataDir))];
}

async function lockObstacles(file: string, system: SystemFacts): Promise<StoreWarning[]> {
  const real = await realFile(file, system);
  if (real === undefined) return [];
  const { lock, break: second } = workPaths(real);
  try {
    for (const path of [lock, second]) await seeLock(path, system);
    return [];
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const message = `Nothing can be written: ${error.message} ${error.why}`;
    const [next] = error.next;
    return [{ code: "lock", message, ...(next === undefined ? {} : { next }) }];
  }
}

/** What a link has against being followed is for whoever reads the file to tell. */
async function realFile(file: string, system: SystemFacts): Promise<string | undefined> {
  try {
    return await resolveFile(file, system);
  } catch (error) {
    if (isStoreError(error)) return undefined;
    throw error;
  }
}

async function dataObstacles(dataDir: string): Promise<StoreWarning[]> {
  for (let path = dataDir; path !== dirname(path); path = dirname(path)) {
    const found = await statOrNothing(path);
    if (found === undefined) continue;
    if (found.isDirectory()) return [];
    const message = `${showPath(path)} is not a folder, so that the data folder ${showPath(dataDir)} cannot be used.`;
    return [{ code: "data-folder", message, next: `mv ${shellWord(path)} ${shellWord(`${path}.old`)}` }];
  }
  return [];
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return undefined;
    throw error;
  }
}
