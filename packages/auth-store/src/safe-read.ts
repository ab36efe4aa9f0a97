import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { StoreError } from "./error.js";
import type { SystemFacts } from "./system.js";
import { asStoreError, isSystemError } from "./system-error.js";
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

/** How messages speak of a file. */
export interface FileTerms {
  /** What the file is. */
  readonly what: string;
  /** The command to advise when the file belongs to someone else. */
  readonly mendOwner: string;
}

/**
 * Reads a regular file of ours, and nothing that merely looks like one: no link, pipe or device, no file
 * of another user, nothing over 1 MiB. What it is, is asked of the open file, so it cannot be swapped.
 *
 * @returns `undefined` when there is no file.
 * @throws {@link StoreError}
 */
export async function readOwnFile(
  path: string,
  system: SystemFacts,
  { what = "credential file", mendOwner = adviceForOwner(path, system) }: Partial<FileTerms> = {},
): Promise<FileContent | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, FLAGS);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ELOOP", "EMLINK")) throw unsafe(path, "it is a link", { what });
    if (isSystemError(error, "ENXIO", "EOPNOTSUPP", "ENODEV"))
      throw unsafe(path, "it is not a regular file", { what });
    throw asStoreError(error, "read", path, what);
  }
  try {
    return await readHandle(handle, path, system, { what, mendOwner }).finally(() => handle.close());
  } catch (error) {
    throw asStoreError(error, "read", path, what);
  }
}

async function readHandle(
  handle: FileHandle,
  path: string,
  system: SystemFacts,
  { what, mendOwner }: FileTerms,
): Promise<FileContent> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) throw unsafe(path, "it is not a regular file", { what });
  if (system.uid !== undefined && Number(stat.uid) !== system.uid) {
    const reason = `it belongs to user ${stat.uid}, not to user ${system.uid}`;
    throw unsafe(path, reason, { what, next: [mendOwner] });
  }
  if (stat.size > LARGEST_FILE) throw tooLarge(path, what);
  const buffer = Buffer.alloc(Number(stat.size) + 1);
  let length = 0;
  for (;;) {
    // One byte more than was announced shows a file that grows meanwhile.
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (bytesRead === 0) return { bytes: buffer.subarray(0, length), stat };
    if (length === buffer.length)
      return { bytes: await readRest(handle, buffer, () => tooLarge(path, what)), stat };
  }
}

async function readRest(handle: FileHandle, start: Buffer, tooLong: () => StoreError): Promise<Uint8Array> {
  const buffer = Buffer.alloc(LARGEST_FILE + 1);
  let length = start.copy(buffer);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > LARGEST_FILE) throw tooLong();
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}

function tooLarge(path: string, what: string): StoreError {
  return new StoreError("MESHAUTH_E_DAMAGED", `The ${what} is damaged.`, {
    why: `${showPath(path)} is larger than 1 MiB; no ${what} is.`,
    next: [`mv ${shellWord(path)} ${shellWord(`${path}.old`)}`],
  });
}

function adviceForOwner(path: string, system: SystemFacts): string {
  // Root that made the file its own would lock its user out.
  if (system.uid === 0) return "Run the command as that user, without sudo.";
  return `sudo chown ${system.uid} ${shellWord(path)}`;
}

/** The error for a path that breaks the rules; `reason` is a clause about it. */
export function unsafe(
  path: string,
  reason: string,
  { what = "credential file", next = [] }: { readonly what?: string; readonly next?: readonly string[] } = {},
): StoreError {
  return new StoreError("MESHAUTH_E_UNSAFE", `The ${what} is not safe to use.`, {
    why: `${showPath(path)}: ${reason}.`,
    next,
  });
}
