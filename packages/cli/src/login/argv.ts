/** What `login` was given, as far as it decides about the provider. */
export interface LoginArgv {
  /** The value of `--provider` or `-p`. */
  readonly flag?: string;
  /** The first word that is neither a flag nor the value of one. */
  readonly word?: string;
  /** The words without that one; flags stay where they were. */
  readonly rest: readonly string[];
}

/**
 * Finds the provider in the words after `login`. oclif stops looking for a command at the first flag, so
 * `login --force layer5` arrives here whole.
 *
 * @param takesValue - Flags, with dashes, whose value is the next word.
 */
export function splitLoginArgv(argv: readonly string[], takesValue: ReadonlySet<string>): LoginArgv {
  let flag: string | undefined;
  let index = 0;
  while (index < argv.length) {
    const word = argv[index] ?? "";
    const [name = "", inline] = nameAndValue(word);
    if (word === "--") index += 1;
    if (word === "--" || !isFlag(word)) break;
    const separate = inline === undefined && takesValue.has(name);
    if (name === "--provider" || name === "-p") flag = separate ? argv[index + 1] : inline;
    index += separate ? 2 : 1;
  }
  const word = argv[index];
  const rest = word === undefined ? argv : argv.filter((_, position) => position !== index);
  const later = flag ?? laterFlag(argv.slice(index + 1), takesValue);
  return { ...(later === undefined ? {} : { flag: later }), ...(word === undefined ? {} : { word }), rest };
}

function laterFlag(argv: readonly string[], takesValue: ReadonlySet<string>): string | undefined {
  return argv.length === 0 ? undefined : splitLoginArgv(argv, takesValue).flag;
}

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** `--name=value`, `-pvalue` and `-p=value` in two parts. */
function nameAndValue(word: string): readonly [string, string | undefined] {
  const long = /^(--[^=]+)=(.*)$/s.exec(word);
  if (long) return [long[1] ?? "", long[2]];
  const short = /^(-[a-zA-Z])=?(.+)$/s.exec(word);
  return short && !word.startsWith("--") ? [short[1] ?? "", short[2]] : [word, undefined];
}
