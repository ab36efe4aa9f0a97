import type { InstalledProvider, Origin } from "@meshauth/core";
import { asTyped } from "../as-typed.js";
import type { ListedPlugin, Session } from "../loader/index.js";
import { placeOf } from "./place.js";

/** A plugin in the documents of the `plugins` commands. */
export interface PluginDescription {
  readonly name: string;
  readonly version: string | null;
  readonly origin: Exclude<Origin, "built-in">;
  readonly root: string;
  /** What it is updated from: `name@tag`, or an address without its password; `null` for a linked one. */
  readonly source: string | null;
  readonly providers: readonly ProviderSummary[];
  /** Its commands, as they are typed. */
  readonly commands: readonly string[];
}

/** A provider of a plugin, as its package declares it. */
export interface ProviderSummary {
  readonly id: string;
  readonly title: string;
  readonly flows: readonly string[];
  readonly hosts: readonly string[];
}

/** Describes a listed plugin by what a session found of it. */
export function describePlugin(plugin: ListedPlugin, { plugins, registry }: Session): PluginDescription {
  const { name, origin, root } = plugin;
  const found = plugins.find((other) => other.name === name && other.origin === origin);
  const own = registry.providers.filter(
    (provider) => provider.package === name && provider.origin === origin,
  );
  return {
    name,
    version: found?.version ?? null,
    origin,
    root: found?.root ?? root,
    source: origin === "link" ? null : placeOf(plugin),
    providers: own.map(summaryOf),
    commands: (found?.commands ?? []).map(asTyped),
  };
}

/** The same for one provider. */
export function summaryOf({ entry: { id, title, flows, hosts = [] } }: InstalledProvider): ProviderSummary {
  return { id, title, flows, hosts };
}
