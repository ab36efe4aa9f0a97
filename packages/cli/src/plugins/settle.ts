import type { TrustPlace } from "../trust/standing.js";
import { hasSnapshot } from "./snapshot.js";

/** How long a change of another process is waited for, in milliseconds. */
const CHANGE_LIMIT_MS = 10_000;

/**
 * Undoes what a process that died in the middle of a change has left. A change that is under way is left alone. Costs
 * one look at the folder when there is neither, and never fails: a folder that cannot be written stays as it is.
 */
export async function undoDead(place: TrustPlace): Promise<void> {
  if (hasSnapshot(place.dataDir)) await settle(place, 0);
}

/**
 * Looks at the plugins. When what is seen is not whole and a change was under way, it is looked at once more after
 * the change.
 *
 * @throws what `look` throws; the reason of the signal.
 */
export async function lookWhole<T>(
  place: TrustPlace,
  look: () => Promise<T>,
  isWhole: (seen: T) => boolean,
): Promise<T> {
  const changing = hasSnapshot(place.dataDir);
  const seen = await look();
  if (isWhole(seen) || !(changing || hasSnapshot(place.dataDir))) return seen;
  await settle(place, CHANGE_LIMIT_MS);
  return await look();
}

/** Takes a turn at the plugins, which undoes what a dead process has left; without one everything stays as it is. */
async function settle(
  { dataDir, uid, signal = new AbortController().signal }: TrustPlace,
  limit: number,
): Promise<void> {
  const { withPlugins } = await import("./change.js");
  try {
    await withPlugins({ dataDir, uid, signal, limit, say: () => undefined }, async () => undefined);
  } catch {
    signal.throwIfAborted();
  }
}
