import { printable } from "@meshauth/core";
import type { PluginDescription } from "./describe.js";
import type { TrustState } from "./trust-state.js";

const TRUST: Readonly<Record<TrustState, string>> = {
  trusted: "may run",
  untrusted: "asks first",
  changed: "changed, does not run",
  own: "may run",
};

/** A plugin in one line: what it is, whether it may run where that is of interest, and what it brings. */
export function pluginLine(
  { name, version, origin, providers, commands }: PluginDescription,
  trust?: TrustState,
): string {
  const standing = trust === undefined ? origin : `${origin}, ${TRUST[trust]}`;
  const brings = [
    ...providers.map(({ id, title }) => `login ${id} (${title})`),
    ...commands.map((command) => `command ${command}`),
  ];
  return `${printable(name)} ${version ?? "(unreadable)"} (${standing})  ${brings.length === 0 ? "nothing that can be used" : brings.join(", ")}`;
}

/** What to do after an installation. */
export function nextLine({ providers, commands }: PluginDescription): string {
  const [provider] = providers;
  if (provider) return `Next: meshauth login ${provider.id}`;
  return `Next: meshauth ${commands[0] ?? "plugins"}${commands.length > 0 ? " --help" : ""}`;
}
