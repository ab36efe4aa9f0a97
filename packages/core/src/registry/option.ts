import { NAME_PATTERN, type OptionSpec } from "@meshauth/provider-api";
import { isJsonObject, type JsonObject, member } from "./json-file.js";
import { Refusal } from "./refusal.js";
import { RESERVED_OPTIONS } from "./reserved.js";
import { kind, line, list, quote, unique } from "./text-check.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TYPES: readonly string[] = ["string", "boolean", "integer", "url", "file"];
const ENV_NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;
const PLACEHOLDER = /^[A-Z][A-Z0-9_|-]{0,23}$/;
// Completion offers the values as words of a shell: no white space, quotes or brackets.
const VALUE = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,63}$/;

/**
 * The options of one provider.
 *
 * @throws {@link Refusal} with the path of the member that is wrong.
 */
export function parseOptions(value: unknown, where: string): readonly OptionSpec[] {
  const options = list(value, where).map((item, index) => parseOption(item, `${where}[${index}]`));
  unique(
    options.map(({ name }) => name),
    where,
  );
  if (options.filter(({ argument }) => argument).length > 1) {
    throw new Refusal(`${where} has more than one option with "argument".`);
  }
  return options;
}

function parseOption(value: unknown, where: string): OptionSpec {
  if (!isJsonObject(value)) throw new Refusal(`${where} is ${kind(value)}, not an object.`);
  const name = member(value, "name");
  if (typeof name !== "string" || !NAME_PATTERN.test(name)) {
    throw new Refusal(
      `${where}.name is ${quote(name)}: it must be a lower-case letter, then letters, digits and hyphens, 32 characters at most.`,
    );
  }
  if (RESERVED_OPTIONS.has(name)) throw new Refusal(`${where}.name is "${name}", a flag of every login.`);
  const type = member(value, "type");
  if (typeof type !== "string" || !TYPES.includes(type)) {
    throw new Refusal(`${where}.type is ${quote(type)}, not one of ${TYPES.join(", ")}.`);
  }
  const option: Mutable<OptionSpec> = {
    name,
    type: type as OptionSpec["type"],
    summary: line(member(value, "summary"), `${where}.summary`, 120),
  };
  for (const key of ["argument", "required"] as const) {
    const given = member(value, key);
    if (given === undefined) continue;
    if (typeof given !== "boolean")
      throw new Refusal(`${where}.${key} is ${kind(given)}, not true or false.`);
    if (given && type === "boolean") throw new Refusal(`${where}.${key} makes no sense for a boolean.`);
    option[key] = given;
  }
  const placeholder = pattern(value, "placeholder", where, PLACEHOLDER, "capitals, such as URL");
  if (placeholder !== undefined) option.placeholder = placeholder;
  const env = pattern(value, "env", where, ENV_NAME, "the name of an environment variable in capitals");
  if (env !== undefined) option.env = env;
  addValues(option, value, where);
  addBounds(option, value, where);
  return option;
}

function pattern(
  value: JsonObject,
  key: string,
  where: string,
  form: RegExp,
  what: string,
): string | undefined {
  const given = member(value, key);
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !form.test(given))
    throw new Refusal(`${where}.${key} is ${quote(given)}, not ${what}.`);
  return given;
}

function addValues(option: Mutable<OptionSpec>, value: JsonObject, where: string): void {
  const given = member(value, "values");
  if (given === undefined) return;
  if (option.type !== "string") throw new Refusal(`${where}.values is for the type string only.`);
  const values = list(given, `${where}.values`).map((item, index) => {
    if (typeof item === "string" && VALUE.test(item)) return item;
    throw new Refusal(
      `${where}.values[${index}] is ${quote(item)}, not a word of letters, digits and . _ : / @ + -.`,
    );
  });
  if (values.length === 0) throw new Refusal(`${where}.values is empty.`);
  unique(values, `${where}.values`);
  option.values = values;
}

function addBounds(option: Mutable<OptionSpec>, value: JsonObject, where: string): void {
  for (const key of ["min", "max"] as const) {
    const given = member(value, key);
    if (given === undefined) continue;
    if (option.type !== "integer") throw new Refusal(`${where}.${key} is for the type integer only.`);
    if (!Number.isSafeInteger(given))
      throw new Refusal(`${where}.${key} is ${kind(given)}, not a whole number.`);
    option[key] = given as number;
  }
  if (option.min !== undefined && option.max !== undefined && option.min > option.max) {
    throw new Refusal(`${where}.min is greater than its max.`);
  }
}
