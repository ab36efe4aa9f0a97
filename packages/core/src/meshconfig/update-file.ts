import { randomInt } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long another process may take for its update, in milliseconds, before it counts as dead. */
const STALE_AFTER = 10_000;
const LONGEST_WAIT = 15_000;

/**
 * Replaces the content of a file in one step: the new text is staged beside it, synced and renamed into place,
 * so that a reader sees the old or the new text and nothing between. The staged file has a fixed name and is a
 * lock at the same time: updates by this function do not run side by side. A link is followed and stays; mode
 * and owner are kept.
 *
 * @param change - Gets the real path, and gives the new text; `undefined` leaves the file as it is.
 * @param unchanged - Is asked last, for the sake of programs that take no lock: `false` gives up.
 * @returns Whether the file was replaced.
 */
export async function updateFile(
  file: string,
  change: (real: string) => Promise<string | undefined>,
  unchanged: (real: string) => Promise<boolean>,
): Promise<boolean> {
  const real = await realpath(file);
  const { mode, uid, gid } = await stat(real);
  const staged = join(dirname(real), `.${basename(real)}.meshauth`);
  const handle = await stage(staged, mode & 0o777);
  let renamed = false;
  try {
    try {
      const text = await change(real);
      if (text === undefined) return false;
      await handle.chmod(mode & 0o777);
      await keepOwner(handle, uid, gid);
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await unchanged(real))) return false;
    await rename(staged, real);
    renamed = true;
  } finally {
    if (!renamed) await rm(staged, { force: true });
  }
  await syncFolder(dirname(real));
  return true;
}

async function stage(staged: string, mode: number): Promise<FileHandle> {
  const deadline = performance.now() + LONGEST_WAIT;
  for (;;) {
    try {
      return await open(staged, "wx", mode);
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!taken || performance.now() > deadline) throw error;
      await breakStale(staged);
      await sleep(randomInt(10, 40));
    }
  }
}

// Left behind by a process that was killed.
async function breakStale(staged: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(staged);
    if (Date.now() - mtimeMs > STALE_AFTER) await rm(staged, { force: true });
  } catch {}
}

async function keepOwner(handle: FileHandle, uid: number, gid: number): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
}

// Some file systems do not sync folders; the new text is in place all the same.
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {}
}
