import { lineBreak } from "./style.js";

/** A change of one stretch of a text: what is between `start` and `end` becomes `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function apply(text: string, { start, end, text: replacement }: Splice): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/**
 * Adds whole lines after the line that an offset is in; a comment at the end of that line stays there. A file
 * without a final line break still has none afterwards.
 */
export function linesAfter(text: string, offset: number, lines: readonly string[]): Splice {
  const newline = lineBreak(text);
  if (offset > 0 && text[offset - 1] === "\n") {
    return { start: offset, end: offset, text: lines.map((line) => line + newline).join("") };
  }
  const next = /\r?\n|$/g;
  next.lastIndex = offset;
  const at = next.exec(text)?.index ?? text.length;
  return { start: at, end: at, text: lines.map((line) => newline + line).join("") };
}
