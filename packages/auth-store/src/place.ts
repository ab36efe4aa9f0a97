import type { SystemFacts } from "./system.js";

/** Where a store works. */
export interface Place {
  /** The credential file as it was given; it may be a link. */
  readonly file: string;
  readonly dataDir: string;
  readonly system: SystemFacts;
}
