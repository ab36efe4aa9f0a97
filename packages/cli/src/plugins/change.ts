import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { toMeshauthError, withLock } from "@meshauth/core";
import { refuseRoot, storageFailure } from "../own-change.js";
import { dropSnapshot, restoreSnapshot, takeSnapshot } from "./snapshot.js";

export interface ChangeOptions {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** Tells the person something. */
  say(text: string): void;
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
  /** How long another process is waited for, in milliseconds; default: until the signal is aborted. */
  readonly limit?: number;
}

/**
 * Changes the plugins: one process at a time, and all or nothing. When `apply` fails, or when the process
 * dies and another one comes, what it did is undone.
 *
 * @throws MeshauthError `MESHAUTH_E_ROOT`, `MESHAUTH_E_STORE`, `MESHAUTH_E_LOCKED`, and whatever `apply` throws.
 */
export async function changePlugins<T>(options: ChangeOptions, apply: () => Promise<T>): Promise<T> {
  return await withPlugins(options, () => attempt(options.dataDir, apply));
}

/**
 * Runs work while no other process changes the plugins, and after what one that died has left is undone.
 *
 * @throws MeshauthError as {@link changePlugins}
 */
export async function withPlugins<T>(options: ChangeOptions, run: () => Promise<T>): Promise<T> {
  const { dataDir } = options;
  try {
    await refuseRoot(dataDir, options.uid);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await underLock(options, async () => {
      await restoreSnapshot(dataDir);
      return await run();
    });
  } catch (error) {
    throw storageFailure(error, dataDir, "The folder of the plugins cannot be changed.") ?? error;
  }
}

/** Runs work in this process's turn at the data folder. */
async function underLock<T>(
  { dataDir, signal, say, limit = Number.POSITIVE_INFINITY }: ChangeOptions,
  run: () => Promise<T>,
): Promise<T> {
  let held: unknown;
  const wait = {
    signal,
    wait: limit,
    busy: "Another meshauth is changing the plugins.",
    system: { program: "meshauth" },
    onWait(locked: unknown) {
      if (held === undefined) say("Another meshauth is changing the plugins. Waiting for it to finish.");
      held = locked;
    },
  };
  try {
    return await withLock(join(await realpath(dataDir), "plugins"), wait, async () => {
      held = undefined;
      return await run();
    });
  } catch (error) {
    throw held !== undefined && isTimeout(error) ? toMeshauthError(held) : error;
  }
}

async function attempt<T>(dataDir: string, apply: () => Promise<T>): Promise<T> {
  try {
    await takeSnapshot(dataDir);
  } catch (error) {
    // Half a copy is of no use, and takes room.
    await dropSnapshot(dataDir).catch(() => undefined);
    throw error;
  }
  try {
    const result = await apply();
    await dropSnapshot(dataDir);
    return result;
  } catch (error) {
    await restoreSnapshot(dataDir);
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === "MESHAUTH_E_TIMEOUT";
}
