import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CONFORMANCE_FILE, isJsonObject, member, printable, readJsonObject } from "@meshauth/core";
import { asTyped } from "../as-typed.js";
import type { ListedPlugin, Preview } from "../loader/index.js";
import { readTrust } from "../trust/trust-file.js";
import { type AddedFacts, addedTo } from "./added.js";
import { type ProviderSummary, summaryOf } from "./describe.js";
import { placeOf } from "./place.js";
import { type RegistryFacts, registryFacts } from "./registry-facts.js";
import { type ClaimState, type Claims, checkSignatures, claimsOf, unavailable } from "./signatures.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import type { Staged } from "./stage.js";
import { withoutPasswords } from "./without-passwords.js";
import type { PluginWork } from "./work.js";

/** Everything that is known of a package before it is installed. */
export interface PackageFacts {
  readonly package: string;
  readonly version: string;
  readonly source: {
    readonly kind: "registry" | "tarball" | "folder" | "remote";
    /** The registry's address, a path, or another address without its password; null when the registry's is not known. */
    readonly from: string | null;
  };
  /** `sha512-…` of the tarball; null where there is none. */
  readonly integrity: string | null;
  /** The registry's users; null when nobody tells. */
  readonly publisher: { readonly user: string | null; readonly maintainers: readonly string[] } | null;
  /** RFC 3339; null when nobody tells. */
  readonly published: { readonly version: string | null; readonly first: string | null } | null;
  /** Why publisher and time are not known, as a sentence without its full stop. */
  readonly unknown: string | null;
  readonly signature: ClaimState;
  readonly provenance: ClaimState;
  readonly providers: readonly ProviderSummary[];
  /** Its commands, as they are typed. */
  readonly commands: readonly string[];
  /** What the installed version did not have; null when none is installed. */
  readonly added: AddedFacts | null;
  /** The version that is installed, and where it came from; null when none is. */
  readonly installed: {
    readonly version: string | null;
    readonly source: string;
    /** The registry's user that published it; null when nobody told. */
    readonly publisher: string | null;
    /** Whether this one comes from there, too, whatever its version. */
    readonly sameSource: boolean;
  } | null;
  /** The packages with install scripts, which are never run. */
  readonly installScripts: readonly string[];
  /** How many packages it needs besides. */
  readonly dependencies: number;
  readonly size: { readonly files: number; readonly bytes: number; readonly totalBytes: number };
  /** Whether its author has put a statement about the conformance kit into it. */
  readonly conformance: boolean;
}

/** What is installed of a package. */
export interface InstalledFacts {
  readonly preview: Preview;
  readonly plugin: ListedPlugin;
}

/**
 * Gathers what is known of a staged package, from its files, its registry and npm's check of signatures.
 *
 * @throws MeshauthError `MESHAUTH_E_SIGNATURE`
 */
export async function gatherFacts(
  spec: PluginSpec,
  staged: Staged,
  preview: Preview,
  installed: InstalledFacts | undefined,
  work: Pick<PluginWork, "npm" | "signal" | "dataDir" | "uid">,
): Promise<PackageFacts> {
  const { plugin, integrity, dependencies, size, totalSize } = staged;
  const { version = "" } = preview;
  const { told, claims } = await askOthers(spec, staged, version, work);
  const facts = typeof told === "string" ? undefined : told;
  return {
    package: plugin.name,
    version,
    source: await sourceOf(spec, facts),
    integrity,
    publisher: facts ? { user: facts.publisher, maintainers: facts.maintainers } : null,
    published: facts ? { version: facts.published, first: facts.firstPublished } : null,
    unknown: typeof told === "string" ? told : null,
    ...claims,
    providers: preview.providers.map(summaryOf),
    commands: preview.commands.map(asTyped),
    added: installed ? addedTo(installed.preview, preview) : null,
    installed: installed ? await installedFacts(installed, spec, work) : null,
    installScripts: await scripted(staged),
    dependencies: dependencies.length,
    size: { ...size, totalBytes: totalSize.bytes },
    conformance: await isFile(join(plugin.root, CONFORMANCE_FILE)),
  };
}

async function installedFacts(
  { preview, plugin }: InstalledFacts,
  spec: PluginSpec,
  { dataDir, uid }: Pick<PluginWork, "dataDir" | "uid">,
): Promise<PackageFacts["installed"]> {
  const { name, url } = plugin;
  const { records } = await readTrust(dataDir, uid);
  return {
    version: preview.version ?? null,
    source: placeOf(plugin),
    publisher: records.get(name)?.publisher ?? null,
    sameSource: url === undefined ? spec.kind === "registry" : url === npmSpec(spec),
  };
}

async function askOthers(
  spec: PluginSpec,
  { plugin: { name }, folder, dependencies, integrity }: Staged,
  version: string,
  work: Pick<PluginWork, "npm" | "signal">,
): Promise<{ readonly told: RegistryFacts | string; readonly claims: Claims }> {
  if (spec.kind !== "registry") {
    const foreign = "it does not come from a registry";
    // What it needs does.
    if (dependencies.length > 0) await checkSignatures(name, folder, work);
    return { told: foreign, claims: unavailable(foreign) };
  }
  const [told, check] = await Promise.all([
    registryFacts(name, version, folder, work),
    checkSignatures(name, folder, work),
  ]);
  return { told, claims: claimsOf(name, check, told, integrity) };
}

async function sourceOf(spec: PluginSpec, told: RegistryFacts | undefined): Promise<PackageFacts["source"]> {
  if (spec.kind === "registry") return { kind: "registry", from: told?.registry ?? null };
  if (spec.kind === "remote")
    return { kind: "remote", from: printable(withoutPasswords(npmSpec(spec)), 300) };
  return { kind: (await isFile(spec.path)) ? "tarball" : "folder", from: spec.path };
}

async function scripted({ plugin: { name, root }, dependencies }: Staged): Promise<readonly string[]> {
  const own = await hasInstallScript(root);
  const others = dependencies
    .filter((entry) => entry.hasInstallScript)
    .map((entry) => printable(entry.name, 120));
  return [...(own ? [name] : []), ...new Set(others)];
}

/** Whether npm would run code of a package when it is installed: also where there is a build file of node-gyp. */
async function hasInstallScript(root: string): Promise<boolean> {
  const pjson = await readJsonObject(join(root, "package.json"), "package.json");
  const scripts = member(pjson, "scripts");
  const names = ["preinstall", "install", "postinstall"];
  if (isJsonObject(scripts) && names.some((name) => member(scripts, name) !== undefined)) return true;
  return await isFile(join(root, "binding.gyp"));
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
