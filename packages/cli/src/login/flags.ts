import { hasTwoSteps, type InstalledProvider, MeshauthError } from "@meshauth/core";
import type { OptionSpec } from "@meshauth/provider-api";
import type { Interfaces } from "@oclif/core";
import { custom as customArg, integer as integerArg } from "@oclif/core/args";
import { boolean, custom, integer, string } from "@oclif/core/flags";
import { TARGET_FLAGS, WAIT_FLAGS } from "../base.js";
import type { SavedValue } from "../settings/file.js";
import { parseValidity } from "./duration.js";
import { requireFit, shownValue } from "./values.js";

const providerFlag = (hidden: boolean) =>
  string({
    char: "p",
    description:
      "The provider by id, title, or the name that the Meshery Server uses, or saved settings; case does not matter.",
    helpValue: "NAME",
    hidden,
  });

/** Flags of every login. */
export const LOGIN_FLAGS = {
  provider: providerFlag(false),
  ...TARGET_FLAGS,
  ...WAIT_FLAGS,
  force: boolean({ description: "Replace a valid login of another account without asking." }),
  "own-file": boolean({
    description: "Keep this context's login in a file of its own, so that other contexts keep theirs.",
  }),
  "expect-account": string({
    description: "Fail, and write nothing, when another account signs in.",
    helpValue: "ID|EMAIL",
    parse: async (text) =>
      requireText(text, "--expect-account expects the id or the e-mail address of an account."),
  }),
  "skip-verify": boolean({
    description: "Do not ask the server or the provider who signed in.",
    exclusive: ["expect-account"],
  }),
  explain: boolean({
    description: "Only tell which ways in are open on this machine, and which one would be taken.",
  }),
};

/** The second step of a login that `--start` began. */
export const COMPLETE_FLAG = string({
  description: "Finish the login of this ticket, or tell that nobody has signed in yet.",
  helpValue: "TICKET",
  parse: async (text) => requireText(text, "--complete expects the ticket that --start printed."),
});

/** For providers whose flow goes through a browser. @param token - Whether a token can be pasted, too. */
const browserFlags = (token: boolean): Interfaces.FlagInput => ({
  "no-browser": boolean({ description: "Print the link and open nothing." }),
  port: integer({
    description: "The local port that the browser comes back to.",
    min: 1,
    max: 65_535,
    helpValue: "N",
  }),
  paste: boolean({
    description: `Open nothing, and paste the address of the last page${token ? " or a token" : ""}.`,
  }),
});

/** For providers whose login waits for someone with a link. @param others - The other flags of the provider's login. */
function twoStepFlags(others: Interfaces.FlagInput): Interfaces.FlagInput {
  return {
    start: boolean({
      description: "Print the link and a ticket, and leave; the login goes on without a terminal.",
      exclusive: ["complete", "explain", ...["token-stdin", "paste"].filter((name) => name in others)],
    }),
    complete: COMPLETE_FLAG,
  };
}

/** For commands that hand out a token. */
export const MIN_VALIDITY_FLAG = {
  "min-validity": custom<number>({
    description: "How long the token has to be valid from now on, such as 90s or 10m; 5m if not given.",
    helpValue: "TIME",
    parse: async (text) => parseValidity(text),
  })(),
};

const TOKEN_FLAG = {
  "token-stdin": boolean({ description: "Take a token from standard input." }),
};

/** Values that count where no flag is given, by the names of options. */
export type Defaults = Readonly<Record<string, SavedValue>>;

/** All flags of `login <id>`, by the provider's declaration. @param saved - Come before environment variables. */
export function flagsOf({ entry }: InstalledProvider, saved: Defaults = {}): Interfaces.FlagInput {
  const token = entry.flows.includes("paste");
  const ways = {
    ...(entry.flows.includes("browser") ? browserFlags(token) : {}),
    ...(token ? TOKEN_FLAG : {}),
  };
  return {
    ...optionFlags(entry.options, saved),
    ...ways,
    ...(hasTwoSteps(entry) ? twoStepFlags(ways) : {}),
    ...LOGIN_FLAGS,
    provider: providerFlag(true),
  };
}

/** The flags for options, but the one that is the argument. */
export function optionFlags(specs: readonly OptionSpec[] = [], saved: Defaults = {}): Interfaces.FlagInput {
  return Object.fromEntries(
    specs.filter(({ argument }) => !argument).map((spec) => [spec.name, flag(spec, savedOf(spec, saved))]),
  );
}

/** The argument among options, if there is one. */
export function argsOf(specs: readonly OptionSpec[] = [], saved: Defaults = {}): Interfaces.ArgInput {
  const spec = specs.find(({ argument }) => argument);
  if (spec === undefined) return {};
  const { name, summary: description, values } = spec;
  const common = { name, description, ignoreStdin: true, ...defaultOf(savedOf(spec, saved)) };
  if (spec.type === "integer") return { [name]: integerArg({ ...common, ...boundsOf(spec) }) };
  return {
    [name]: customArg<string>({
      ...common,
      ...(values === undefined ? {} : { options: [...values] }),
      parse: async (text) => checkText(spec, text),
    })(),
  };
}

/** Names of all flags that take a value, with their one-letter forms, over every provider. */
export function valueFlags(providers: readonly InstalledProvider[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const flags of [
    LOGIN_FLAGS,
    ...providers.map((installed) => flagsOf(installed)),
  ] as readonly Interfaces.FlagInput[]) {
    for (const [name, { type, char }] of Object.entries(flags)) {
      if (type !== "option") continue;
      names.add(`--${name}`);
      if (char) names.add(`-${char}`);
    }
  }
  return names;
}

/** The options that have a value, among the parsed flags and arguments. */
export function givenOptions(
  specs: readonly OptionSpec[] = [],
  values: Readonly<Record<string, unknown>>,
): Record<string, SavedValue> {
  return Object.fromEntries(
    specs.flatMap(({ name }): [string, SavedValue][] => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const isValue = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return isValue ? [[name, value]] : [];
    }),
  );
}

function savedOf({ name }: OptionSpec, saved: Defaults): SavedValue | undefined {
  return Object.hasOwn(saved, name) ? saved[name] : undefined;
}

/** A default, and the text by which help shows it: help texts are templates, and what would be code in one is taken apart. */
function defaultOf(value: SavedValue | undefined): object {
  if (value === undefined) return {};
  const shown = shownValue(value).replaceAll("<%", "< %").replaceAll("%>", "% >");
  return { default: async () => value, defaultHelp: shown };
}

function flag(spec: OptionSpec, saved: SavedValue | undefined): Interfaces.FlagInput[string] {
  const common = {
    description: spec.summary,
    ...(spec.env === undefined || saved !== undefined ? {} : { env: spec.env }),
    ...defaultOf(saved),
    ...(spec.placeholder === undefined ? {} : { helpValue: spec.placeholder }),
  };
  // What was saved as true can be taken back.
  if (spec.type === "boolean") return boolean({ ...common, ...(saved === true ? taken(spec) : {}) });
  if (spec.type === "integer") return integer({ ...common, ...boundsOf(spec) });
  return string({
    ...common,
    ...(spec.values === undefined ? {} : { options: [...spec.values] }),
    parse: async (text: string) => checkText(spec, text),
  });
}

/** For a flag that counts as given. */
function taken({ summary }: OptionSpec): { allowNo: boolean; description: string } {
  return { allowNo: true, description: `[saved] ${summary}` };
}

function boundsOf({ min, max }: OptionSpec): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a value that is empty, as of a variable that is not set. */
function requireText(text: string, message: string): string {
  if (text.trim() !== "") return text;
  throw new MeshauthError("MESHAUTH_E_USAGE", { message, why: "The value is empty." });
}

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a `url` that is none. */
function checkText(spec: OptionSpec, text: string): string {
  if (spec.type === "url") requireFit(spec, text);
  return text;
}
