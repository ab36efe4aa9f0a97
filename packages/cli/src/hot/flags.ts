/** A flag that takes no value. */
interface Switch {
  readonly kind: "switch";
}

/** A flag with a value. */
interface Option<T> {
  readonly kind: "option";
  readonly char?: string;
  /** Reads the value. What it throws, or `undefined`, is a value that is not answered here. */
  readonly read: (text: string) => T | undefined;
}

/** The flags of a hot command by name. */
export type HotFlags = Readonly<Record<string, Switch | Option<unknown>>>;

/** What was typed. */
export type Typed<Flags extends HotFlags> = {
  readonly [Name in keyof Flags]?: Flags[Name] extends Option<infer T> ? T : true;
};

/** A flag that takes no value. */
export const flag: Switch = { kind: "switch" };

/** A flag with a text. */
export function text(char?: string): Option<string> {
  return { kind: "option", ...(char === undefined ? {} : { char }), read: (value) => value };
}

/** A flag with a value that is more than a text. */
export function value<T>(read: (text: string) => T | undefined): Option<T> {
  return { kind: "option", read };
}

/**
 * Reads flags that are spelled plainly: `--name`, `--name VALUE`, `--name=VALUE` or `-n VALUE`, each once.
 *
 * @returns `undefined` for anything else. oclif's parser has the whole of the grammar, and all messages.
 */
export function readFlags<Flags extends HotFlags>(
  argv: readonly string[],
  flags: Flags,
): Typed<Flags> | undefined {
  const typed: Record<string, unknown> = {};
  for (let at = 0; at < argv.length; at++) {
    const { name, inline } = split(argv[at] ?? "", flags);
    const meant = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (meant === undefined || Object.hasOwn(typed, name)) return undefined;
    if (meant.kind === "switch") {
      if (inline !== undefined) return undefined;
      typed[name] = true;
      continue;
    }
    if (inline === undefined) at += 1;
    const given = inline ?? argv[at] ?? "";
    if (given === "" || given.startsWith("-")) return undefined;
    typed[name] = meant.read(given);
    if (typed[name] === undefined) return undefined;
  }
  return typed as Typed<Flags>;
}

function split(word: string, flags: HotFlags): { readonly name: string; readonly inline?: string } {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0
      ? { name: word.slice(2) }
      : { name: word.slice(2, equals), inline: word.slice(equals + 1) };
  }
  const found = Object.entries(flags).find(
    ([, meant]) => meant.kind === "option" && meant.char !== undefined && word === `-${meant.char}`,
  );
  return { name: found?.[0] ?? "" };
}
