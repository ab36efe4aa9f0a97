import type { Origin, Registry } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Config } from "@oclif/core/config";
import type { SettingsFile } from "../settings/file.js";
import type { Admission } from "../trust/index.js";
import type { ListedPlugin } from "./plugin-list.js";
import type { Preview } from "./preview.js";

/** A plugin that the user installed or linked, as far as it could be read. */
export interface LoadedPlugin {
  readonly name: string;
  readonly origin: Exclude<Origin, "built-in">;
  /** Its real path when there is one, else as listed. */
  readonly root: string;
  /** Absent when its `package.json` could not be read. */
  readonly version?: string;
  /** Ids of the providers that can be used. */
  readonly providers: readonly string[];
  /** Ids of the commands that can be used. */
  readonly commands: readonly string[];
}

/** What was found when the program started. */
export interface Session {
  /** The providers that can be used, and every problem with a plugin or with the list of them. */
  readonly registry: Registry;
  readonly plugins: readonly LoadedPlugin[];
  /** Where they are; the path may be relative. */
  readonly dataDir: string;
  /** What the user has saved for providers. */
  readonly settings: SettingsFile;
  /** Says whether code of a plugin may run; for whatever imports it. */
  readonly admission: Admission;
  /** Whether the user's plugins were left out on purpose. */
  readonly safeMode: boolean;
  /** Loads oclif's config of all commands. It belongs to this session. */
  config(): Promise<Config>;
  /** Reads everything anew, after a change of plugins. */
  reload(): Promise<Session>;
  /** What a package would bring, among those that are listed now. Nothing is changed and no code runs. */
  preview(plugin: ListedPlugin): Promise<Preview>;
}

const KEY: unique symbol = Symbol.for("meshauth.Session") as never;

/** Load options that carry a session. oclif hands them on whenever it loads a config again. */
export function withSession(options: Interfaces.Options, session: Session): Interfaces.Options {
  return Object.assign(options, { [KEY]: session });
}

/** The session of a config, or of one that oclif made from it. */
export function sessionOf(config: Interfaces.Config): Session {
  // oclif's interface leaves out the options that its class has.
  const { options } = config as Interfaces.Config & { options?: { [KEY]?: Session } };
  const session = options?.[KEY];
  if (!session) throw new Error("The config is not one of a session.");
  return session;
}
