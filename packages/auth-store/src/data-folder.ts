import { randomBytes } from "node:crypto";
import { readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, removeFolders } from "./folder.js";
import { createSyncedFile, discard, removeFile } from "./new-file.js";
import { digestOf } from "./state.js";
import { isSystemError } from "./system-error.js";

/** A file that was kept, and how to undo that. */
export interface Kept {
  readonly path: string;
  undo(): Promise<void>;
}

const DETAILS = "details.json";
const DAMAGED = /^damaged-[0-9TZ]+-[0-9a-f]{8}\.json$/;

/**
 * What belongs to one credential file and must not be beside it: a folder of its own, named by the
 * SHA-256 of the credential file's real path.
 */
export class DataFolder {
  readonly path: string;

  constructor(dataDir: string, realFile: string) {
    this.path = join(dataDir, "credentials", digestOf(realFile));
  }

  get details(): string {
    return join(this.path, DETAILS);
  }

  /** Replaces the details in one step. */
  async writeDetails(text: string): Promise<void> {
    const created = await createFolder(this.path);
    const temporary = join(this.path, `.${DETAILS}.${randomBytes(4).toString("hex")}.tmp`);
    try {
      await createSyncedFile(temporary, text);
      await rename(temporary, this.details);
    } catch (error) {
      await discard(temporary);
      await removeFolders(created);
      throw error;
    }
  }

  /** Keeps the bytes of a damaged credential file, beside those of earlier damage for now. */
  async keepDamaged(bytes: Uint8Array, now: Date): Promise<Kept> {
    const created = await createFolder(this.path);
    const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
    const path = join(this.path, `damaged-${time}-${randomBytes(4).toString("hex")}.json`);
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
    for (const name of await readdir(this.path)) {
      const path = join(this.path, name);
      if (DAMAGED.test(name) && path !== newest) await removeFile(path);
    }
  }

  async removeDetails(): Promise<void> {
    await removeFile(this.details);
  }

  /** Removes the details and the damaged copies, and the folder when nothing else is in it. */
  async clear(): Promise<void> {
    let names: string[];
    try {
      names = await readdir(this.path);
    } catch (error) {
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return;
      throw error;
    }
    for (const name of names) {
      if (name === DETAILS || DAMAGED.test(name)) await removeFile(join(this.path, name));
    }
    await rmdir(this.path).catch(() => undefined);
  }
}
