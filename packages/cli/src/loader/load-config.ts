import {
  assembleRegistry,
  inspectPackage,
  nextFor,
  type PackageReport,
  type PluginProblem,
  type Registry,
} from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import { Config } from "@oclif/core/config";
import { builtInCandidates } from "./built-in.js";
import { commandPlugin, type TakenCommands } from "./command-plugin.js";
import { type CreateLoginCommand, LOGIN_PLUGIN, loginPlugin } from "./login-plugin.js";
import { readPluginList, toCandidate } from "./plugin-list.js";
import { type LoadedPlugin, type Session, withSession } from "./session.js";

export interface LoadConfigOptions {
  /** The program's folder: the one with its `package.json`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly createLoginCommand: CreateLoginCommand;
}

/**
 * Loads oclif's config: the program's own plugins by oclif, then the user's one by one and from their files
 * alone. A plugin that is broken in whatever way is left out and becomes a problem of the session. Nothing
 * is printed and no code of a user's plugin runs. `MESHAUTH_SAFE_MODE=1` leaves all of them out.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const { root, env, createLoginCommand } = options;
  const base = await Config.load({ root, userPlugins: false, devPlugins: false });
  const dependencies = Object.keys(base.pjson.dependencies ?? {});
  const safeMode = ["1", "true"].includes(env["MESHAUTH_SAFE_MODE"] ?? "");
  const list = safeMode ? { plugins: [], problems: [] } : await readPluginList(base.dataDir);
  const candidates = [...builtInCandidates(root, dependencies), ...list.plugins.map(toCandidate)];
  const reports = await Promise.all(candidates.map((candidate) => inspectPackage(candidate)));
  const reservedPackages = [base.name, ...dependencies, ...base.plugins.keys(), LOGIN_PLUGIN];
  const found = assembleRegistry(reports, { reservedPackages });
  const foreign = await loadCommands(reports, found, base);

  const registry: Registry = {
    providers: found.providers,
    problems: [...list.problems, ...found.problems, ...foreign.problems],
  };
  const session: Session = {
    registry,
    plugins: reports.flatMap((report) => describePlugin(report, registry, foreign.plugins)),
    safeMode,
    reload: () => loadConfig(options),
  };
  const login = loginPlugin(registry.providers, { root, version: base.version, createLoginCommand });
  const plugins = new Map([...base.plugins, [login.name, login], ...foreign.plugins]);
  return reloadWith(base, withSession({ root, userPlugins: false, devPlugins: false, plugins }, session));
}

/** oclif registers commands while it loads, so the plugins that were added need another round. */
async function reloadWith({ root }: Interfaces.Config, options: Interfaces.Options): Promise<Config> {
  const config = new Config({ ...options, root });
  await config.load();
  return config;
}

interface ForeignPlugins {
  readonly plugins: ReadonlyMap<string, Interfaces.Plugin>;
  readonly problems: readonly PluginProblem[];
}

async function loadCommands(
  reports: readonly PackageReport[],
  { problems: refused }: Registry,
  base: Interfaces.Config,
): Promise<ForeignPlugins> {
  const plugins = new Map<string, Interfaces.Plugin>();
  const problems: PluginProblem[] = [];
  const taken: TakenCommands = { own: ownWords(base), ids: new Set() };
  const users = reports
    .filter(({ candidate }) => candidate.origin !== "built-in")
    .filter(({ candidate }) => !refused.some((problem) => problem.package === candidate.name))
    .sort((a, b) => (a.candidate.name < b.candidate.name ? -1 : 1));
  for (const report of users) {
    const { name, origin } = report.candidate;
    try {
      const plugin = await commandPlugin(report, base.bin, taken);
      if (plugin) plugins.set(name, plugin);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "Its commands cannot be read.";
      problems.push({ package: name, origin, reason, next: nextFor({ name, origin }, "update") });
    }
  }
  return { plugins, problems };
}

/** The first words of all commands and topics of the program's own. */
function ownWords({ commands, topics }: Interfaces.Config): Set<string> {
  const ids = commands.flatMap(({ id, aliases, hiddenAliases }) => [id, ...aliases, ...hiddenAliases]);
  const names = [...ids, ...topics.map(({ name }) => name), "login", "system"];
  return new Set(names.map((name) => name.split(/[: ]/, 1)[0] ?? name));
}

function describePlugin(
  { candidate: { name, origin, root: listed }, version, root = listed }: PackageReport,
  { providers }: Registry,
  plugins: ForeignPlugins["plugins"],
): LoadedPlugin[] {
  if (origin === "built-in") return [];
  const own = providers.filter((provider) => provider.package === name && provider.origin === origin);
  return [
    {
      name,
      origin,
      root,
      ...(version === undefined ? {} : { version }),
      providers: own.map(({ entry }) => entry.id),
      commands: plugins.get(name)?.commandIDs ?? [],
    },
  ];
}
