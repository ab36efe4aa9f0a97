import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isJsonObject, type JsonObject, member, readJsonObjectSync } from "./json-file.js";
import { parseManifest } from "./manifest.js";
import { resolveModule } from "./module-file.js";
import { PACKAGE_NAME, problemOf, Refusal } from "./refusal.js";
import { kind, quote } from "./text-check.js";
import type { Candidate, InstalledProvider, PluginProblem } from "./types.js";

/** What one package says about itself. */
export interface PackageReport {
  readonly candidate: Candidate;
  /** From its `package.json`, once that could be read. */
  readonly version?: string;
  /** The package's real path. */
  readonly root?: string;
  /** Its `package.json`. */
  readonly pjson?: JsonObject;
  /** Empty when there is a problem, and for a plugin that has commands only. */
  readonly providers: readonly InstalledProvider[];
  readonly problem?: PluginProblem;
}

// The official pattern of SemVer 2.0.0, without its groups.
const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/**
 * Reads a package's `package.json` and looks for the modules it names. Runs no code, follows no link out
 * of the package, and never fails: what is wrong is in `problem`.
 */
export async function inspectPackage(candidate: Candidate): Promise<PackageReport> {
  return inspect(candidate, new Map());
}

/** {@link inspectPackage} for many packages, in their order, and at once: each costs one small file. */
export function inspectPackages(candidates: readonly Candidate[]): PackageReport[] {
  const folders: Folders = new Map();
  return candidates.map((candidate) => inspect(candidate, folders));
}

/** The real paths of folders that hold packages. */
type Folders = Map<string, string>;

function inspect(candidate: Candidate, folders: Folders): PackageReport {
  const facts: { version?: string; root?: string; pjson?: JsonObject } = {};
  try {
    const root = realRoot(candidate, folders);
    const pjson = readJsonObjectSync(join(root, "package.json"), "package.json");
    const version = checkIdentity(pjson, candidate);
    Object.assign(facts, { root, pjson, version });
    const manifest = member(pjson, "meshauth");
    if (manifest === undefined && hasCommands(pjson)) return { candidate, ...facts, providers: [] };
    if (manifest === undefined)
      throw new Refusal('It declares no providers: its package.json has no "meshauth".');
    const { api, providers } = parseManifest(manifest);
    const { name, origin } = candidate;
    const installed = providers.map((entry): InstalledProvider => {
      const modulePath = resolveModule(root, entry.module);
      return Object.freeze({ entry: freeze(entry), package: name, version, origin, api, root, modulePath });
    });
    return { candidate, ...facts, providers: installed };
  } catch (error) {
    return { candidate, ...facts, providers: [], problem: problemOf(candidate, error) };
  }
}

function realRoot({ root, origin }: Candidate, folders: Folders): string {
  try {
    if (origin !== "user") return realpathSync.native(root);
    // Installed packages lie beside each other, and most are no links: the way to them is followed once.
    const folder = dirname(root);
    const real = folders.get(folder) ?? realpathSync.native(folder);
    folders.set(folder, real);
    const path = join(real, basename(root));
    return lstatSync(path).isSymbolicLink() ? realpathSync.native(path) : path;
  } catch {
    throw new Refusal("Its folder is missing.");
  }
}

/** Checks what every plugin must have, and gives its version. */
function checkIdentity(pjson: JsonObject, { name }: Candidate): string {
  const given = member(pjson, "name");
  if (given !== name) throw new Refusal(`Its package.json calls it ${quote(given)}.`);
  if (!PACKAGE_NAME.test(name)) throw new Refusal("Its name is none that npm would take.");
  const version = member(pjson, "version");
  if (typeof version !== "string" || version.length > 64 || !SEMVER.test(version)) {
    throw new Refusal(`Its version is ${quote(version)}, not one such as "1.2.3".`);
  }
  const oclif = member(pjson, "oclif");
  if (!isJsonObject(oclif))
    throw new Refusal(`It is no plugin: "oclif" in its package.json is ${kind(oclif)}.`);
  return version;
}

function hasCommands(pjson: JsonObject): boolean {
  const oclif = member(pjson, "oclif");
  return isJsonObject(oclif) && member(oclif, "commands") !== undefined;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
