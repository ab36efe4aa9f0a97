import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** What a file that decides over code may be: whose it is, and how large. */
export interface OwnFileOptions {
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
  /** Whether the system's administrator may have made it. */
  readonly administrator?: boolean;
  /** Bytes. */
  readonly limit: number;
}

/** A file's text; `text` is absent where there is no file, or `problem`, a sentence, says why it cannot be believed. */
export interface OwnFile {
  readonly text?: string;
  readonly problem?: string;
}

/** Reads a file that nobody but its owner can have written. Never fails. */
export function readOwnFile(path: string, options: OwnFileOptions): OwnFile {
  let file: number;
  try {
    // Without O_NONBLOCK the opening of a FIFO would wait for a writer.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = openSync(path, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    return { problem: code === "ELOOP" ? "It is a link." : `It cannot be read (${code}).` };
  }
  try {
    return readChecked(file, options);
  } catch (error) {
    return { problem: `It cannot be read (${(error as NodeJS.ErrnoException).code}).` };
  } finally {
    closeSync(file);
  }
}

function readChecked(file: number, { uid, administrator = false, limit }: OwnFileOptions): OwnFile {
  const stat = fstatSync(file);
  if (!stat.isFile()) return { problem: "It is not a regular file." };
  if (uid !== undefined && stat.uid !== uid && !(administrator && stat.uid === 0))
    return { problem: "It belongs to another user." };
  if (uid !== undefined && (stat.mode & 0o022) !== 0) return { problem: "Other users can write to it." };
  if (stat.size > limit) return { problem: "It is too large." };
  return { text: readFileSync(file, "utf8") };
}
