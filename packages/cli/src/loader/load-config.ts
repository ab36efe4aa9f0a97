import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { PackageReport, Registry } from "@meshauth/core";
import { Config } from "@oclif/core/config";
import { asTyped } from "../as-typed.js";
import { pluginCommand } from "../plugins/plugin-command.js";
import { lookWhole, undoDead } from "../plugins/settle.js";
import { createAdmission, readTrust, trustPath } from "../trust/index.js";
import { type CreateLoginCommand, loginPlugin } from "./login-plugin.js";
import { type PluginList, readPluginList } from "./plugin-list.js";
import { preview } from "./preview.js";
import { type LoadedPlugin, type Session, withSession } from "./session.js";
import { type Survey, survey } from "./survey.js";

export interface LoadConfigOptions {
  /** The program's folder: the one with its `package.json`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly createLoginCommand: CreateLoginCommand;
  /** Ends a wait for another process that changes the plugins. */
  readonly signal?: AbortSignal;
}

/**
 * Loads oclif's config: the program's own plugins by oclif, then the user's one by one and from their files
 * alone. A plugin that is broken in whatever way is left out and becomes a problem of the session. Nothing
 * is printed and no code of a user's plugin runs. `MESHAUTH_SAFE_MODE=1` leaves all of them out.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const { root, env, createLoginCommand, signal } = options;
  nameShell(process.env);
  const own = { root, userPlugins: false, devPlugins: false };
  const base = await Config.load(own);
  let found: Survey;
  // The working folder may change until it is needed.
  const place = { dataDir: resolve(base.dataDir), uid: process.getuid?.(), signal };
  const admission = createAdmission({
    ...place,
    registry: () => found.registry,
    commandsOf: (name) => (found.foreign.get(name)?.commandIDs ?? []).map(asTyped),
    now: () => new Date(),
  });
  const look = (list: PluginList): Promise<Survey> => survey(base, list, admission);
  const safeMode = ["1", "true"].includes(env["MESHAUTH_SAFE_MODE"] ?? "");
  if (!safeMode) await undoDead(place);
  found = safeMode
    ? await look({ plugins: [], problems: [] })
    : await lookWhole(place, async () => look(await readPluginList(base.dataDir)), isWhole);
  const registry = await withTrustProblem(found, place.dataDir);
  const session: Session = {
    registry,
    admission,
    plugins: found.reports.flatMap((report) => describePlugin(report, found)),
    safeMode,
    reload: () => loadConfig(options),
    preview: async (plugin) => preview(plugin, await readPluginList(base.dataDir), look),
  };
  const login = loginPlugin(found.registry.providers, { root, version: base.version, createLoginCommand });
  const plugins = new Map([...base.plugins, [login.name, login], ...found.foreign]);
  // oclif registers commands while it loads, so the plugins that were added need another round.
  const config = new Config({ ...withSession({ ...own, plugins }, session), root });
  await config.load();
  return config;
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

function describePlugin(
  { candidate: { name, origin, root: listed }, version, root = listed }: PackageReport,
  { registry, foreign }: Survey,
): LoadedPlugin[] {
  if (origin === "built-in") return [];
  const own = registry.providers.filter(
    (provider) => provider.package === name && provider.origin === origin,
  );
  return [
    {
      name,
      origin,
      root,
      ...(version === undefined ? {} : { version }),
      providers: own.map(({ entry }) => entry.id),
      commands: foreign.get(name)?.commandIDs ?? [],
    },
  ];
}
