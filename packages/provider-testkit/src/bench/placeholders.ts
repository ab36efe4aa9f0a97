import { join } from "node:path";
import type { OptionSpec, OptionValues, ProviderEntry } from "@meshauth/provider-api";

/** Values for the options that a login cannot do without, where nobody said which ones make sense. */
export function placeholders({ options = [] }: ProviderEntry, home: string): OptionValues {
  return Object.fromEntries(
    options.filter(({ required }) => required).map((spec) => [spec.name, placeholder(spec, home)]),
  );
}

function placeholder({ type, values, min, max }: OptionSpec, home: string): string | number | boolean {
  switch (type) {
    case "boolean":
      return true;
    case "integer":
      return min ?? Math.min(1, max ?? 1);
    case "url":
      return "https://configured.invalid";
    case "file":
      return join(home, "no-such-file");
    case "string":
      return values?.[0] ?? "example";
  }
}
