import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { inspectUrl, MeshauthError, printable, type Runtime } from "@meshauth/core";
import type { OptionSpec, OptionValues } from "@meshauth/provider-api";

/** Why a value is not one of an option's. */
interface Flaw {
  readonly message: string;
  readonly why: string;
  readonly next?: readonly string[];
}

/** The option as it is typed: `--issuer`, or `FILE` for the argument. */
export function typedName({ name, argument }: OptionSpec): string {
  return argument ? name.toUpperCase() : `--${name}`;
}

/**
 * What is wrong with a value that was not read by the parser of the command line; `undefined` when nothing is. No part
 * of the value is shown.
 */
export function flawOf(spec: OptionSpec, value: unknown): Flaw | undefined {
  const { name, type, values, min = -Infinity, max = Infinity } = spec;
  const flaw = (why: string): Flaw => ({ message: `The value of ${name} does not fit.`, why });
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? undefined : flaw("It is neither true nor false.");
    case "integer":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return flaw("It is no whole number.");
      if (value < min) return flaw(`It is less than ${min}.`);
      return value > max ? flaw(`It is greater than ${max}.`) : undefined;
    default:
      if (typeof value !== "string") return flaw("It is no text.");
      if (type === "url") return flawOfUrl(spec, value);
      if (values !== undefined && !values.includes(value)) return flaw(`It is none of ${values.join(", ")}.`);
      return undefined;
  }
}

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a value that does not fit. */
export function requireFit(spec: OptionSpec, value: unknown): void {
  const { message, ...flaw } = flawOf(spec, value) ?? {};
  if (message !== undefined) throw new MeshauthError("MESHAUTH_E_USAGE", { message, ...flaw });
}

/** The value that a line stands for. @throws MeshauthError `MESHAUTH_E_USAGE` for a line that does not fit. */
export function parseAnswer(
  spec: OptionSpec,
  line: string,
  place: Pick<Runtime, "cwd" | "home">,
): string | number {
  const text = line.trim();
  if (text === "") {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `The value of ${spec.name} is empty.`,
      why: "It is needed.",
    });
  }
  const value = spec.type === "integer" && /^-?\d+$/.test(text) ? Number(text) : text;
  requireFit(spec, value);
  // A file that is dragged into a terminal may come in quotation marks.
  return spec.type === "file" ? fileOf(spec, text.replace(/^(["'])(.+)\1$/s, "$2"), place) : value;
}

/**
 * The absolute path of a file, for whoever comes back to it from another folder.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for `-`: standard input is nothing to come back to.
 */
export function fileOf(
  { name }: Pick<OptionSpec, "name">,
  text: string,
  { cwd, home = homedir() }: Pick<Runtime, "cwd" | "home">,
): string {
  if (text === "-") {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `The value of ${name} is standard input, and has to be a file.`,
      why: "What comes on standard input is gone once it is read.",
      next: ["Give the path of a file."],
    });
  }
  const path = /^~(?=\/|$)/.test(text) ? join(home, text.slice(1)) : text;
  return isAbsolute(path) ? path : resolve(cwd, path);
}

/**
 * The options with absolute paths of files, for a login that goes on in another folder and without standard input.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a file that is `-`.
 */
export function withAbsolutePaths(
  specs: readonly OptionSpec[] = [],
  options: OptionValues,
  place: Pick<Runtime, "cwd" | "home">,
): OptionValues {
  const files = specs.flatMap((spec): [string, string][] => {
    const value = spec.type === "file" ? options[spec.name] : undefined;
    return typeof value === "string" ? [[spec.name, fileOf(spec, value, place)]] : [];
  });
  return { ...options, ...Object.fromEntries(files) };
}

/** A value for people, on one line and without anything that a terminal would obey. */
export function shownValue(value: string | number | boolean): string {
  return printable(String(value), 200);
}

function flawOfUrl({ name }: OptionSpec, text: string): Flaw | undefined {
  const verdict = inspectUrl(text, { allowHttp: true });
  if (verdict.kind === "url") return undefined;
  // The value is not shown: an address may hold a password.
  return {
    message: `The value of ${name} is no address that can be used.`,
    why: `It ${verdict.reason}.`,
    next: ["Give an address such as https://example.com."],
  };
}
