/**
 * Characters that act on a terminal, reorder or break a line, or mean nothing in public, instead of being
 * seen: control and format characters, surrogates, private use, line and paragraph separators.
 *
 * It is the inside of a character class, for expressions with the flag `u`.
 *
 * @example
 * new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu")
 */
export const UNSAFE_CHARACTERS = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}";

const UNSAFE = new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");

/**
 * Text from a server, a file or a package, made fit for one line of a terminal: control, format and
 * bidirectional characters are dropped, white space is folded, and what is longer than `limit` is cut.
 */
export function printable(text: string, limit = 200): string {
  const line = text.replace(/\s+/gu, " ").replace(UNSAFE, "").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** Such text as one word of a POSIX shell command that a person may copy. */
export function shellWord(text: string): string {
  const word = printable(text);
  return /^[\w.:+@-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
