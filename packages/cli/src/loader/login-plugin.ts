import { join } from "node:path";
import type { InstalledProvider, Registry } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";
import type { SavedSettings, SettingsFile } from "../settings/file.js";
import { installedFor } from "../settings/find.js";
import { savable } from "../settings/savable.js";
import { staticPlugin } from "./static-plugin.js";

/** The static members of a provider's command's class: what help and completion show. */
export type LoginCommandClass = Pick<
  Command.Class,
  "description" | "examples" | "usage" | "strict" | "flags" | "baseFlags" | "args"
>;

/**
 * Makes the class of one provider's login command, or of the one for settings that are saved for it. Its static members come from the declaration alone, so that help
 * and completion need no code of the provider. Called when somebody asks for one of them, or runs the command.
 */
export type CreateLoginCommand = (installed: InstalledProvider, saved?: SavedSettings) => LoginCommandClass;

/** The same for the command that saves settings of a provider. */
export type CreateConfigureCommand = (installed: InstalledProvider) => LoginCommandClass;

/** What {@link loginPlugin} makes commands of, and with. */
export interface LoginPluginOptions {
  readonly registry: Pick<Registry, "providers">;
  readonly settings: Pick<SettingsFile, "settings">;
  readonly root: string;
  readonly version: string;
  readonly createLoginCommand: CreateLoginCommand;
  readonly createConfigureCommand: CreateConfigureCommand;
}

/** The name under which oclif knows the plugin of {@link loginPlugin}. */
export const LOGIN_PLUGIN = "@meshauth/cli/login";

/**
 * A plugin with one command `login:<name>` for everything that can be signed in with, which also answers to
 * `system:login:<name>`: the saved settings, and the providers that are not called like one of them. For every provider
 * with options it has a command `provider:configure:<id>`, too.
 */
export function loginPlugin({ root, version, ...options }: LoginPluginOptions): Interfaces.Plugin {
  const { registry, settings, createLoginCommand, createConfigureCommand } = options;
  const saved = [...settings.settings.values()].flatMap((own) => {
    const installed = installedFor(registry, own);
    return installed === undefined ? [] : [{ own, installed }];
  });
  const providers = registry.providers.filter(({ entry }) => !settings.settings.has(entry.id));
  return staticPlugin({
    name: LOGIN_PLUGIN,
    version,
    // oclif takes the plugin at its own root for the program.
    root: join(root, "login"),
    type: "core",
    commands: [
      ...providers.flatMap((installed) =>
        loginCommands(installed.entry.id, installed.entry.summary, () => createLoginCommand(installed)),
      ),
      ...saved.flatMap(({ own, installed }) =>
        loginCommands(own.name, `Sign in with what is saved for ${installed.entry.title}`, () =>
          createLoginCommand(installed, own),
        ),
      ),
      ...registry.providers
        .filter((installed) => savable(installed).length > 0)
        .map((installed) => configureCommand(installed, createConfigureCommand)),
    ],
  });
}

/** What takes long to make, and is of use for one command of many at most. */
type Details = Pick<
  Command.Loadable,
  "description" | "examples" | "usage" | "strict" | "flags" | "args" | "load"
>;

/** The command and its other spelling. That is no alias to oclif, which copies a command with all of its members. */
function loginCommands(name: string, summary: string, create: () => LoginCommandClass): Command.Loadable[] {
  const command = { id: `login:${name}`, summary, hidden: false };
  const details = once(() => detailsOf(command.id, create()));
  return [
    toLoadable(command, details),
    toLoadable({ ...command, id: `system:login:${name}`, hidden: true }, details),
  ];
}

function configureCommand(installed: InstalledProvider, create: CreateConfigureCommand): Command.Loadable {
  const { id, title } = installed.entry;
  const command = {
    id: `provider:configure:${id}`,
    summary: `Save settings for ${title} under a name.`,
    hidden: false,
  };
  return toLoadable(
    command,
    once(() => detailsOf(command.id, create(installed))),
  );
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
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

/**
 * Flags or arguments as help and completion read them: each knows its name, and none can do anything. A default is what
 * help shows of it.
 */
function named(definitions: Readonly<Record<string, object>>): Record<string, object> {
  const data = (definition: object) =>
    Object.entries(definition).filter(([, value]) => typeof value !== "function");
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const { defaultHelp, ...members } = Object.fromEntries(data(definition));
      return [name, { ...members, ...(defaultHelp === undefined ? {} : { default: defaultHelp }), name }];
    }),
  );
}
