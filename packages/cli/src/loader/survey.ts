import {
  assembleRegistry,
  type Candidate,
  inspectPackages,
  nextFor,
  type PackageReport,
  type PluginProblem,
  type Registry,
} from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import type { Admission } from "../trust/index.js";
import { builtInCandidates } from "./built-in.js";
import { commandPlugin, type TakenCommands } from "./command-plugin.js";
import { LOGIN_PLUGIN } from "./login-plugin.js";
import type { OwnProgram } from "./own-plugins.js";
import type { PluginList } from "./plugin-list.js";

/** What a set of plugins comes to. */
export interface Survey {
  /** The providers that can be used, and every problem. */
  readonly registry: Registry;
  readonly reports: readonly PackageReport[];
  /** For oclif: the plugins of the user whose commands can be used, by name. */
  readonly foreign: ReadonlyMap<string, Interfaces.Plugin>;
}

/**
 * Reads the built-in packages and those of a list, and decides what of them can be used. Runs no code of
 * them, prints nothing and never fails.
 *
 * @param admission - Asked before code of a command is imported.
 */
export async function survey(own: OwnProgram, list: PluginList, admission: Admission): Promise<Survey> {
  const { root, name: program, dependencies } = own;
  const listed = list.plugins.map(({ name, origin, root }): Candidate => ({ name, origin, root }));
  const candidates = [...builtInCandidates(root, dependencies), ...listed];
  const reports = inspectPackages(candidates);
  const reservedPackages = [program, ...dependencies, ...own.plugins.keys(), LOGIN_PLUGIN];
  const { providers, problems } = assembleRegistry(reports, { reservedPackages });
  const foreign = loadCommands(reports, problems, own, admission);
  const registry = { providers, problems: [...list.problems, ...problems, ...foreign.problems] };
  return { registry, reports, foreign: foreign.plugins };
}

interface ForeignCommands {
  readonly plugins: ReadonlyMap<string, Interfaces.Plugin>;
  readonly problems: readonly PluginProblem[];
}

function loadCommands(
  reports: readonly PackageReport[],
  refused: readonly PluginProblem[],
  own: OwnProgram,
  admission: Admission,
): ForeignCommands {
  const plugins = new Map<string, Interfaces.Plugin>();
  const problems: PluginProblem[] = [];
  const taken: TakenCommands = { own: ownWords(own), ids: new Set() };
  const broken = new Set(refused.map((problem) => problem.package));
  const users = reports
    .filter(({ candidate }) => candidate.origin !== "built-in" && !broken.has(candidate.name))
    .sort((a, b) => (a.candidate.name < b.candidate.name ? -1 : 1));
  for (const report of users) {
    const { name, origin } = report.candidate;
    try {
      const plugin = commandPlugin(report, own.bin, taken, admission);
      if (plugin) plugins.set(name, plugin);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "Its commands cannot be read.";
      problems.push({ package: name, origin, reason, next: nextFor({ name, origin }, "update") });
    }
  }
  return { plugins, problems };
}

/** The first words of all commands and topics of the program's own, in lower case. */
function ownWords({ plugins }: OwnProgram): Set<string> {
  const names = [...plugins.values()].flatMap(({ commands, topics }) => [
    ...commands.flatMap(({ id, aliases, hiddenAliases }) => [id, ...aliases, ...hiddenAliases]),
    ...topics.map(({ name }) => name),
  ]);
  return new Set(
    [...names, "login", "system"].map((name) => (name.split(/[: ]/, 1)[0] ?? name).toLowerCase()),
  );
}
