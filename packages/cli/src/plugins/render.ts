import { printable } from "@meshauth/core";
import type { PluginDescription } from "./describe.js";

/** A plugin in one line: what it is and what it brings. */
export function pluginLine({ name, version, origin, providers, commands }: PluginDescription): string {
  const brings = [
    ...providers.map(({ id, title }) => `login ${id} (${title})`),
    ...commands.map((command) => `command ${command}`),
  ];
  return `${printable(name)} ${version ?? "(unreadable)"} (${origin})  ${brings.length === 0 ? "nothing that can be used" : brings.join(", ")}`;
}

/** What to do after an installation. */
export function nextLine({ providers, commands }: PluginDescription): string {
  const [provider] = providers;
  if (provider) return `Next: meshauth login ${provider.id}`;
  return `Next: meshauth ${commands[0] ?? "plugins"}${commands.length > 0 ? " --help" : ""}`;
}
