// Rounds in which everything is measured once, in an order of their own each: what else the machine does falls on all
// alike, and nothing runs behind the same other thing every time.
import { shuffled } from "./stats.mjs";

/** After so many others the floor is measured again: all is compared with it, so it has to be known best. */
const OTHERS = 6;

/** Even when the time is over, medians need so many rounds. */
const LEAST = 3;

/**
 * @param subjects By name, what to measure: a function that gives ms. The one named `floor` is measured more often.
 * @param end When to stop, as `Date.now()` counts; the round that runs is completed.
 * @returns By name, the ms of each run. The first round, which warms the machine's caches, is left out.
 */
export async function measure(subjects, { rounds, end = Number.POSITIVE_INFINITY, onRound }) {
  const names = Object.keys(subjects).filter((name) => name !== "floor");
  const floors = Array.from({ length: Math.ceil(names.length / OTHERS) }, () => "floor");
  const taken = Object.fromEntries([...names, "floor"].map((name) => [name, []]));
  for (let round = 0; round <= rounds && (round <= LEAST || Date.now() < end); round += 1) {
    onRound?.(round);
    for (const name of shuffled([...names, ...floors])) {
      const ms = await subjects[name]();
      if (round > 0) taken[name].push(ms);
    }
  }
  return taken;
}
