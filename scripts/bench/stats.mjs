// What is made of measured numbers. Nothing here measures.

/** @returns The value below which so much of the numbers lies, `part` from 0 to 1; between two numbers, in proportion. */
export function percentile(numbers, part) {
  if (numbers.length === 0) throw new TypeError("There are no numbers.");
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

export function median(numbers) {
  return percentile(numbers, 0.5);
}

/** @returns The median, and between which values the middle eight of ten lie. */
export function summary(numbers) {
  return {
    median: rounded(median(numbers)),
    p10: rounded(percentile(numbers, 0.1)),
    p90: rounded(percentile(numbers, 0.9)),
    runs: numbers.length,
  };
}

/** @returns The median of the ratios of what was measured in the same rounds, with two decimals. */
export function ratio(numbers, floor) {
  return rounded(median(numbers.map((number, round) => number / floor[round])));
}

/** @returns The same in another order, each order as likely as any other. */
export function shuffled(list, random = Math.random) {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

export function rounded(number) {
  return Math.round(number * 100) / 100;
}
