import type { ProviderEntry } from "@meshauth/provider-api";

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
