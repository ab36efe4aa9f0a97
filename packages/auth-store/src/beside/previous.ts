import { stateOf } from "../read/state.js";
import type { Details, Previous } from "../types.js";
import { formatDetails, parseDetails } from "./details.js";
import { JsonObject } from "./json-object.js";

const VERSION = 1;
const USABLE_FOR = 24 * 60 * 60_000;
/** Of the file that replaces it. */
const MODE = 0o600;

/** The copy of what a login replaced. */
export interface PreviousCopy {
  /** Exactly what the credential file held. Secret. */
  readonly bytes: Uint8Array;
  /** The same in the terms of a reader. */
  readonly shown: Previous;
}

/** What a login replaces, with the time of that. */
export interface Replaced {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly digest: string;
  readonly details: Details | undefined;
  readonly keptAt: Date;
}

/** The text of the file that keeps what a login replaces. */
export function formatPrevious({ bytes, digest, details, keptAt }: Replaced): string {
  const kept = {
    version: VERSION,
    keptAt: keptAt.toISOString(),
    content: Buffer.from(bytes).toString("base64"),
    details: details === undefined ? null : formatDetails({ details, digest }),
  };
  return `${JSON.stringify(kept, undefined, 2)}\n`;
}

/**
 * Reads a copy.
 *
 * @returns `undefined` when it is none, or not of the last 24 hours. One from as far in the future is as good: the
 *   clock was set back since.
 */
export function parsePrevious(text: Uint8Array, now: Date): PreviousCopy | undefined {
  try {
    const root = JsonObject.parse(text);
    const keptAt = root.text("keptAt");
    const age = Math.abs(now.getTime() - Date.parse(keptAt));
    if (root.get("version") !== VERSION || !(age <= USABLE_FOR)) return undefined;
    const bytes = Buffer.from(root.text("content"), "base64");
    const state = stateOf(bytes, MODE);
    if (state.state !== "present") return undefined;
    const { details } = root.optionalText("details");
    const known = details === undefined ? undefined : parseDetails(details, state.digest);
    return { bytes, shown: { keptAt, state, details: known } };
  } catch {
    return undefined;
  }
}
