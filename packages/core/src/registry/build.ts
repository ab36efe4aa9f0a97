import { Taken } from "./conflict.js";
import { inspectPackages, type PackageReport } from "./inspect.js";
import { problemOf, Refusal } from "./refusal.js";
import type { Candidate, InstalledProvider, PluginProblem, Registry, RegistryOptions } from "./types.js";

/**
 * Reads what packages declare and decides which providers can be used. The result depends on the
 * packages only, not on the order in which they are given: built-in ones come first, then the others by
 * name, and what comes first keeps its names. Runs no code of any package and never fails.
 */
export async function buildRegistry(
  candidates: readonly Candidate[],
  options: RegistryOptions = {},
): Promise<Registry> {
  return assembleRegistry(inspectPackages(candidates), options);
}

/** {@link buildRegistry} for packages that were read before. */
export function assembleRegistry(reports: readonly PackageReport[], options: RegistryOptions = {}): Registry {
  const providers: InstalledProvider[] = [];
  const problems: PluginProblem[] = [];
  const seen = new Set<string>();
  const builtIn = reports.map(({ candidate }) => candidate).filter(({ origin }) => origin === "built-in");
  const taken = new Taken(options.reservedPackages ?? [], builtIn);
  const accept = (provider: InstalledProvider): void => {
    providers.push(provider);
    taken.add(provider);
  };
  for (const report of [...reports].sort(byRank)) {
    const { candidate } = report;
    try {
      taken.check(report);
      if (seen.has(candidate.name)) throw new Refusal("It is listed twice.");
      if (report.problem) problems.push(report.problem);
      else for (const provider of report.providers) accept(provider);
    } catch (error) {
      problems.push(problemOf(candidate, error));
    }
    seen.add(candidate.name);
  }
  return Object.freeze({ providers: Object.freeze(providers), problems: Object.freeze(problems) });
}

function byRank({ candidate: a }: PackageReport, { candidate: b }: PackageReport): number {
  const rank = (candidate: Candidate) => (candidate.origin === "built-in" ? 0 : 1);
  return (
    rank(a) - rank(b) || compare(a.name, b.name) || compare(a.origin, b.origin) || compare(a.root, b.root)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
