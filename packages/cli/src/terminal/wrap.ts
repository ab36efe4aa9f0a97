import { isPlain } from "./color.js";

/** Folds prose at spaces. A word that is too long stays whole. */
export function wrap(text: string, columns: number | undefined): string[] {
  if (columns === undefined || text.length < columns) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length < columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Folds prose to a terminal, with all lines but the first indented. Where there is no terminal, or a screen reader, it
 * stays on one line.
 */
export function fold(
  text: string,
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  indent = "",
): string {
  const { columns = 0 } = stream;
  const room = columns - indent.length;
  if (!stream.isTTY || room < 20 || isPlain()) return text;
  return wrap(text, room).join(`\n${indent}`);
}
