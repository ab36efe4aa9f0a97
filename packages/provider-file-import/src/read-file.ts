import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { isProviderError } from "@meshauth/provider-api";
import { refusal } from "./refusal.js";

/** The most that is read, in bytes: 1 MiB. */
export const LIMIT: number = 1024 * 1024;

/** What tells one file, in one state, from any other. */
export interface FileIdentity {
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** What tells a file from one that takes its place later. */
export function identityOf(path: string, stats: BigIntStats): FileIdentity {
  return { path, dev: stats.dev, ino: stats.ino, size: stats.size, mtimeNs: stats.mtimeNs };
}

/**
 * Reads a regular file of at most {@link LIMIT} bytes. A link is followed: a download may well be one. What
 * would never end, or never begin, is refused before a byte is read.
 *
 * @param what - The file's name for messages.
 * @throws {@link ProviderError} `input`
 */
export async function readRegularFile(
  path: string,
  what: string,
): Promise<{ readonly bytes: Uint8Array; readonly identity: FileIdentity }> {
  let file: FileHandle | undefined;
  try {
    // Opening alone can have effects on a device; without O_NONBLOCK a FIFO would wait for a writer.
    checkStats(await stat(path, { bigint: true }), what);
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat({ bigint: true });
    checkStats(stats, what);
    return { bytes: await readAll(file, what), identity: identityOf(path, stats) };
  } catch (error) {
    throw isProviderError(error) ? error : refusal(what, describe(error), [], error);
  } finally {
    await file?.close();
  }
}

function checkStats(stats: BigIntStats, what: string): void {
  if (!stats.isFile()) throw refusal(what, "it is not a regular file");
  if (stats.size > LIMIT) throw tooLarge(what);
}

/** The size was checked, but the file may be growing. */
async function readAll(file: FileHandle, what: string): Promise<Uint8Array> {
  const buffer = Buffer.alloc(LIMIT + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > LIMIT) throw tooLarge(what);
  }
}

function tooLarge(what: string): Error {
  return refusal(what, "it is larger than 1 MiB");
}

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file";
    case "EACCES":
    case "EPERM":
      return "it may not be read";
    case "ELOOP":
      return "it is a link that leads nowhere";
    case "ENXIO":
      return "it is not a regular file";
    default:
      return `it cannot be read (${code ?? "no code"})`;
  }
}
