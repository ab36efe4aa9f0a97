import type { ErrorCode } from "../errors/table.js";
import { printable } from "../text.js";
import type { Fault } from "./model.js";
import type { MeshconfigProblem } from "./types.js";

/** A problem before it is told: `text` is a clause about the file, or a sentence by itself. */
export interface Draft {
  readonly about: MeshconfigProblem["about"];
  readonly fatal?: ErrorCode;
  readonly text: string;
  readonly next: string;
  readonly line?: number | undefined;
  /** The sentence does not speak of the file. */
  readonly elsewhere?: boolean;
}

/** A fault of the file that is no reason to stop. */
export function tolerated(
  { line, message }: Fault,
  next = "Correct the file, or let mesheryctl make a new one.",
): Draft {
  return { about: "file", text: message, line, next };
}

/** A file in which nothing can be relied on. */
export function unusable(
  text: string,
  line?: number,
  next = "Correct the file, or move it away and let mesheryctl make a new one.",
): Draft {
  return { about: "file", fatal: "MESHAUTH_E_CONFIG", text, line, next };
}

/** The same without being a reason to stop. */
export function softened({ fatal: _, ...draft }: Draft): Draft {
  return draft;
}

export function finish(
  { about, fatal, text, next, line, elsewhere }: Draft,
  file: string,
): MeshconfigProblem {
  const where = `${printable(file, 500)}${line === undefined ? "" : `, line ${line}`}`;
  return {
    about,
    message: elsewhere ? text : `${where}: ${text}.`,
    next,
    ...(fatal === undefined ? {} : { fatal }),
    ...(line === undefined ? {} : { line }),
  };
}
