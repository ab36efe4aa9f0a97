import { acquireLock, type LockOptions } from "./lock/lock.js";
import { workPaths } from "./paths.js";
import { type SystemFacts, systemFacts } from "./system.js";
import { sweepStaged } from "./write/sweep.js";

/** A lock while it is held. */
export interface Lock {
  /** A free name beside the file for staging a new one. A file that is left there goes with an exit of the process. */
  readonly staged: string;
  /** Whether the lock is still this one: a process that was asleep for long may have lost it. */
  isOurs(): Promise<boolean>;
}

/** How {@link withLock} waits, and for whom. */
export interface WithLockOptions extends LockOptions {
  /** Facts of machine and process, where they are not to be those of this process. */
  readonly system?: Partial<SystemFacts> | undefined;
}

/**
 * Does work on a file that programs of this package take turns at, under the lock `<file>.lock`: the same that
 * the credential file has. The lock of a live process is never taken; that of a dead one is, at once. On every
 * path the lock is given up.
 *
 * @param file - An absolute path without links; its folder must be there, the file need not be.
 * @throws {@link StoreError} `MESHAUTH_E_LOCKED` at the limit, `MESHAUTH_E_UNSAFE` for a lock that someone else
 *   has put there; system errors for a folder that cannot be written; the signal's reason; what `run` throws.
 */
export async function withLock<T>(
  file: string,
  options: WithLockOptions,
  run: (lock: Lock) => Promise<T>,
): Promise<T> {
  const paths = workPaths(file);
  const system = systemFacts(options.system);
  const lock = await acquireLock(paths, system, options);
  try {
    await sweepStaged(paths, lock, system);
    return await run(lock);
  } finally {
    await lock.release();
  }
}
