import { readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, removeFolders } from "../folder.js";
import { randomHex } from "../random.js";
import { isSystemError } from "../system-error.js";
import { createSyncedFile, discard, removeFile } from "../write/new-file.js";
import { type DataName, DataReader } from "./data-reader.js";

/** A file that was kept, and how to undo that. */
export interface Kept {
  readonly path: string;
  /** Never fails. */
  undo(): Promise<void>;
}

const NAMES: ReadonlySet<string> = new Set<DataName>(["details.json", "previous.json", "refused"]);
const DAMAGED = /^damaged-[0-9TZ]+-[0-9a-f]{8}\.json$/;
const TEMPORARY = /^\.(?:details\.json|previous\.json|refused)\.[0-9a-f]{8}\.tmp$/;

/** {@link DataReader} for whoever also writes. Everything in the folder is written under the credential file's lock. */
export class DataFolder extends DataReader {
  /** Replaces a file in one step. */
  async write(name: DataName, content: Uint8Array | string): Promise<Kept> {
    const path = join(this.path, name);
    const before = await this.read(name);
    const created = await createFolder(this.path);
    const temporary = join(this.path, `.${name}.${randomHex(4)}.tmp`);
    try {
      await createSyncedFile(temporary, content);
      await rename(temporary, path);
    } catch (error) {
      await discard(temporary);
      await removeFolders(created);
      throw error;
    }
    const undo = async () => {
      if (before !== undefined) await this.write(name, before).catch(() => undefined);
      else await discard(path);
      await removeFolders(created);
    };
    return { path, undo };
  }

  async remove(name: DataName): Promise<void> {
    await removeFile(join(this.path, name));
  }

  /** Keeps the bytes of a damaged credential file, beside those of earlier damage for now. */
  async keepDamaged(bytes: Uint8Array, now: Date): Promise<Kept> {
    const created = await createFolder(this.path);
    const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
    const path = join(this.path, `damaged-${time}-${randomHex(4)}.json`);
    const undo = async () => {
      await discard(path);
      await removeFolders(created);
    };
    try {
      await createSyncedFile(path, bytes);
    } catch (error) {
      await undo();
      throw error;
    }
    return { path, undo };
  }

  /** Removes the copies of earlier damage: each holds a token, and only the newest is of use to anyone. */
  async dropDamagedBut(newest: string): Promise<void> {
    await this.#removeAll((name) => DAMAGED.test(name) && join(this.path, name) !== newest);
  }

  /** Removes what a killed process was about to put in place. Under the lock nobody else is. */
  async sweep(): Promise<void> {
    await this.#removeAll((name) => TEMPORARY.test(name));
  }

  /** Removes all that is kept, and the folder when nothing else is in it. */
  async clear(): Promise<void> {
    await this.#removeAll((name) => NAMES.has(name) || DAMAGED.test(name) || TEMPORARY.test(name));
    await rmdir(this.path).catch(() => undefined);
  }

  async #removeAll(isMeant: (name: string) => boolean): Promise<void> {
    let names: string[];
    try {
      names = await readdir(this.path);
    } catch (error) {
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return;
      throw error;
    }
    for (const name of names) if (isMeant(name)) await removeFile(join(this.path, name));
  }
}
