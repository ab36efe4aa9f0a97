import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { HeldLock } from "../lock/held.js";
import type { WorkPaths } from "../paths.js";
import type { SystemFacts } from "../system.js";
import { removeFile } from "./new-file.js";

const ABANDONED_AFTER = 10 * 60_000;

/**
 * Removes staged files, renewals apart, that processes left behind when they were killed. Whoever waits for the
 * lock stages its record too, so only age tells that a file has no owner. It is housekeeping: what cannot be
 * removed stays.
 */
export async function sweepStaged(paths: WorkPaths, lock: HeldLock, system: SystemFacts): Promise<void> {
  for (const name of await readdir(paths.folder).catch(() => [])) {
    const staged = paths.parseStaged(name);
    if (staged === undefined || staged.base !== undefined) continue;
    const path = join(paths.folder, name);
    try {
      const stat = await lstat(path);
      const ours = system.uid === undefined || stat.uid === system.uid;
      if (ours && stat.isFile() && lock.takenAt - stat.mtimeMs > ABANDONED_AFTER) await removeFile(path);
    } catch {
      // The next one to write will try again.
    }
  }
}
