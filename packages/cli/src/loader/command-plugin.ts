import type { JsonObject, PackageReport } from "@meshauth/core";
import { isJsonObject, member } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";
import { asTyped } from "../as-typed.js";
import type { Admission } from "../trust/index.js";
import { checkCommandFiles } from "./command-files.js";
import { type ForeignCommand, readForeignManifest } from "./foreign-manifest.js";
import { loadByOclif } from "./oclif-command.js";
import { staticPlugin } from "./static-plugin.js";

/** The commands that are there already, and the first words that are the program's own, in lower case. */
export interface TakenCommands {
  readonly own: ReadonlySet<string>;
  /** Ids and aliases of foreign plugins; grows. */
  readonly ids: Set<string>;
}

/**
 * The commands of a user's plugin, from its manifest alone; its hooks, topics and children are left out. No
 * code of it is loaded until one of the commands runs.
 *
 * @returns `undefined` when it has no commands.
 * @throws Error whose message is the reason for which its commands cannot be had.
 */
export function commandPlugin(
  { candidate, root, version, pjson }: PackageReport,
  bin: string,
  taken: TakenCommands,
  admission: Admission,
): Interfaces.Plugin | undefined {
  const oclif = pjson === undefined ? undefined : member(pjson, "oclif");
  if (pjson === undefined || root === undefined || version === undefined || !isJsonObject(oclif))
    return undefined;
  const discovery = member(oclif, "commands");
  if (discovery === undefined) return undefined;
  const commands = readForeignManifest(root, version, bin);
  checkCommandFiles(root, discovery, commands);
  const ids = commands.flatMap(({ id, aliases, hiddenAliases }) => [id, ...aliases, ...hiddenAliases]);
  for (const id of ids) {
    if (taken.own.has((id.split(":", 1)[0] ?? "").toLowerCase()))
      throw new Error(`Its command "${asTyped(id)}" would be one of meshauth's own.`);
    if (taken.ids.has(id)) throw new Error(`Its command "${asTyped(id)}" is taken by another plugin.`);
  }
  for (const id of ids) taken.ids.add(id);
  const { name, origin } = candidate;
  const type = origin === "link" ? "link" : "user";
  const source: Source = { name, root, type, admission, pjson: { ...pjson, oclif: { commands: discovery } } };
  return staticPlugin({
    name,
    version,
    root,
    type,
    commands: commands.map((command) => toLoadable(command, source)),
  });
}

interface Source {
  readonly name: string;
  readonly root: string;
  readonly type: "user" | "link";
  readonly admission: Admission;
  readonly pjson: JsonObject;
}

function toLoadable(
  { id, aliases, hiddenAliases, members }: ForeignCommand,
  { admission, ...source }: Source,
): Command.Loadable {
  return {
    ...(members as unknown as Command.Cached),
    id,
    aliases: [...aliases],
    hiddenAliases: [...hiddenAliases],
    // Dynamic help would import the command.
    hasDynamicHelp: false,
    pluginName: source.name,
    pluginAlias: source.name,
    pluginType: source.type,
    load: async () => {
      // Nobody is asked here: what a foreign command takes for a yes is not known.
      await admission.admit({ name: source.name, origin: source.type });
      return await loadByOclif({ ...source, pjson: source.pjson as unknown as Interfaces.PJSON }, id);
    },
  };
}
