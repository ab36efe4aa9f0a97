/**
 * Characters that act on a terminal, reorder or break a line, or mean nothing in public, instead of being
 * seen: control and format characters, surrogates, private use, line and paragraph separators.
 *
 * It is the inside of a character class, for expressions with the flag `u`.
 *
 * @example
 * ```ts
 * new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");
 * ```
 */
export const UNSAFE_CHARACTERS = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}";

/** The longest word, in UTF-16 units, of which a part may be left. */
const LONGEST_CUT_WORD = 24;

/** Made when it is used for the first time: the classes take time to work out, and many a text has none of them. */
const unsafe = (): RegExp => new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");

/**
 * Text from a server, a file or a package, made fit for one line of a terminal: control, format and
 * bidirectional characters are dropped, white space is folded, and what is longer than `limit` is cut.
 *
 * A word of more than 24 characters may be a secret, which nobody would recognize by a part of it: the cut never
 * leaves a part of one, but takes all of it away.
 */
export function printable(text: string, limit = 200): string {
  const line = text.replace(/\s+/gu, " ").replace(unsafe(), "").trim();
  return line.length > limit ? `${cut(line, Math.max(limit - 1, 0))}…` : line;
}

function cut(line: string, end: number): string {
  const kept = line.slice(0, end);
  const start = kept.lastIndexOf(" ") + 1;
  const next = line.indexOf(" ", end);
  const word = (next < 0 ? line.length : next) - start;
  // A cut right before or behind a word leaves nothing of one.
  const whole = start === end || next === end;
  if (!whole && word > LONGEST_CUT_WORD) return kept.slice(0, start);
  return kept.replace(/[\ud800-\udbff]$/, "");
}

/** Such text as one word of a POSIX shell command that a person may copy. */
export function shellWord(text: string): string {
  const word = printable(text);
  return /^[\w.:+@-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
