import { lstatSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import { shellWord, showPath } from "../text.js";
import type { StoreWarning } from "../types.js";
import { unsafe } from "./safe-open.js";

const GROUP_WRITE = 0o020;
export const WORLD_WRITE = 0o002;
export const STICKY = 0o1000;

/** What a path leads to; `undefined` when there is nothing. */
export async function statOrMissing(path: string, follow: "follow" | "link"): Promise<Stats | undefined> {
  try {
    return follow === "follow" ? statSync(path) : lstatSync(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ELOOP"))
      throw unsafe(path, "its links lead in a circle, or there are too many");
    throw error;
  }
}

/** The folder itself, or the nearest of its parents that exists. */
export async function nearestFolder(folder: string): Promise<{ path: string; stat: Stats }> {
  for (let path = folder; ; path = dirname(path)) {
    // A link that leads nowhere exists all the same, and nothing may be created through it.
    const link = await statOrMissing(path, "link");
    const found = await statOrMissing(path, "follow");
    if (found !== undefined) return { path, stat: found };
    if (link?.isSymbolicLink()) throw unsafe(path, "it is a link that leads nowhere");
    if (path === dirname(path)) throw unsafe(path, "it does not exist");
  }
}

/** Warnings for whoever reads from the folder; a missing folder has none. */
export async function folderWarnings(folder: string, system: SystemFacts): Promise<StoreWarning[]> {
  const found = system.uid === undefined ? undefined : await statOrMissing(folder, "follow");
  if (found === undefined) return [];
  const next = `chmod go-w ${shellWord(folder)}`;
  if (found.mode & WORLD_WRITE) {
    const message = `Every user of this machine can write in ${showPath(folder)}.`;
    return [{ code: "world-writable-folder", message, next }];
  }
  if (found.mode & GROUP_WRITE) {
    const message = `Members of its group can write in ${showPath(folder)}.`;
    return [{ code: "group-writable-folder", message, next }];
  }
  return [];
}
