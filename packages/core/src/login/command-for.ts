import { shellWord } from "@meshauth/provider-api";
import type { InstalledProvider } from "../registry/index.js";
import type { TargetFlags } from "../runtime.js";

/** The command of a login with the same provider for the same target, to be typed with another flag. */
export function commandFor({ entry }: InstalledProvider, target: TargetFlags): string {
  const flags = (["context", "config", "server"] as const).flatMap((name) => {
    const value = target[name];
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
  });
  return ["meshauth login", entry.id, ...flags].join(" ");
}
