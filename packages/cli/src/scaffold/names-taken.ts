import {
  assembleRegistry,
  type Candidate,
  type InstalledProvider,
  MeshauthError,
  type PackageReport,
  type Registry,
} from "@meshauth/core";
import { PROVIDER_API } from "@meshauth/provider-api";
import type { Facts } from "./facts.js";
import { entryOf } from "./package-json.js";

/** What is meshauth's own. */
export interface Own {
  readonly registry: Registry;
  /** Names of packages. */
  readonly packages: readonly string[];
}

/**
 * Refuses names that belong to a part of meshauth or may be taken for one, by the rules by which such a package could
 * not be installed later.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export function requireFreeNames(facts: Facts, { registry, packages }: Own): void {
  const builtIn = registry.providers.filter(({ origin }) => origin === "built-in");
  const mine: Candidate = { name: facts.package, root: "/", origin: "link" };
  const report = (candidate: Candidate, providers: readonly InstalledProvider[]): PackageReport => ({
    candidate,
    providers,
  });
  const reports = builtIn.map((provider) => report({ ...provider, name: provider.package }, [provider]));
  const made: InstalledProvider = {
    entry: entryOf(facts),
    package: facts.package,
    version: "0.1.0",
    api: PROVIDER_API,
    modulePath: "/",
    root: "/",
    origin: "link",
  };
  const { problems } = assembleRegistry([...reports, report(mine, [made])], { reservedPackages: packages });
  const [problem] = problems;
  if (problem === undefined) return;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `${facts.package} cannot be called like this.`,
    why: problem.reason,
    next: ["meshauth provider new OTHER_NAME"],
  });
}
