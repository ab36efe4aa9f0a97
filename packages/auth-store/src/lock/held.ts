import { readFileSync, unlinkSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { WorkPaths } from "../paths.js";
import type { SystemFacts } from "../system.js";
import { discard, removeFile } from "../write/new-file.js";
import { seeLock } from "./record.js";

const HEARTBEAT = 5_000;

interface Holding {
  readonly paths: WorkPaths;
  readonly system: SystemFacts;
  readonly nonce: string;
  readonly content: string;
  readonly handle: FileHandle;
}

/** A lock that this process holds, with a sign of life every five seconds. */
export class HeldLock {
  /** Where this holder may stage a file. It goes with an exit of the process. */
  readonly staged: string;
  /** The file system's time at which the lock was taken, in milliseconds. */
  readonly takenAt: number;
  readonly #holding: Holding;
  readonly #heartbeat: NodeJS.Timeout;
  #lastBeat: Promise<unknown> = Promise.resolve();

  private constructor(holding: Holding, takenAt: number) {
    this.#holding = holding;
    this.takenAt = takenAt;
    this.staged = holding.paths.staged(holding.nonce);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT);
    this.#heartbeat.unref();
    process.once("exit", this.#onExit);
  }

  static async hold(holding: Holding): Promise<HeldLock> {
    try {
      return new HeldLock(holding, (await holding.handle.stat()).mtimeMs);
    } catch (error) {
      await discard(holding.paths.lock, holding.handle);
      throw error;
    }
  }

  /**
   * Where this holder may stage a renewal. One that is left there is put in place by the next holder.
   *
   * @param base - The SHA-256, in hexadecimal, of the bytes that it is to replace.
   */
  stagedRenewal(base: string): string {
    return this.#holding.paths.staged(this.#holding.nonce, base);
  }

  /** Whether the lock is still this one: a process that was asleep for long may have lost it. */
  async isOurs(): Promise<boolean> {
    const { paths, system, nonce } = this.#holding;
    return (await seeLock(paths.lock, system))?.record?.nonce === nonce;
  }

  /** Gives the lock up. Never fails: a lock that cannot be removed is taken over once this process is gone. */
  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    process.removeListener("exit", this.#onExit);
    await this.#lastBeat;
    await this.#holding.handle.close().catch(() => undefined);
    try {
      if (await this.isOurs()) await removeFile(this.#holding.paths.lock);
    } catch {
      // What was written under the lock is good all the same.
    }
  }

  /** Writing lets the file system's own clock set the time; setting it would use this machine's. */
  #beat(): void {
    const { handle, content } = this.#holding;
    this.#lastBeat = handle
      .write(content, 0)
      .then(() => handle.sync())
      .catch(() => undefined);
  }

  readonly #onExit = (): void => {
    const { paths, nonce } = this.#holding;
    try {
      unlinkSync(this.staged);
    } catch {
      // Nothing was staged.
    }
    try {
      if (readFileSync(paths.lock, "utf8").includes(nonce)) unlinkSync(paths.lock);
    } catch {
      // It is gone, or whoever comes next finds its owner dead.
    }
  };
}
