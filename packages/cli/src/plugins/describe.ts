import type { InstalledProvider, Origin } from "@meshauth/core";
import type { ListedPlugin, Session } from "../loader/index.js";

/** A plugin in the documents of the `plugins` commands. */
export interface PluginDescription {
  readonly name: string;
  readonly version: string | null;
  readonly origin: Exclude<Origin, "built-in">;
  readonly root: string;
  /** What it is updated from: `name@tag` or an address; `null` for a linked one. */
  readonly source: string | null;
  readonly providers: readonly ProviderSummary[];
  /** Its commands, as they are typed. */
  readonly commands: readonly string[];
}

interface ProviderSummary {
  readonly id: string;
  readonly title: string;
  readonly flows: readonly string[];
  readonly hosts: readonly string[];
}

/** Describes a listed plugin by what a session found of it. */
export function describePlugin(
  { name, origin, root, tag = "latest", url }: ListedPlugin,
  { plugins, registry }: Session,
): PluginDescription {
  const found = plugins.find((plugin) => plugin.name === name && plugin.origin === origin);
  const own = registry.providers.filter(
    (provider) => provider.package === name && provider.origin === origin,
  );
  return {
    name,
    version: found?.version ?? null,
    origin,
    root: found?.root ?? root,
    source: origin === "link" ? null : (url ?? `${name}@${tag}`),
    providers: own.map(summary),
    commands: (found?.commands ?? []).map((id) => id.replaceAll(":", " ")),
  };
}

function summary({ entry: { id, title, flows, hosts = [] } }: InstalledProvider): ProviderSummary {
  return { id, title, flows, hosts };
}
