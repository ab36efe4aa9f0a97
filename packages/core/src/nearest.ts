import { distance } from "./registry/likeness.js";

/**
 * The name that was probably meant by one that does not exist: at most one slip in three letters away.
 */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const slips = distance(wanted, name.toLowerCase());
    if (slips < fewest && slips <= Math.max(1, Math.floor(name.length / 3))) [best, fewest] = [name, slips];
  }
  return best;
}
