import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, MeshauthError, member, PACKAGE_NAME, printable, readJsonObject } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import type { TreeLimits } from "../trust/tree.js";
import {
  checkPackage,
  holdsNeeds,
  measure,
  orUnsafe,
  PACKAGE_LIMITS,
  type Size,
  TOTAL_LIMITS,
  unsafe,
} from "./bounds.js";
import { type LockedPackage, lockedPackages } from "./lock-file.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import { checkTarball, integrityOf } from "./tarball.js";
import { whileWithin } from "./watch.js";
import { withoutPasswords } from "./without-passwords.js";
import type { PluginWork } from "./work.js";

/** A package that was fetched into a folder of its own, and is not installed yet. */
export interface Staged {
  /** The package as it would be listed. */
  readonly plugin: ListedPlugin;
  /** The folder that npm worked in. */
  readonly folder: string;
  /** What npm fetched, for the installation proper: the same bytes that were looked at. */
  readonly cache: string;
  /** `sha512-…` of the tarball; null where there is none. */
  readonly integrity: string | null;
  /** Everything that the package needs besides. */
  readonly dependencies: readonly LockedPackage[];
  /** The package and everything that it needs. */
  readonly packages: readonly LockedPackage[];
  readonly size: Size;
  /** With everything that it needs. */
  readonly totalSize: Size;
}

/**
 * Fetches a package into a folder of its own, where it can be looked at without touching what is installed.
 *
 * @param use - Gets the package as it would be listed. The folder is gone when it returns.
 * @throws MeshauthError `MESHAUTH_E_PLUGIN_UNSAFE` for one that is too large or leads out of itself; what npm says;
 *   `MESHAUTH_E_STORE` when there is no folder for temporary files.
 */
export async function withStaged<T>(
  spec: PluginSpec,
  { npm, dataDir, signal }: Pick<PluginWork, "npm" | "dataDir" | "signal">,
  use: (staged: Staged) => Promise<T>,
): Promise<T> {
  const base = await makeBase();
  const [folder, cache] = [join(base, "package"), join(base, "cache")];
  try {
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), '{"private":true}');
    // npm reads the settings of the folder that it works in.
    await copyFile(join(dataDir, ".npmrc"), join(folder, ".npmrc")).catch(() => undefined);
    return await use(await fetchInto({ base, folder, cache }, spec, { npm, signal }));
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

async function makeBase(): Promise<string> {
  const folder = tmpdir();
  try {
    return await mkdtemp(join(folder, "meshauth-plugin-"));
  } catch (error) {
    throw new MeshauthError("MESHAUTH_E_STORE", {
      message: "The folder for temporary files cannot be used.",
      why: `The operating system refused a folder in ${printable(folder)} (${(error as NodeJS.ErrnoException).code}).`,
      next: ["Set TMPDIR to a folder that you can write to, and try again."],
      cause: error,
    });
  }
}

interface Place {
  readonly base: string;
  readonly folder: string;
  readonly cache: string;
}

async function fetchInto(
  { base, folder, cache }: Place,
  spec: PluginSpec,
  { npm, signal }: Pick<PluginWork, "npm" | "signal">,
): Promise<Staged> {
  const typed = npmSpec(spec);
  const shown = withoutPasswords(typed);
  const tarball = spec.kind === "file" && (await stat(spec.path)).isFile() ? spec.path : undefined;
  const before = tarball === undefined ? undefined : await integrityOf(tarball);
  if (tarball !== undefined) await orUnsafe(shown, () => checkTarball(tarball, PACKAGE_LIMITS, signal));
  const flags = [`--cache=${cache}`];
  await whileWithin(
    (end) => npm.change("install", [typed], folder, { flags, signal: end }),
    () => measureStage(base, folder, spec),
    (reason) => unsafe(shown, reason),
  );
  const name = await installedName(folder, spec);
  const root = join(folder, "node_modules", name);
  const packages = await orUnsafe(name, () => lockedPackages(folder));
  const own = packages.find((entry) => entry.path === `node_modules/${name}`);
  const integrity = own?.integrity ?? null;
  if (before !== undefined && integrity !== before)
    throw unsafe(shown, "It was changed while it was looked at.");
  const cached = tarball === undefined && integrity !== null ? cachedTarball(cache, integrity) : undefined;
  return await orUnsafe(name, async () => {
    if (cached !== undefined) await checkTarball(cached, PACKAGE_LIMITS, signal);
    return {
      plugin: { name, origin: "user", root },
      folder,
      cache,
      integrity,
      packages,
      dependencies: packages.filter((entry) => entry !== own),
      size: await checkPackage(root),
      totalSize: await measure(join(folder, "node_modules"), TOTAL_LIMITS),
    };
  });
}

/** What npm has fetched and unpacked so far. */
const STAGE_LIMITS: TreeLimits = { entries: 2 * TOTAL_LIMITS.entries, bytes: 2 * TOTAL_LIMITS.bytes };

async function measureStage(base: string, folder: string, spec: PluginSpec): Promise<void> {
  if (spec.kind === "registry")
    await measure(join(folder, "node_modules", spec.name), PACKAGE_LIMITS, holdsNeeds);
  await measure(base, STAGE_LIMITS);
}

/** Where npm keeps a tarball that it fetched: the layout of the package `cacache`. */
function cachedTarball(cache: string, integrity: string): string | undefined {
  const hash = /^sha512-([\w+/]{86}==)$/.exec(integrity)?.[1];
  if (hash === undefined) return undefined;
  const hex = Buffer.from(hash, "base64").toString("hex");
  return join(cache, "_cacache/content-v2/sha512", hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

async function installedName(folder: string, spec: PluginSpec): Promise<string> {
  const dependencies = member(
    await readJsonObject(join(folder, "package.json"), "package.json"),
    "dependencies",
  );
  const [name, ...others] = isJsonObject(dependencies) ? Object.keys(dependencies) : [];
  if (name !== undefined && others.length === 0 && PACKAGE_NAME.test(name)) return name;
  throw new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${printable(withoutPasswords(npmSpec(spec)), 120)} holds no package that could be installed.`,
    why: "Its package.json is missing, or has no name that npm would take.",
    next: ["meshauth plugins install NAME"],
  });
}
