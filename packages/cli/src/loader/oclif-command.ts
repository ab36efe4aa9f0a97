import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";

/** What oclif needs to load a command of a plugin from its files. */
export interface CommandSource {
  readonly name: string;
  readonly root: string;
  readonly type: "core" | "user" | "link";
  readonly pjson: Interfaces.PJSON;
}

/** Loads a command's class by the rules of oclif, which is loaded for it only now. */
export async function loadByOclif(source: CommandSource, id: string): Promise<Command.Class> {
  const { Plugin } = await import("@oclif/core/config");
  // With isRoot and pjson oclif takes the folder as given instead of looking for one.
  const plugin = new Plugin({ ...source, isRoot: true });
  await plugin.load();
  plugin.isRoot = false;
  return plugin.findCommand(id, { must: true });
}
