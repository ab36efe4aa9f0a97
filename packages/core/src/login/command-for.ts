import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";

/** Made when it is used: the classes take time to work out, and this is loaded by commands that are asked often. */
const unsafe = (): RegExp => new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");

/** A word that was typed, as one word of a POSIX shell command that a person may copy: whole, however long. */
export function typedWord(text: string): string {
  const word = text.replace(unsafe(), "");
  return /^[\w.:+@/=,%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that was typed, with another flag.
 *
 * @param words - Everything behind the name of the program, as it was typed.
 * @param flag - The flag, and its value if it takes one.
 */
export function commandWith(words: readonly string[], ...flag: readonly string[]): string {
  const [flags, rest] = atEndOfFlags(words);
  return ["meshauth", ...[...flags, ...flag, ...rest].map(typedWord)].join(" ");
}

/** The words without a flag and its value, in either spelling. */
export function withoutFlag(words: readonly string[], flag: string): string[] {
  const [flags, rest] = atEndOfFlags(words);
  const kept = flags.filter(
    (word, index) => word !== flag && !word.startsWith(`${flag}=`) && flags[index - 1] !== flag,
  );
  return [...kept, ...rest];
}

/**
 * The flags of these names among the words, in either spelling, each with its value.
 *
 * @param options - Values by name; a flag whose value is a boolean stands alone.
 */
export function onlyFlags(words: readonly string[], options: Readonly<Record<string, unknown>>): string[] {
  const [flags] = atEndOfFlags(words);
  return flags.filter((word, index) =>
    Object.entries(options).some(
      ([name, value]) =>
        word === `--${name}` ||
        word.startsWith(`--${name}=`) ||
        (typeof value !== "boolean" && flags[index - 1] === `--${name}`),
    ),
  );
}

/** What comes before `--`, and the rest from there on. */
function atEndOfFlags(words: readonly string[]): [flags: readonly string[], rest: readonly string[]] {
  const end = words.indexOf("--");
  return end < 0 ? [words, []] : [words.slice(0, end), words.slice(end)];
}
