import type { ProviderEntry } from "@meshauth/provider-api";

/** Whether a login can be started here and completed later: it waits for someone with a link. */
export function hasTwoSteps({ flows }: Pick<ProviderEntry, "flows">): boolean {
  return flows.includes("browser") || flows.includes("device");
}

/** What stands for the provider's argument in a command, such as `FILE`; `undefined` when it takes none. */
export function argumentOf({ options }: Pick<ProviderEntry, "options">): string | undefined {
  return options?.find(({ argument }) => argument)?.name.toUpperCase();
}
