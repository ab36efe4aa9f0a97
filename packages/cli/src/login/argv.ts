/** What `login` was given, as far as it decides about the provider. */
export interface LoginArgv {
  /** The value of `--provider` or `-p`. */
  readonly flag?: string;
  /** Without such a flag, the first word that is neither a flag nor the value of one. */
  readonly word?: string;
  /** The words without those; the others stay where they were. */
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
  let first: number | undefined;
  const rest: string[] = [];
  for (let index = 0, plain = false; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (plain || !isFlag(word)) {
      first ??= rest.length;
      rest.push(word);
    } else if (word === "--") {
      plain = true;
      rest.push(word);
    } else {
      const [name, inline] = nameAndValue(word);
      const following = argv[index + 1];
      const separate =
        inline === undefined && takesValue.has(name) && following !== undefined && !isFlag(following);
      const value = separate ? following : inline;
      if (separate) index += 1;
      // Without a value it names no provider, and is refused as such.
      if (name === "--provider" || name === "-p") flag = value ?? "";
      else rest.push(word, ...(separate && value !== undefined ? [value] : []));
    }
  }
  if (flag !== undefined) return { flag, rest };
  if (first === undefined) return { rest };
  const word = rest[first] ?? "";
  return { word, rest: rest.filter((_, position) => position !== first) };
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
