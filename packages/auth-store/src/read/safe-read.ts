import { type BigIntStats, closeSync, readSync } from "node:fs";
import { StoreError } from "../error.js";
import type { SystemFacts } from "../system.js";
import { asStoreError } from "../system-error.js";
import { shellWord, showPath } from "../text.js";
import { type FileTerms, type OpenFile, openOwnFile } from "./safe-open.js";

/** The largest credential file that is read: 1 MiB. */
export const LARGEST_FILE: number = 1024 * 1024;

/** Bytes of a file and what the open file was. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly stat: BigIntStats;
}

/** How a file is read. */
export interface ReadTerms extends FileTerms {
  /** The most bytes that it may have; default 1 MiB. */
  readonly largest: number;
}

/**
 * Reads a file that {@link openOwnFile} opens, unless it is too large.
 *
 * @returns `undefined` when there is no file.
 * @throws {@link StoreError}
 */
export async function readOwnFile(
  path: string,
  system: SystemFacts,
  terms: Partial<ReadTerms> = {},
): Promise<FileContent | undefined> {
  const { what = "credential file", largest = LARGEST_FILE } = terms;
  const file = await openOwnFile(path, system, terms);
  if (file === undefined) return undefined;
  const tooLarge = () =>
    new StoreError("MESHAUTH_E_DAMAGED", `The ${what} is damaged.`, {
      why: `${showPath(path)} is larger than ${largest / LARGEST_FILE} MiB; no ${what} is.`,
      next: [`mv ${shellWord(path)} ${shellWord(`${path}.old`)}`],
    });
  try {
    return { bytes: readAndClose(largest, file, tooLarge), stat: file.stat };
  } catch (error) {
    throw asStoreError(error, "read", path, what);
  }
}

function readAndClose(largest: number, file: OpenFile, tooLarge: () => StoreError): Uint8Array {
  try {
    return readUpTo(largest, file, tooLarge);
  } finally {
    closeSync(file.fd);
  }
}

function readUpTo(largest: number, { fd, stat }: OpenFile, tooLarge: () => StoreError): Uint8Array {
  if (stat.size > largest) throw tooLarge();
  // One byte more than was announced shows a file that grows meanwhile.
  let buffer = Buffer.alloc(Number(stat.size) + 1);
  for (let length = 0; ; ) {
    const bytesRead = readSync(fd, buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > largest) throw tooLarge();
    if (bytesRead === 0) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], largest + 1);
  }
}
