import { join } from "node:path";
import type { InstalledProvider } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";
import { staticPlugin } from "./static-plugin.js";

/** The static members of a login command's class: what help and completion show. */
export type LoginCommandClass = Pick<
  Command.Class,
  "summary" | "description" | "examples" | "usage" | "strict" | "flags" | "baseFlags" | "args"
>;

/**
 * Makes the command class of one provider. Its static members come from the declaration alone, so that help
 * and completion need no code of the provider.
 */
export type CreateLoginCommand = (installed: InstalledProvider) => LoginCommandClass;

/** The name under which oclif knows the plugin of {@link loginPlugin}. */
export const LOGIN_PLUGIN = "@meshauth/cli/login";

/** A plugin with one command `login:<id>` per provider, which also answers to `system:login:<id>`. */
export function loginPlugin(
  providers: readonly InstalledProvider[],
  {
    root,
    version,
    createLoginCommand,
  }: { root: string; version: string; createLoginCommand: CreateLoginCommand },
): Interfaces.Plugin {
  return staticPlugin({
    name: LOGIN_PLUGIN,
    version,
    // oclif takes the plugin at its own root for the program.
    root: join(root, "login"),
    type: "core",
    commands: providers.map((installed) => toLoadable(installed, createLoginCommand(installed))),
  });
}

function toLoadable({ entry }: InstalledProvider, command: LoginCommandClass): Command.Loadable {
  const id = `login:${entry.id}`;
  return {
    id,
    aliases: [],
    hiddenAliases: [`system:login:${entry.id}`],
    summary: command.summary ?? entry.summary,
    description: command.description,
    ...(command.examples === undefined ? {} : { examples: command.examples }),
    ...(command.usage === undefined ? {} : { usage: command.usage }),
    strict: command.strict,
    hidden: false,
    flags: named({ ...command.baseFlags, ...command.flags }) as Command.Loadable["flags"],
    args: named(command.args ?? {}) as Command.Loadable["args"],
    hasDynamicHelp: false,
    pluginName: LOGIN_PLUGIN,
    pluginAlias: LOGIN_PLUGIN,
    pluginType: "core",
    load: async () => Object.assign(command as Command.Class, { id }),
  };
}

/** Flags or arguments as help and completion read them: each knows its name, and none can do anything. */
function named(definitions: Readonly<Record<string, object>>): Record<string, object> {
  const data = (definition: object) =>
    Object.entries(definition).filter(([, value]) => typeof value !== "function");
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      { ...Object.fromEntries(data(definition)), name },
    ]),
  );
}
