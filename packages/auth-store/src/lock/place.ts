import { type FileHandle, link } from "node:fs/promises";
import { isSystemError } from "../system-error.js";
import { createFile, discard, removeFile } from "../write/new-file.js";

/** What file systems without hard links answer: FAT, exFAT, some network and FUSE file systems. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR", "EMLINK"];

/**
 * Puts a file with its whole content at a name, if that name is free: it is written under another name
 * first and then linked, so nobody sees it half written. Without hard links it is created exclusively.
 *
 * @param temporary - A name in the same folder; free again afterwards.
 * @returns The open file; `undefined` when the name was taken.
 */
export async function place(
  path: string,
  temporary: string,
  content: string,
): Promise<FileHandle | undefined> {
  const handle = await createFile(temporary, content);
  let placed = false;
  try {
    placed = await tryLink(temporary, path, handle);
  } catch (error) {
    if (!isSystemError(error, ...NO_LINKS)) throw error;
    return await placeExclusively(path, content);
  } finally {
    await removeFile(temporary);
    if (!placed) await handle.close();
  }
  return placed ? handle : undefined;
}

async function tryLink(temporary: string, path: string, handle: FileHandle): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // NFS may report failure for a link that was made, when its first answer was lost.
    if ((await handle.stat()).nlink > 1) return true;
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

async function placeExclusively(path: string, content: string): Promise<FileHandle | undefined> {
  try {
    return await createFile(path, content);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return undefined;
    throw error;
  }
}

/** The present time of the file system that a folder is on, in milliseconds; its clock may be another machine's. */
export async function fileSystemTime(temporary: string): Promise<number> {
  const handle = await createFile(temporary, "?");
  try {
    return (await handle.stat()).mtimeMs;
  } finally {
    await discard(temporary, handle);
  }
}
