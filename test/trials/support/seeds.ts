import { randomInt } from "node:crypto";

/** Seconds that all trials together may take; each of them runs once, whatever that takes. */
const SECONDS = Number(process.env["TRIALS_SECONDS"] ?? 240);
/** Repeats a run that failed. */
const SEED = process.env["TRIALS_SEED"];

/** Random numbers that are the same for the same seed. */
export interface Random {
  /** From 0 to 1. */
  (): number;
  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number;
  pick<T>(values: readonly T[]): T;
  shuffle<T>(values: readonly T[]): T[];
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return Object.assign(next, {
    int,
    pick<T>(values: readonly T[]): T {
      return values[int(0, values.length - 1)] as T;
    },
    shuffle<T>(values: readonly T[]): T[] {
      const mixed = [...values];
      for (let last = mixed.length - 1; last > 0; last -= 1) {
        const other = int(0, last);
        [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
      }
      return mixed;
    },
  });
}

/** Prints a line about a trial, past vitest. */
export function note(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

/** How much of its share of the time a trial has left. */
export interface Clock {
  /** Whether there is time for something that takes so many milliseconds. */
  hasTimeFor(milliseconds: number): boolean;
}

export function clockOf(share: number): Clock {
  const end = performance.now() + SECONDS * 1000 * share;
  return { hasTimeFor: (milliseconds) => performance.now() + milliseconds < end };
}

/**
 * Runs a trial with a seed, and again with new ones until its share of the time is used up.
 *
 * @param run - Its result is a few words about what was seen.
 */
export async function storm(
  name: string,
  share: number,
  run: (random: Random) => Promise<string>,
): Promise<void> {
  const clock = clockOf(share);
  for (let longest = 0; longest === 0 || clock.hasTimeFor(longest); ) {
    const seed = SEED === undefined ? randomInt(2 ** 32) : Number(SEED);
    const start = performance.now();
    try {
      const seen = await run(randomFrom(seed));
      note(`${name}, seed ${seed}: ${seen}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
    } catch (error) {
      note(`${name} FAILED; to repeat it: TRIALS_SEED=${seed}`);
      throw error;
    }
    if (SEED !== undefined) return;
    longest = Math.max(longest, performance.now() - start);
  }
}
