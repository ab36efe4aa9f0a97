import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";

const UNSAFE = new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");

/** A word that was typed, as one word of a POSIX shell command that a person may copy: whole, however long. */
export function typedWord(text: string): string {
  const word = text.replace(UNSAFE, "");
  return /^[\w.:+@/=,%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that was typed, with another flag.
 *
 * @param words - Everything behind the name of the program, as it was typed.
 */
export function commandWith(words: readonly string[], flag: string): string {
  const end = words.indexOf("--");
  const flags = end < 0 ? words : words.slice(0, end);
  const rest = end < 0 ? [] : words.slice(end);
  return ["meshauth", ...[...flags, flag, ...rest].map(typedWord)].join(" ");
}
