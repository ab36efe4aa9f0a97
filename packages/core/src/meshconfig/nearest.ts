/** The name that was most likely meant: at most two slips away, or one that starts the same way. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const text = typed.toLowerCase();
  const ranked = names
    .map((name) => ({ name, slips: distance(text, name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  if (best && best.slips <= Math.min(2, Math.floor(text.length / 2))) return best.name;
  return text.length < 2 ? undefined : names.find((name) => name.toLowerCase().startsWith(text));
}

/** How many letters have to be changed, added, left out or swapped with their neighbour. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const change = (above[column - 1] ?? 0) + (same ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : change;
      current.push(Math.min(change, swap, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
