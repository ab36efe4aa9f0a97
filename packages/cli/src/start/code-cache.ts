import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Script } from "node:vm";
import { crc32 } from "node:zlib";

/**
 * What V8 has compiled of a script before, kept in a file. It is code that runs unseen, so only a file counts that nobody
 * else could have written. A file that is missing, stale, damaged or of unknown origin costs time and nothing else.
 */
export class CodeCache {
  readonly #folder: string;
  readonly #path: string;
  readonly #source: number;

  /** @param folder - Holds such files and nothing else. @param source - The script's bytes. */
  constructor(folder: string, name: string, source: Uint8Array) {
    this.#folder = folder;
    this.#path = join(folder, `${name}-${process.versions.v8}-${process.arch}`);
    this.#source = crc32(source);
  }

  /** @returns `undefined` when there is none that can be trusted. V8 may refuse it still. */
  read(): Buffer | undefined {
    try {
      if (!isOurs(lstatSync(this.#folder), "isDirectory")) return undefined;
      const bytes = readOwn(this.#path);
      const data = bytes?.subarray(HEADER);
      if (bytes === undefined || data === undefined) return undefined;
      const isWhole = bytes.readUInt32LE(0) === this.#source && bytes.readUInt32LE(4) === crc32(data);
      return isWhole ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps what has been compiled of the script by now. Never fails. */
  write(script: Script): void {
    const temporary = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (!isOurs(lstatSync(this.#folder), "isDirectory")) return;
      const data = script.createCachedData();
      const header = Buffer.alloc(HEADER);
      header.writeUInt32LE(this.#source, 0);
      header.writeUInt32LE(crc32(data), 4);
      writeFileSync(temporary, Buffer.concat([header, data]), { flag: "wx", mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch {
      remove(temporary);
    }
  }
}

/** The checksums of the script's text and of the data. */
const HEADER = 8;
const LARGEST = 16 * 1024 * 1024;
const WRITABLE_BY_OTHERS = 0o022;

function readOwn(path: string): Buffer | undefined {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const status = fstatSync(file);
    const counts = isOurs(status, "isFile") && status.nlink === 1 && status.size <= LARGEST;
    return counts ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function isOurs(status: Stats, kind: "isDirectory" | "isFile"): boolean {
  const uid = process.geteuid?.();
  if (!status[kind]()) return false;
  return uid === undefined || (status.uid === uid && (status.mode & WRITABLE_BY_OTHERS) === 0);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is found again by its name, and may be removed by anybody.
  }
}
