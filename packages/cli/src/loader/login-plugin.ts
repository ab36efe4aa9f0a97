import { join } from "node:path";
import type { InstalledProvider } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";
import { staticPlugin } from "./static-plugin.js";

/** The static members of a login command's class: what help and completion show. */
export type LoginCommandClass = Pick<
  Command.Class,
  "description" | "examples" | "usage" | "strict" | "flags" | "baseFlags" | "args"
>;

/**
 * Makes the command class of one provider. Its static members come from the declaration alone, so that help
 * and completion need no code of the provider. Called when somebody asks for one of them, or runs the command.
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
    commands: providers.flatMap((installed) => loginCommands(installed, createLoginCommand)),
  });
}

/** What takes long to make, and is of use for one command of many at most. */
type Details = Pick<
  Command.Loadable,
  "description" | "examples" | "usage" | "strict" | "flags" | "args" | "load"
>;

/** The command and its other spelling. That is no alias to oclif, which copies a command with all of its members. */
function loginCommands(installed: InstalledProvider, create: CreateLoginCommand): Command.Loadable[] {
  const { id, summary } = installed.entry;
  let made: Details | undefined;
  const details = (): Details => {
    made ??= detailsOf(`login:${id}`, create(installed));
    return made;
  };
  const command = { id: `login:${id}`, summary, hidden: false };
  return [
    toLoadable(command, details),
    toLoadable({ ...command, id: `system:login:${id}`, hidden: true }, details),
  ];
}

function toLoadable(
  { id, summary, hidden }: { id: string; summary: string; hidden: boolean },
  details: () => Details,
): Command.Loadable {
  const command = {
    id,
    aliases: [],
    hiddenAliases: [],
    // Its words in another order lead nowhere.
    permutations: [],
    summary,
    hidden,
    hasDynamicHelp: false,
    pluginName: LOGIN_PLUGIN,
    pluginAlias: LOGIN_PLUGIN,
    pluginType: "core",
    get description() {
      return details().description;
    },
    get examples() {
      return details().examples;
    },
    get usage() {
      return details().usage;
    },
    get strict() {
      return details().strict;
    },
    get flags() {
      return details().flags;
    },
    get args() {
      return details().args;
    },
    load: () => details().load(),
  };
  // A member that is absent and one that is undefined are the same to oclif.
  return command as Command.Loadable;
}

function detailsOf(id: string, command: LoginCommandClass): Details {
  return {
    description: command.description,
    ...(command.examples === undefined ? {} : { examples: command.examples }),
    ...(command.usage === undefined ? {} : { usage: command.usage }),
    strict: command.strict,
    flags: named({ ...command.baseFlags, ...command.flags }) as Command.Loadable["flags"],
    args: named(command.args ?? {}) as Command.Loadable["args"],
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
