import type { InstalledProvider, PluginProblem } from "@meshauth/core";
import type { ListedPlugin, PluginList } from "./plugin-list.js";
import type { Survey } from "./survey.js";

/** What a package would bring if it were installed. */
export interface Preview {
  readonly version?: string;
  readonly providers: readonly InstalledProvider[];
  /** Ids of its commands. */
  readonly commands: readonly string[];
  /** Why it must not be installed. */
  readonly problem?: PluginProblem;
}

/**
 * Tries a package among the others that are listed, in place of the one with its name.
 *
 * @param look - What a list comes to.
 */
export async function preview(
  plugin: ListedPlugin,
  { plugins }: PluginList,
  look: (list: PluginList) => Promise<Survey>,
): Promise<Preview> {
  const others = plugins.filter(({ name }) => name !== plugin.name);
  const before = await look({ plugins: others, problems: [] });
  const after = await look({ plugins: [...others, plugin], problems: [] });
  const known = new Set(before.registry.problems.map(keyOf));
  const added = after.registry.problems.filter((problem) => !known.has(keyOf(problem)));
  const [problem] = added.map((found) => (found.package === plugin.name ? found : displacing(plugin, found)));
  const report = after.reports.find(({ candidate }) => candidate.root === plugin.root);
  return {
    ...(report?.version === undefined ? {} : { version: report.version }),
    providers: after.registry.providers.filter(({ package: name }) => name === plugin.name),
    commands: after.foreign.get(plugin.name)?.commandIDs ?? [],
    ...(problem === undefined ? {} : { problem }),
  };
}

function keyOf({ package: name, reason }: PluginProblem): string {
  return JSON.stringify([name, reason]);
}

/** Names go by order; a newcomer that comes first must not push out what is there. */
function displacing(
  { name, origin }: ListedPlugin,
  { package: other, reason, next }: PluginProblem,
): PluginProblem {
  return { package: name, origin, reason: `It would take the place of ${other}: ${reason}`, next };
}
