import type { OptionSpec } from "@meshauth/provider-api";
import type { Interfaces } from "@oclif/core";
import { custom as customArg, integer as integerArg } from "@oclif/core/args";
import { boolean, integer, string } from "@oclif/core/flags";
import { type OptionValue, requireFit, shownValue } from "./values.js";

/** Values that count where no flag is given, by the names of options. */
export type Defaults = Readonly<Record<string, OptionValue>>;

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

/** The options that have a value, among the parsed flags and arguments. */
export function givenOptions(
  specs: readonly OptionSpec[] = [],
  values: Readonly<Record<string, unknown>>,
): Record<string, OptionValue> {
  return Object.fromEntries(
    specs.flatMap(({ name }): [string, OptionValue][] => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const isValue = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return isValue ? [[name, value]] : [];
    }),
  );
}

function savedOf({ name }: OptionSpec, saved: Defaults): OptionValue | undefined {
  return Object.hasOwn(saved, name) ? saved[name] : undefined;
}

/** A default, and the text by which help shows it: help texts are templates, and what would be code in one is taken apart. */
function defaultOf(value: OptionValue | undefined): object {
  if (value === undefined) return {};
  const shown = shownValue(value).replaceAll("<%", "< %").replaceAll("%>", "% >");
  return { default: async () => value, defaultHelp: shown };
}

function flag(spec: OptionSpec, saved: OptionValue | undefined): Interfaces.FlagInput[string] {
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

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a `url` that is none. */
function checkText(spec: OptionSpec, text: string): string {
  if (spec.type === "url") requireFit(spec, text);
  return text;
}
