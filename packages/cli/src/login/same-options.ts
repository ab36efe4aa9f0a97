import { type Explanation, isMeshauthError, typedWord } from "@meshauth/core";

/** A flag or an argument as it was typed: the form in which oclif's parser hands them on. */
export interface Typed {
  readonly type: "arg" | "flag";
  /** The name of a flag. */
  readonly flag?: string;
  /** Its value, or the flag itself where it has none. */
  readonly input: string;
}

/** The login whose advice it is. */
export interface SameLogin {
  /** The provider's id, or the name of saved settings. */
  readonly name: string;
  /** The names of the options that are the provider's own. */
  readonly options: readonly string[];
  readonly typed: readonly Typed[];
}

/**
 * A step of advice. Where it is to sign in with the same provider, it has the provider's options that were typed: without
 * them the command would ask for them, or sign in somewhere else.
 */
export function withSameOptions(step: string, { name, options, typed }: SameLogin): string {
  const [, first = "", rest = ""] = /^(meshauth login)((?: .*)?)$/s.exec(step) ?? [];
  const same = rest === "" || rest === ` ${name}` || rest.startsWith(` ${name} `);
  const words = rest.split(" ");
  if (first === "" || !same || words.includes("--help") || words.includes("--complete")) return step;
  const flags = typed.flatMap(({ type, flag = "", input }) => {
    if (type !== "flag" || !options.includes(flag)) return [];
    if (words.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))) return [];
    return input.startsWith(`--${flag}`) ? [input] : [`--${flag}`, typedWord(input)];
  });
  if (flags.length === 0) return step;
  return `${[first, name, ...flags].join(" ")}${rest.slice(name.length + 1)}`;
}

/** The same for whatever was thrown: an error of ours has its advice changed. */
export function adviseSameOptions(error: unknown, login: SameLogin): unknown {
  if (!isMeshauthError(error)) return error;
  return Object.assign(error, { next: error.next.map((step) => withSameOptions(step, login)) });
}

/** The ways in with what to type for this login. */
export function explainSameOptions(explanation: Explanation, login: SameLogin): Explanation {
  const ways = explanation.ways.map((way) => ({
    ...way,
    command: way.command === null ? null : withSameOptions(way.command, login),
  }));
  return { ...explanation, ways };
}
