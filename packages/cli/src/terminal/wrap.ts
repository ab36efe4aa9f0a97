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
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  indent = "",
): string {
  return foldTo(text, isTTY && !isPlain() ? columns : undefined, indent);
}

/** Folds prose to a width, with all lines but the first indented. What is too narrow for prose is not folded to. */
export function foldTo(text: string, columns: number | undefined, indent: string): string {
  const room = (columns ?? 0) - indent.length;
  return wrap(text, room < 20 ? undefined : room).join(`\n${indent}`);
}
