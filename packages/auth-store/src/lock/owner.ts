import { readFile } from "node:fs/promises";
import type { SystemFacts } from "../system.js";
import { isSystemError } from "../system-error.js";
import type { LockSighting } from "./record.js";

/** How old the last sign of life of a holder may be when nothing else can be known about it. */
const LONGEST_SILENCE = 60_000;
/** The same when its process is gone, on a machine whose name is all that is known of it. */
const LONGEST_SILENCE_OF_GONE = 15_000;

/**
 * Whether the holder of a lock is dead. On the same start of the same machine the process tells; the lock
 * of a live process is never given away, however long it is held. Of any other holder only its silence
 * tells, measured by the file system's clock.
 *
 * @param fileSystemNow - The file system's present time in milliseconds. It is asked for only when needed.
 */
export async function isDead(
  sighting: LockSighting,
  system: SystemFacts,
  fileSystemNow: () => Promise<number>,
): Promise<boolean> {
  const silentFor = async (limit: number) => (await fileSystemNow()) - sighting.modified > limit;
  const { record } = sighting;
  if (record === undefined || record.host !== system.hostname || record.boot !== system.bootId) {
    return await silentFor(LONGEST_SILENCE);
  }
  if (record.namespace !== system.pidNamespace) return await silentFor(LONGEST_SILENCE);
  const now = await processStart(record.pid);
  if (record.boot === undefined) {
    return await silentFor(now === "gone" ? LONGEST_SILENCE_OF_GONE : LONGEST_SILENCE);
  }
  return now === "gone" || (record.start !== undefined && now !== undefined && now !== record.start);
}

/**
 * When a process started, as Linux tells it: clock ticks since the start of the machine.
 *
 * @returns `"gone"` when there is no such process, or only its exit status is left; `undefined` when it is
 *   there and its start cannot be told.
 */
export async function processStart(pid: number): Promise<string | "gone" | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    if (isSystemError(error, "ESRCH")) return "gone";
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // The name in the second field may have spaces and parentheses of its own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields[0], fields[19]];
    return state === "Z" || state === "X" ? "gone" : start;
  } catch {
    return undefined;
  }
}
