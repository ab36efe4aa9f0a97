import type { ExitCode } from "./exit.js";

/** One row of the table of errors. */
export interface ErrorEntry {
  readonly exit: ExitCode;
  /** The message when the place that fails has no better one. One line. */
  readonly message: string;
  /** What usually causes it, in a sentence or two. */
  readonly cause: string;
  /** What to do next: commands or steps, the best first. */
  readonly next: readonly string[];
}
