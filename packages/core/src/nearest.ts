/**
 * The name that was probably meant by one that does not exist: at most one slip in three letters away, or
 * one that starts the same way.
 */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const slips = distance(wanted, name.toLowerCase());
    if (slips < fewest && slips <= Math.max(1, Math.floor(name.length / 3))) [best, fewest] = [name, slips];
  }
  if (best !== undefined || wanted.length < 2) return best;
  return [...names].find((name) => name.toLowerCase().startsWith(wanted));
}

/**
 * How many slips lead from one word to the other: a letter too many, one too few, one wrong, or two
 * swapped (Damerau-Levenshtein, optimal string alignment).
 */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + wrong,
        swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(a.length, b.length);
}
