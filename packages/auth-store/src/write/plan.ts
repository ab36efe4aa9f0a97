import type { Commit } from "../commit.js";
import type { Details } from "../types.js";
import { encodeMembers, encodeRenewed } from "./encode.js";
import type { Writing } from "./write.js";

/** How a commit gives the file new content. */
export interface Plan {
  /** The content. */
  readonly bytes: Uint8Array;
  /** What is known about it. */
  readonly details: Details | undefined;
  /**
   * Whether the details are written before the file, for both contents, and not after it: so they hold whenever the
   * process is killed.
   */
  readonly detailsFirst: boolean;
  /** Whether the next holder of the lock finishes what this process could not. */
  readonly adoptable: boolean;
  /** What becomes of the copy of what a login replaced. */
  readonly previous: "made" | "left" | "used";
}

/** A commit that gives the file content. */
export type Filling = Exclude<Commit, { readonly empty: true } | { readonly refused: true }>;

/** @throws {@link StoreError} `MESHAUTH_E_DAMAGED` for content that no Meshery tool could read. */
export function planOf(commit: Filling, { reading, beside }: Writing): Plan {
  if ("members" in commit) {
    return {
      bytes: encodeMembers(commit.members),
      details: commit.details,
      detailsFirst: false,
      adoptable: false,
      previous: commit.keepPrevious ? "made" : "left",
    };
  }
  if ("renewed" in commit) {
    if (reading.bytes === undefined) throw new Error("there is no file to renew");
    return {
      bytes: encodeRenewed(commit.renewed),
      details: commit.details,
      detailsFirst: true,
      adoptable: true,
      previous: "left",
    };
  }
  if (beside.previous === undefined) throw new Error("there is nothing to restore");
  const { bytes, shown } = beside.previous;
  return { bytes, details: shown.details, detailsFirst: true, adoptable: false, previous: "used" };
}
