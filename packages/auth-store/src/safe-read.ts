import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { StoreError } from "./error.js";
import type { SystemFacts } from "./system.js";
import { attemptTo, isSystemError } from "./system-error.js";
import { shellWord, showPath } from "./text.js";

/** The largest credential file that is read: 1 MiB. */
export const LARGEST_FILE: number = 1024 * 1024;

/** Bytes of a file and what the open file was. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly stat: BigIntStats;
}

// Without O_NONBLOCK the open of a FIFO waits for a writer, for ever if there is none.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a regular file of ours, and nothing that merely looks like one: no link, pipe or device, no file
 * of another user, nothing over 1 MiB. What it is, is asked of the open file, so it cannot be swapped.
 *
 * @param mendOwner - The command to advise when the file belongs to someone else.
 * @returns `undefined` when there is no file.
 * @throws {@link StoreError}
 */
export async function readOwnFile(
  path: string,
  system: SystemFacts,
  mendOwner: string = adviceForOwner(path, system),
): Promise<FileContent | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, FLAGS);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ELOOP", "EMLINK")) throw unsafe(path, "it is a link");
    if (isSystemError(error, "ENXIO", "EOPNOTSUPP", "ENODEV")) throw unsafe(path, "it is not a regular file");
    return await attemptTo("read", path, () => Promise.reject(error));
  }
  return await attemptTo("read", path, async () => {
    try {
      return await readHandle(handle, path, system, mendOwner);
    } finally {
      await handle.close();
    }
  });
}

async function readHandle(
  handle: FileHandle,
  path: string,
  system: SystemFacts,
  mendOwner: string,
): Promise<FileContent> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) throw unsafe(path, "it is not a regular file");
  if (system.uid !== undefined && Number(stat.uid) !== system.uid) {
    throw unsafe(path, `it belongs to user ${stat.uid}, not to user ${system.uid}`, [mendOwner]);
  }
  if (stat.size > LARGEST_FILE) throw tooLarge(path);
  const buffer = Buffer.alloc(Number(stat.size) + 1);
  let length = 0;
  for (;;) {
    // One byte more than was announced shows a file that grows meanwhile.
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (bytesRead === 0) return { bytes: buffer.subarray(0, length), stat };
    if (length === buffer.length) return { bytes: await readRest(handle, buffer, path), stat };
  }
}

async function readRest(handle: FileHandle, start: Buffer, path: string): Promise<Uint8Array> {
  const buffer = Buffer.alloc(LARGEST_FILE + 1);
  let length = start.copy(buffer);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > LARGEST_FILE) throw tooLarge(path);
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}

function tooLarge(path: string): StoreError {
  return new StoreError("MESHAUTH_E_DAMAGED", "The credential file is damaged.", {
    why: `${showPath(path)} is larger than 1 MiB; no credential is.`,
    next: [`mv ${shellWord(path)} ${shellWord(`${path}.old`)}`],
  });
}

function adviceForOwner(path: string, system: SystemFacts): string {
  // Root that made the file its own would lock its user out.
  if (system.uid === 0) return "Run the command as that user, without sudo.";
  return `sudo chown ${system.uid} ${shellWord(path)}`;
}

/** The error for a path that breaks the rules; `reason` is a clause about it. */
export function unsafe(path: string, reason: string, next: readonly string[] = []): StoreError {
  return new StoreError("MESHAUTH_E_UNSAFE", "The credential file is not safe to use.", {
    why: `${showPath(path)}: ${reason}.`,
    next,
  });
}
