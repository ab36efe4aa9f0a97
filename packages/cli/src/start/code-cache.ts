import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Script } from "node:vm";

/**
 * What V8 has compiled of a script before, kept in a file. It is code that runs unseen, so only a file counts that nobody
 * else could have written. A file that is missing, stale, damaged or of unknown origin costs time and nothing else.
 *
 * V8 does not look for damage. The file holds what was compiled twice, and a comparison of the two is the fastest way to
 * find any: no module has to be loaded for it.
 */
export class CodeCache {
  readonly #folder: string;
  readonly #path: string;
  readonly #head: Buffer;

  /**
   * @param folder - Holds such files and nothing else.
   * @param name - The script's.
   * @param source - The script's file. With any change of it, what was kept is stale.
   */
  constructor(folder: string, name: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats) {
    this.#folder = folder;
    this.#path = join(folder, `${name}-${process.version}-${process.arch}`);
    this.#head = Buffer.from(`${[dev, ino, size, mtimeMs, ctimeMs].join(" ")}\n`);
  }

  /** @returns `undefined` when there is none that can be trusted. V8 may refuse it still. */
  read(): Buffer | undefined {
    try {
      if (!isOurs(lstatSync(this.#folder), "isDirectory")) return undefined;
      const bytes = readOwn(this.#path);
      const start = this.#head.length;
      if (bytes === undefined || !bytes.subarray(0, start).equals(this.#head)) return undefined;
      const middle = (start + bytes.length) / 2;
      const data = bytes.subarray(start, middle);
      return data.length > 0 && data.equals(bytes.subarray(middle)) ? data : undefined;
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
      writeFileSync(temporary, Buffer.concat([this.#head, data, data]), { flag: "wx", mode: 0o600 });
      renameSync(temporary, this.#path);
      removeOld(this.#folder);
    } catch {
      remove(temporary);
    }
  }
}

/** When what another version of Node has left, or a writer that was killed, is removed, in milliseconds. */
const KEPT_FOR = 30 * 24 * 3_600_000;

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

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - lstatSync(path).mtimeMs > KEPT_FOR) remove(path);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, and is of use to nobody.
  }
}
