// Rounds in which everything is measured once. What is compared with each other is one group, and measured one after the
// other, so that what else the machine does at that moment falls on all of it.
import { shuffled } from "./stats.mjs";

/** Even when the time is over, medians need so many rounds. */
const LEAST = 3;

/**
 * @param groups What to measure: functions that give ms, by name, in groups by name. Each round has the groups in an order
 *   of its own, so that none runs behind the same other one every time.
 * @param end When to stop, as `Date.now()` counts; the round that runs is completed.
 * @returns By the same names, the ms of each round. The first round, which warms the machine's caches, is left out.
 */
export async function measure(groups, { rounds, end = Number.POSITIVE_INFINITY, onRound }) {
  const names = Object.keys(groups);
  const taken = Object.fromEntries(names.map((name) => [name, {}]));
  for (let round = 0; round <= rounds && (round <= LEAST || Date.now() < end); round += 1) {
    onRound?.(round);
    for (const name of shuffled(names)) {
      for (const [member, run] of Object.entries(groups[name])) {
        const ms = await run();
        taken[name][member] ??= [];
        if (round > 0) taken[name][member].push(ms);
      }
    }
  }
  return taken;
}
