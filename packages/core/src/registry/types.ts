import type { ApiVersion, ProviderEntry } from "@meshauth/provider-api";

/** Where a package came from: shipped with the program, installed by the user, or a folder that the user linked. */
export type Origin = "built-in" | "user" | "link";

/** A package that may hold providers. */
export interface Candidate {
  /** The name by which it was found; its `package.json` must say the same. */
  readonly name: string;
  /** Its folder, absolute. */
  readonly root: string;
  readonly origin: Origin;
}

/** A provider whose declaration was read and found in order. No code of it has run. */
export interface InstalledProvider {
  /** The declaration, reduced to the members of the contract. Frozen. */
  readonly entry: ProviderEntry;
  /** Name and version of its package. */
  readonly package: string;
  readonly version: string;
  readonly origin: Origin;
  /** The version of the contract that it was written for. */
  readonly api: ApiVersion;
  /** The real path of its package. */
  readonly root: string;
  /** The real path of its module, inside the package. */
  readonly modulePath: string;
}

/** Why a package is left out. */
export interface PluginProblem {
  readonly package: string;
  readonly origin: Origin;
  /** A sentence. */
  readonly reason: string;
  /** The command that mends it. */
  readonly next: string;
  /** What its providers are called, where only the version of the contract keeps them from being used. */
  readonly names?: readonly string[];
}

/** The providers that can be used, built-in ones first, then by package name; and what is wrong with the others. */
export interface Registry {
  readonly providers: readonly InstalledProvider[];
  readonly problems: readonly PluginProblem[];
}

/** How {@link buildRegistry} decides. */
export interface RegistryOptions {
  /** Further package names that nobody else may use: the program itself and its parts. */
  readonly reservedPackages?: readonly string[];
}
