import { type BigIntStats, closeSync, constants, fstatSync, openSync } from "node:fs";
import { StoreError } from "../error.js";
import type { SystemFacts } from "../system.js";
import { asStoreError, isSystemError } from "../system-error.js";
import { shellWord, showPath } from "../text.js";

/** An open file and what it was when it was opened. */
export interface OpenFile {
  /** The caller closes it. */
  readonly fd: number;
  readonly stat: BigIntStats;
}

/** How messages speak of a file. */
export interface FileTerms {
  /** What the file is. */
  readonly what: string;
  /** The command to advise when the file belongs to someone else. */
  readonly mendOwner: string;
  /** The command to advise when it is no regular file. */
  readonly mendType: (isFolder: boolean) => string;
}

// Without O_NONBLOCK the open of a FIFO waits for a writer, for ever if there is none.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file of ours, and nothing that merely looks like one: no link, pipe or device, no file of
 * another user. What it is, is asked of the open file, so it cannot be swapped.
 *
 * @returns `undefined` when there is no file.
 * @throws {@link StoreError}
 */
export async function openOwnFile(
  path: string,
  system: SystemFacts,
  { what = "credential file", mendOwner = adviceForOwner(path, system), mendType }: Partial<FileTerms> = {},
): Promise<OpenFile | undefined> {
  const wrongType = (reason: string, isFolder = false): StoreError =>
    unsafe(path, reason, { what, next: mendType === undefined ? [] : [mendType(isFolder)] });
  let fd: number;
  try {
    fd = openSync(path, FLAGS);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ELOOP", "EMLINK")) throw wrongType("it is a link");
    if (isSystemError(error, "ENXIO", "EOPNOTSUPP", "ENODEV")) throw wrongType("it is not a regular file");
    throw asStoreError(error, "read", path, what);
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) throw wrongType("it is not a regular file", stat.isDirectory());
    if (system.uid === undefined || Number(stat.uid) === system.uid) return { fd, stat };
    const reason = `it belongs to user ${stat.uid}, not to user ${system.uid}`;
    throw unsafe(path, reason, { what, next: [mendOwner] });
  } catch (error) {
    closeSync(fd);
    throw asStoreError(error, "read", path, what);
  }
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
