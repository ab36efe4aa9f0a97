import { type InstalledProvider, isMeshauthError, MeshauthError, type Runtime } from "@meshauth/core";
import type { OptionSpec } from "@meshauth/provider-api";
import { type OptionValue, parseAnswer, typedName } from "./values.js";

/** How often an answer that does not fit is asked for again. */
const TRIES = 3;

type Values = Readonly<Record<string, OptionValue>>;

/** Which options are asked for, of whom, and what to type where nobody can be asked. */
export interface AskInput {
  readonly installed: InstalledProvider;
  /** The options that may be asked for. */
  readonly specs: readonly OptionSpec[];
  readonly given: Values;
  /** The help of the command. */
  readonly help: string;
}

/**
 * The options with those that are required and were not given: the person is asked for them.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` where nobody can be asked, and for an answer that does not fit however
 *   often it is asked for; the signal's reason.
 */
export async function askForMissing(
  runtime: Pick<Runtime, "terminal" | "cwd" | "home">,
  { installed, specs, given, help }: AskInput,
  signal: AbortSignal,
): Promise<Values> {
  const missing = specs.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  const asked: [string, string | number][] = [];
  for (const spec of missing) {
    if (!runtime.terminal.interactive) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: `Missing ${typedName(spec)}, which ${installed.entry.title} needs.`,
        why: "It was not given, and nobody can be asked here.",
        next: [help],
      });
    }
    asked.push([spec.name, await ask(runtime, spec, signal)]);
  }
  return { ...given, ...Object.fromEntries(asked) };
}

async function ask(
  { terminal, ...place }: Pick<Runtime, "terminal" | "cwd" | "home">,
  spec: OptionSpec,
  signal: AbortSignal,
): Promise<string | number> {
  const { summary: message, values } = spec;
  if (values !== undefined) {
    const choices = values.map((value) => ({ value, label: value }));
    return await terminal.choose({ message, choices }, signal);
  }
  for (let attempt = 1; ; attempt += 1) {
    const line = await terminal.ask({ message }, signal);
    try {
      return parseAnswer(spec, line, place);
    } catch (error) {
      if (!isMeshauthError(error) || attempt === TRIES) throw error;
      terminal.notify({ kind: "warning", message: `${error.message} ${error.why}` });
    }
  }
}
