// What is to be reached, and whether it was.

/** Ratios to bare Node in the same run, unless it says otherwise. */
export const TARGETS = {
  hot: 1.12,
  status: 1.25,
  start: 2.4,
  help: 2.5,
  /** To a script that prints the same words in a terminal. */
  prompt: 1.6,
  /** With 100 providers of others, to the same with none. */
  providers: 1.15,
  /** The last answer of 100 processes, to the answer of one; the token has ended, so it is renewed in both. */
  crowd: 3,
  /** MiB over bare Node. */
  memory: 5,
};

/** How far from its target a value may be before the guard fails: other work on the machine makes values noisy. */
const GUARD = 2;

/** What is beyond its target for reasons that docs/performance.md tells has a limit of its own. */
const LIMITS = {
  "check, offline": 8,
  "check, offline, 100 providers to none": 4,
  "login, until the prompt can be used": 4,
  "login, until the prompt can be used, 100 providers to none": 3,
};

/** @returns What the last columns say: the target, and whether the value, as it is printed, has reached it. */
export function verdict(value, target) {
  if (target === undefined) return ["", ""];
  return [target.toFixed(2), value <= target ? "yes" : "no"];
}

/** @returns Those of `{name, value, target}` that are beyond twice their targets, or a limit of their own. */
export function farOff(judged) {
  return judged.filter(
    ({ name, value, target }) => target !== undefined && value > (LIMITS[name] ?? GUARD * target),
  );
}
