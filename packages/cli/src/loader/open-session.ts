import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { Registry } from "@meshauth/core";
import { asTyped } from "../as-typed.js";
import { ownFolder } from "../own-folders.js";
import { pluginCommand } from "../plugins/plugin-command.js";
import { lookWhole, undoDead } from "../plugins/settle.js";
import { readSettings } from "../settings/file.js";
import { createAdmission, readTrust, trustPath } from "../trust/index.js";
import { type CreateConfigureCommand, type CreateLoginCommand, loginPlugin } from "./login-plugin.js";
import { type OwnCommands, readOwnProgram } from "./own-plugins.js";
import { type PluginList, readPluginList } from "./plugin-list.js";
import { preview } from "./preview.js";
import { type LoadedPlugin, type Session, withSession } from "./session.js";
import { type Survey, survey } from "./survey.js";

export interface SessionOptions {
  /** The program's folder: the one with its `package.json`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly commands: OwnCommands;
  /** Loads what makes the commands of providers. */
  readonly loginCommands: () => Promise<CreateLoginCommand>;
  /** The same for the commands that save settings. */
  readonly configureCommands: () => Promise<CreateConfigureCommand>;
  /** Ends a wait for another process that changes the plugins. */
  readonly signal?: AbortSignal;
}

/**
 * Looks at the program's own plugins and at the user's, one by one and at their files alone. A plugin that is broken in
 * whatever way is left out and becomes a problem of the session. Nothing is printed, no code of a user's plugin runs, and
 * oclif is not loaded. `MESHAUTH_SAFE_MODE=1` leaves all of the user's out.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { root, env, commands, loginCommands, configureCommands, signal } = options;
  const own = readOwnProgram(root, commands);
  const dataDir = ownFolder("data", process);
  const settings = readSettings(ownFolder("config", process), process.getuid?.());
  let found: Survey;
  // The working folder may change until it is needed.
  const place = { dataDir: resolve(dataDir), uid: process.getuid?.(), signal };
  const admission = createAdmission({
    ...place,
    registry: () => found.registry,
    commandsOf: (name) => (found.foreign.get(name)?.commandIDs ?? []).map(asTyped),
    now: () => new Date(),
  });
  const look = (list: PluginList): Promise<Survey> => survey(own, list, admission);
  const safeMode = ["1", "true"].includes(env["MESHAUTH_SAFE_MODE"] ?? "");
  if (!safeMode) await undoDead(place);
  found = safeMode
    ? await look({ plugins: [], problems: [] })
    : await lookWhole(place, async () => look(await readPluginList(dataDir)), isWhole);
  const session: Session = {
    registry: await withTrustProblem(found, place.dataDir),
    settings,
    dataDir,
    admission,
    plugins: describePlugins(found),
    safeMode,
    async config() {
      nameShell(process.env);
      const { ProgramConfig } = await import("./program-config.js");
      const login = loginPlugin({
        registry: found.registry,
        settings,
        root,
        version: own.version,
        createLoginCommand: await loginCommands(),
        createConfigureCommand: await configureCommands(),
      });
      const plugins = new Map([...own.plugins, [login.name, login], ...found.foreign]);
      const config = new ProgramConfig(withSession({ root, plugins }, session));
      await config.load();
      return config;
    },
    reload: () => openSession(options),
    preview: async (plugin) => preview(plugin, await readPluginList(dataDir), look),
  };
  return session;
}

/** Whether there are plugins, all in order. While they are changed, some or the whole list may be missing. */
function isWhole({ registry, reports }: Survey): boolean {
  const some = reports.some(({ candidate }) => candidate.origin !== "built-in");
  return some && !registry.problems.some(({ origin }) => origin === "user");
}

/** Adds what is wrong with the record of the plugins that may run: nothing in it counts then. */
async function withTrustProblem({ registry, reports }: Survey, dataDir: string): Promise<Registry> {
  const installed = reports.find(({ candidate }) => candidate.origin === "user")?.candidate;
  const { problem: reason } = installed ? await readTrust(dataDir, process.getuid?.()) : {};
  if (installed === undefined || reason === undefined) return registry;
  const { providers, problems } = registry;
  const { name, origin } = installed;
  const next = pluginCommand("trust", name);
  return { providers, problems: [...problems, { package: trustPath(dataDir), origin, reason, next }] };
}

/** Where no shell is named, oclif asks the system's list of users, in which a container's user may not be. */
function nameShell(env: NodeJS.ProcessEnv): void {
  if (env["SHELL"] || process.platform === "win32") return;
  try {
    userInfo();
  } catch {
    env["SHELL"] = "/bin/sh";
  }
}

function describePlugins({ reports, registry, foreign }: Survey): LoadedPlugin[] {
  const ids = new Map<string, string[]>();
  const key = (name: string, origin: string): string => `${origin} ${name}`;
  for (const { package: name, origin, entry } of registry.providers)
    ids.set(key(name, origin), [...(ids.get(key(name, origin)) ?? []), entry.id]);
  return reports.flatMap(({ candidate: { name, origin, root: listed }, version, root = listed }) =>
    origin === "built-in"
      ? []
      : [
          {
            name,
            origin,
            root,
            ...(version === undefined ? {} : { version }),
            providers: ids.get(key(name, origin)) ?? [],
            commands: foreign.get(name)?.commandIDs ?? [],
          },
        ],
  );
}
