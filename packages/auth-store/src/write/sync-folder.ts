import { type FileHandle, open } from "node:fs/promises";
import { errorName } from "../system-error.js";

/** What network, FUSE and Windows file systems say that cannot sync a folder and do not need to. */
const CANNOT_SYNC = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EPERM", "EISDIR", "ENOSYS"];

/**
 * Waits until the disk has the names in a folder.
 *
 * @returns `false` when the disk did not confirm it.
 */
export async function syncFolder(folder: string): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
    return true;
  } catch (error) {
    return CANNOT_SYNC.includes(errorName(error) ?? "");
  } finally {
    await handle?.close().catch(() => undefined);
  }
}
