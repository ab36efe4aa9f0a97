import { attemptTo } from "../system-error.js";
import type { StoreWarning } from "../types.js";
import type { Writing } from "../write/write.js";
import type { Kept } from "./data-folder.js";
import { formatPrevious } from "./previous.js";

/** What became of the copy of what a login replaces. */
export interface PreviousKept {
  readonly kept?: Kept;
  /** Whether a copy of an earlier login is of no use any more. */
  readonly dropOlder: boolean;
  readonly warnings: readonly StoreWarning[];
}

/** Keeps the bytes of a damaged file that is about to be replaced; `undefined` for any other file. */
export async function keepDamaged({ place, reading, data }: Writing): Promise<Kept | undefined> {
  const { state } = reading;
  if (state.state !== "damaged") return undefined;
  return await attemptTo("written", data.path, () => data.keepDamaged(state.bytes, place.system.now()));
}

/**
 * Keeps a credential that is about to be replaced by a login. A login that was approved is worth more than the
 * way back, so a failure is a warning.
 */
export async function keepPrevious(
  replacement: Uint8Array,
  { place, reading, beside, data }: Writing,
): Promise<PreviousKept> {
  const { state, bytes } = reading;
  if (state.state !== "present" || bytes === undefined) return { dropOlder: true, warnings: [] };
  if (Buffer.compare(bytes, replacement) === 0) return { dropOlder: false, warnings: [] };
  const { digest } = state;
  const text = formatPrevious({ bytes, digest, details: beside.details, keptAt: place.system.now() });
  try {
    return { kept: await data.write("previous.json", text), dropOlder: false, warnings: [] };
  } catch {
    const message = "The credential that was replaced could not be kept, so it cannot be brought back.";
    return { dropOlder: true, warnings: [{ code: "previous", message }] };
  }
}
