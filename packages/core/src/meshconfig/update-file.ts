import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { checkRoot, syncFolder, withLock } from "@meshauth/auth-store";

/** How long others may take for their updates, in milliseconds: each is a matter of moments. */
const LONGEST_WAIT = 15_000;

/** How an update is made. */
export interface Update {
  /** Gets the real path, and gives the new text; `undefined` leaves the file as it is. */
  change(real: string): Promise<string | undefined>;
  /** Is asked last, for the sake of programs that take no lock: `false` gives up. */
  unchanged(real: string): Promise<boolean>;
  /** Only proves that the update could be made: everything is done but the replacement. */
  readonly prove?: boolean;
  /** What to say when the lock is held by another program until the limit. */
  readonly busy: string;
  /** Ends the wait for the lock, and the update up to the moment at which the new text is in place. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replaces the content of a file in one step: the new text is staged beside it, synced and renamed into place,
 * so that a reader sees the old or the new text and nothing between. The file's lock keeps updates by this
 * function from running side by side. A link is followed and stays; mode and owner are kept.
 *
 * @returns Whether the file was replaced.
 * @throws StoreError `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; system errors; the signal's reason.
 */
export async function updateFile(file: string, update: Update): Promise<boolean> {
  const { change, unchanged, prove = false, busy, signal } = update;
  const real = await realpath(file);
  await checkRoot(dirname(real));
  return await withLock(real, { busy, signal, wait: LONGEST_WAIT }, async (lock) => {
    const text = await change(real);
    if (text === undefined) return false;
    const handle = await open(lock.staged, "wx", 0o600);
    let renamed = false;
    try {
      await fill(handle, text, real).finally(() => handle.close());
      signal?.throwIfAborted();
      // A process that was held up for long may have lost its lock, and a link may lead elsewhere by now.
      const same = (await unchanged(real)) && (await realpath(file)) === real && (await lock.isOurs());
      if (!same || prove) return false;
      await rename(lock.staged, real);
      renamed = true;
    } finally {
      if (!renamed) await rm(lock.staged, { force: true });
    }
    // Some file systems do not sync folders; the new text is in place all the same.
    await syncFolder(dirname(real));
    return true;
  });
}

/** Writes the text to the disk. Nobody may read more of it on the way than the old file allowed. */
async function fill(handle: FileHandle, text: string, old: string): Promise<void> {
  await handle.writeFile(text, "utf8");
  const { mode, uid, gid } = await stat(old);
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  await handle.chmod(mode & 0o777);
  await handle.sync();
}
