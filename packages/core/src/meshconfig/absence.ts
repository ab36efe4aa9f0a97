import { printable } from "../text.js";
import type { Meshconfig } from "./types.js";

/** Says of a config that does not count as one why: a sentence without its full stop. */
export function absenceOf({ file, empty }: Pick<Meshconfig, "file" | "empty">): string {
  const path = printable(file, 500);
  return empty ? `${path} is empty` : `There is no ${path}`;
}
