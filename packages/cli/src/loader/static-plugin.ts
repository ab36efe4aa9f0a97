import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";

/** What a static plugin is made of. */
export interface StaticPlugin {
  readonly name: string;
  readonly version: string;
  readonly root: string;
  readonly type: "core" | "user" | "link";
  readonly commands: readonly Command.Loadable[];
}

/** A plugin for oclif that is made of data: it has no hooks, no topics and nothing to load. */
export function staticPlugin({ name, version, root, type, commands }: StaticPlugin): Interfaces.Plugin {
  const find = async (id: string): Promise<Command.Class> => {
    const command = commands.find((candidate) => candidate.id === id);
    if (!command) throw new Error(`command ${id} not found`);
    return command.load();
  };
  return {
    _base: "@oclif/core@4",
    alias: name,
    commandIDs: commands.map(({ id }) => id),
    commands: [...commands],
    commandsDir: undefined,
    findCommand: find,
    hasManifest: true,
    hooks: {},
    isRoot: false,
    load: async () => undefined,
    moduleType: "module",
    name,
    options: { root },
    pjson: { name, version, oclif: {} } as Interfaces.PJSON,
    root,
    topics: [],
    type,
    valid: true,
    version,
  };
}
