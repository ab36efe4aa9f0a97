import type { ProviderEntry } from "@meshauth/provider-api";
import { typedWord } from "./login/command-for.js";

/** Whether a login can be started here and completed later: it waits for someone with a link. */
export function hasTwoSteps({ flows }: Pick<ProviderEntry, "flows">): boolean {
  return flows.includes("browser") || flows.includes("device");
}

/**
 * What stands for the provider's argument in a command, such as `FILE`; `undefined` when it takes none.
 *
 * @param saved - Options that have a value without being typed.
 */
export function argumentOf(
  { options }: Pick<ProviderEntry, "options">,
  saved: object = {},
): string | undefined {
  return options?.find(({ name, argument }) => argument && !Object.hasOwn(saved, name))?.name.toUpperCase();
}

/** What a login is told. */
export interface Told {
  /** Values of the provider's options, by name; what else is in it does not count. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** The settings that it is made with, which need not be typed. */
  readonly saved?: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

/** The command of a login, as far as its provider's options go, with flags of ours. What it lacks is named. */
export function loginCommand(
  { id, options = [] }: Pick<ProviderEntry, "id" | "options">,
  { given = {}, saved }: Told,
  ...flags: readonly string[]
): string {
  const typed = options.flatMap(({ name, argument, required, placeholder = name.toUpperCase() }) => {
    const value = given[name];
    if (argument) return [];
    if (saved !== undefined && Object.hasOwn(saved.options, name)) {
      if (value === undefined || value === saved.options[name]) return [];
    }
    if (value === undefined) return required ? [`--${name} ${placeholder}`] : [];
    if (typeof value === "boolean") return value ? [`--${name}`] : [];
    return [`--${name} ${typedWord(String(value))}`];
  });
  return ["meshauth login", saved?.name ?? id, ...typed, ...flags].join(" ");
}

/** Whether `meshauth login` alone cannot sign in with a provider: it has to be told something first. */
export function hasToBeTold({ options = [] }: Pick<ProviderEntry, "options">): boolean {
  return options.some(({ required, argument }) => required && !argument);
}
