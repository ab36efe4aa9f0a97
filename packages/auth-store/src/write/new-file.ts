import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { isSystemError } from "../system-error.js";

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Creates a file that was not there, with mode 0600 whatever the umask, and writes to it.
 *
 * @returns The open file. It is removed again when anything fails after its creation.
 */
export async function createFile(path: string, bytes: Uint8Array | string): Promise<FileHandle> {
  const handle = await open(path, FLAGS, 0o600);
  try {
    await handle.chmod(0o600);
    await writeAll(handle, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    return handle;
  } catch (error) {
    await discard(path, handle);
    throw error;
  }
}

/** The system may take less than it is given, when the disk fills up for one. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, done)).bytesWritten;
  }
}

/** Creates a file as {@link createFile} does and returns when the disk has it. */
export async function createSyncedFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await createFile(path, bytes);
  try {
    await handle.sync();
    await handle.close();
  } catch (error) {
    await discard(path, handle);
    throw error;
  }
}

/** Closes a file, if it is open yet, and removes it; for cleaning up after an error, so it has none of its own. */
export async function discard(path: string, handle?: FileHandle): Promise<void> {
  await handle?.close().catch(() => undefined);
  await unlink(path).catch(() => undefined);
}

/** Removes a file; one that is gone already is no error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}
