import type { Flow, OptionSpec } from "@meshauth/provider-api";
import { type ConformanceStatement, readConformance } from "./conformance.js";
import { MeshauthError } from "./errors/error.js";
import {
  findProvider,
  findUnusable,
  type InstalledProvider,
  nearestProvider,
  type Origin,
  type PluginProblem,
  type Registry,
} from "./registry/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { resolveTarget } from "./target.js";
import { printable } from "./text.js";

/** One row of `provider list`. */
export interface ProviderRow {
  readonly id: string;
  readonly title: string;
  readonly package: string;
  readonly version: string;
  readonly origin: Origin;
  /** The version of the contract: `"1.0"`. */
  readonly api: string;
  readonly flows: readonly Flow[];
  readonly hosts: readonly string[];
}

/** The document of `provider list --json`. */
export interface ProviderList {
  readonly providers: readonly ProviderRow[];
  readonly problems: readonly { readonly package: string; readonly reason: string; readonly next: string }[];
}

/** The document of `provider show --json`. */
export interface ProviderDetails extends ProviderRow {
  readonly summary: string;
  readonly serverNames: readonly string[];
  readonly options: readonly OptionSpec[];
  /** What the package's author says that the conformance kit found; null when the package says nothing. */
  readonly conformance: ConformanceStatement | null;
}

/** What is installed, from what the packages declare. */
export function listProviders({ providers, problems }: Registry): ProviderList {
  return {
    providers: providers.map(rowOf),
    problems: describeProblems(problems),
  };
}

/** Problems in the form in which documents show them. */
export function describeProblems(problems: readonly PluginProblem[]): ProviderList["problems"] {
  return problems.map(({ package: name, reason, next }) => ({ package: name, reason, next }));
}

/**
 * What one provider declares: the one that is named, else the one of the current credential.
 *
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_PROVIDER` for a name that was typed, `MESHAUTH_E_PROVIDER_MISSING`
 *   for one that the credential carries, `MESHAUTH_E_NOT_AUTHENTICATED` when there is no credential.
 */
export async function showProvider(
  runtime: Runtime,
  flags: TargetFlags,
  name?: string,
): Promise<ProviderDetails> {
  const found =
    name === undefined ? await currentProvider(runtime, flags) : requireProvider(runtime.registry, name);
  const { summary, serverNames = [], options = [] } = found.entry;
  return { ...rowOf(found), summary, serverNames, options, conformance: await readConformance(found) };
}

/**
 * @param saved - Of a login: what else can be typed there, the names of saved settings.
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_PROVIDER`, with the nearest name that exists; `MESHAUTH_E_PLUGIN` for one
 *   that is installed and written for another version of the contract.
 */
export function requireProvider(
  registry: Registry,
  name: string,
  saved?: readonly string[],
): InstalledProvider {
  const found = findProvider(registry, name);
  if (found) return found;
  const problem = findUnusable(registry, name);
  if (problem) throw unusableProvider(name, problem);
  const near = nearestProvider(registry, name, saved);
  const ids = registry.providers.map(({ entry }) => entry.id).join(", ");
  throw new MeshauthError("MESHAUTH_E_UNKNOWN_PROVIDER", {
    message: `There is no provider "${printable(name, 60)}".${near === undefined ? "" : ` Did you mean ${near}?`}`,
    why: `The installed providers are ${ids}.${unusable(registry)}`,
    next: [
      ...(near === undefined || saved === undefined ? [] : [`meshauth login ${near}`]),
      "meshauth provider list",
      ...(saved === undefined ? [] : ["meshauth login layer5 --provider-name NAME"]),
    ],
  });
}

/** An error for a provider that is installed and cannot be used. */
function unusableProvider(name: string, problem: PluginProblem): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `"${printable(name, 60)}" is a provider of ${problem.package}, which cannot be used.`,
    why: problem.reason,
    next: [problem.next],
  });
}

/** A broken plugin may be the one that was meant. */
function unusable({ problems }: Registry): string {
  if (problems.length === 0) return "";
  return ` Not usable: ${[...new Set(problems.map((problem) => printable(problem.package, 60)))].join(", ")}.`;
}

/**
 * The server's provider name that was typed, spelled as the provider declares it; `undefined` for a mere id.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` when the name belongs to another provider.
 */
export function serverNameOf(
  registry: Registry,
  installed: InstalledProvider,
  name: string,
): string | undefined {
  const found = requireProvider(registry, name);
  if (found.entry.id !== installed.entry.id) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `Two providers are named: ${installed.entry.id} and ${found.entry.id}.`,
      next: ["Name one provider."],
    });
  }
  const typed = name.toLowerCase();
  return found.entry.serverNames?.find((serverName) => serverName.toLowerCase() === typed);
}

async function currentProvider(runtime: Runtime, flags: TargetFlags): Promise<InstalledProvider> {
  const { store } = await resolveTarget(runtime, flags);
  const current = await store.read();
  if (current.state === "damaged") {
    throw new MeshauthError("MESHAUTH_E_DAMAGED", {
      why: `mesheryctl cannot read ${store.file}: ${current.reason}.`,
    });
  }
  const serverName = current.state === "present" ? current.serverName : undefined;
  if (!serverName) throw new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED");
  const id = (await store.details())?.provider.id;
  return providerOf(runtime.registry, serverName, id);
}

/**
 * The provider that a stored credential belongs to: the one that answers to its name, first of all the one
 * that made it. An import is made by a provider that answers to no name.
 *
 * @param id - The provider that made the credential, when it was meshauth.
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_MISSING`; `MESHAUTH_E_PLUGIN` when it is installed and written for another
 *   version of the contract.
 */
export function providerOf(
  registry: Registry,
  serverName: string,
  id: string | undefined,
): InstalledProvider {
  const maker = registry.providers.find(({ entry }) => entry.id === id);
  const found = maker?.entry.serverNames?.includes(serverName)
    ? maker
    : (findProvider(registry, serverName) ?? maker);
  if (found) return found;
  const problem =
    findUnusable(registry, serverName) ?? (id === undefined ? undefined : findUnusable(registry, id));
  if (problem) throw unusableProvider(serverName, problem);
  throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING", {
    message: `No installed provider answers to the name "${printable(serverName, 60)}".`,
  });
}

function rowOf({ entry, package: name, version, origin, api }: InstalledProvider): ProviderRow {
  return {
    id: entry.id,
    title: entry.title,
    package: name,
    version,
    origin,
    api: `${api.major}.${api.minor}`,
    flows: entry.flows,
    hosts: entry.hosts ?? [],
  };
}
