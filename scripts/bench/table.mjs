// Tables that can be read in a terminal and put into a page.

/**
 * @param rows The first has the headings. All have the same length.
 * @param left How many columns, from the first, have words; the others have numbers and stand at the right.
 */
export function table(rows, left = 1) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const padded = (row) =>
    line(
      row.map((cell, column) =>
        column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      ),
    );
  const rule = line(widths.map((width, column) => `${"-".repeat(width - 1)}${column < left ? "-" : ":"}`));
  const [head, ...body] = rows;
  return `${padded(head)}${rule}${body.map(padded).join("")}`;
}

/** @returns The cells of a duration: its median in ms, and the middle eight of ten. */
export function duration({ median, p10, p90 }) {
  return [median.toFixed(1), `${p10.toFixed(1)} to ${p90.toFixed(1)}`];
}
