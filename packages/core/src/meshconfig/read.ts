import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** The largest config that is read, in bytes. */
export const LARGEST_CONFIG: number = 1024 * 1024;

/** Why a file cannot be read. `reason` completes "the file …". */
export interface Unreadable {
  readonly kind: "missing" | "unreadable";
  readonly reason: string;
}

export type ConfigText = { readonly kind: "text"; readonly text: string } | Unreadable;

/**
 * Reads a config file without ever waiting for one: a pipe or a device in its place is refused. The text keeps
 * its byte-order mark.
 */
export function readConfig(file: string): ConfigText {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return explain(error);
  }
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) return unreadable(status.isDirectory() ? "is a folder" : "is not a regular file");
    const bytes = Buffer.alloc(LARGEST_CONFIG + 1);
    let size = 0;
    for (let got = -1; got !== 0 && size < bytes.length; size += got) {
      got = readSync(fd, bytes, size, bytes.length - size, null);
    }
    if (size > LARGEST_CONFIG) return unreadable("is larger than 1 MiB");
    return decode(bytes.subarray(0, size));
  } catch (error) {
    return explain(error);
  } finally {
    closeSync(fd);
  }
}

function decode(bytes: Buffer): ConfigText {
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return unreadable("is not UTF-8 text");
  }
}

function explain(error: unknown): Unreadable {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (code === "ENOENT") return { kind: "missing", reason: "does not exist" };
  if (code === "EISDIR") return unreadable("is a folder");
  if (code === "ENOTDIR") return unreadable("cannot be there: a part of its path is not a folder");
  if (code === "EACCES" || code === "EPERM") return unreadable("cannot be read: permission is missing");
  if (code === "ELOOP") return unreadable("is a link that leads back to itself");
  if (code === "ENXIO") return unreadable("is not a regular file");
  return unreadable(`cannot be read (${code})`);
}

function unreadable(reason: string): Unreadable {
  return { kind: "unreadable", reason };
}
