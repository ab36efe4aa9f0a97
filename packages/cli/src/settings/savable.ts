import type { InstalledProvider } from "@meshauth/core";
import type { OptionSpec } from "@meshauth/provider-api";

/** The options of a provider that can be saved: all but one called `name`, which is the flag for the settings' own. */
export function savable({ entry }: Pick<InstalledProvider, "entry">): readonly OptionSpec[] {
  return (entry.options ?? []).filter(({ name }) => name !== "name");
}
