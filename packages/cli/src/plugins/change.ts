import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MeshauthError } from "@meshauth/core";
import { acquireLock, locked } from "./lock.js";
import { dropSnapshot, restoreSnapshot, takeSnapshot } from "./snapshot.js";

export interface ChangeOptions {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** Tells the person something. */
  say(text: string): void;
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
}

/**
 * Changes the plugins: one process at a time, and all or nothing. When `apply` fails, or when the process
 * dies and another one comes, what it did is undone.
 *
 * @throws MeshauthError `MESHAUTH_E_ROOT`, `MESHAUTH_E_STORE`, `MESHAUTH_E_LOCKED`, and whatever `apply` throws.
 */
export async function changePlugins<T>(options: ChangeOptions, apply: () => Promise<T>): Promise<T> {
  const { dataDir, signal, say } = options;
  const lock = join(dataDir, ".plugins-lock");
  try {
    await refuseRoot(options);
    await mkdir(dataDir, { recursive: true });
    const release = await acquireLock(lock, {
      signal,
      onWait: () => say("Another meshauth is changing the plugins. Waiting for it to finish."),
    }).catch((error: unknown) => {
      throw isTimeout(error) ? locked(lock) : error;
    });
    try {
      await restoreSnapshot(dataDir);
      return await attempt(dataDir, apply);
    } finally {
      await release();
    }
  } catch (error) {
    throw storageFailure(error, dataDir) ?? error;
  }
}

async function attempt<T>(dataDir: string, apply: () => Promise<T>): Promise<T> {
  await takeSnapshot(dataDir);
  try {
    const result = await apply();
    await dropSnapshot(dataDir);
    return result;
  } catch (error) {
    await restoreSnapshot(dataDir);
    throw error;
  }
}

/** Root would leave files in a user's folder that the user cannot change any more. */
async function refuseRoot({ dataDir, uid }: ChangeOptions): Promise<void> {
  if (uid !== 0) return;
  for (let folder = dataDir; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined && folder !== dirname(folder)) continue;
    if (found === undefined || found.uid === 0) return;
    throw new MeshauthError("MESHAUTH_E_ROOT", {
      why: `The program runs as root, and ${folder} belongs to another user.`,
    });
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === "MESHAUTH_E_TIMEOUT";
}

function storageFailure(error: unknown, dataDir: string): MeshauthError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const refused = [
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOSPC",
    "EDQUOT",
    "EIO",
    "ENOTDIR",
    "EEXIST",
    "EISDIR",
    "ELOOP",
  ];
  if (code === undefined || !refused.includes(code)) return undefined;
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: "The folder of the plugins cannot be changed.",
    why: `The operating system refused a file in ${dataDir} (${code}).`,
    next: ["Make room, or make the folder yours, and try again.", "meshauth which"],
    cause: error,
  });
}
