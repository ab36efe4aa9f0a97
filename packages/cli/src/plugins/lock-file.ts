import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonObject, member } from "@meshauth/core";
import { TreeError } from "../trust/tree.js";

/** A package that npm put into a folder. */
export interface LockedPackage {
  /** From the folder: `node_modules/…`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** `sha512-…` of its tarball; null where there is none. */
  readonly integrity: string | null;
  /** Whether npm would run code of it if it were allowed to. */
  readonly hasInstallScript: boolean;
}

/** Bytes that tell of one plugin, and of all that are installed. */
const [ONE, ALL] = [1024 * 1024, 64 * 1024 * 1024];

/**
 * What one plugin needs, from the `package-lock.json` of the folder that it was fetched into.
 *
 * @throws {@link TreeError} when it is too much to be looked at; file system errors; SyntaxError.
 */
export async function lockedPackages(folder: string): Promise<readonly LockedPackage[]> {
  return packagesOf(await readLock(join(folder, "package-lock.json"), ONE));
}

/** What is installed in a folder, from the notes that npm keeps below it; nothing when they are missing or damaged. */
export async function placedPackages(folder: string): Promise<readonly LockedPackage[]> {
  const notes = join(folder, "node_modules", ".package-lock.json");
  return packagesOf(await readLock(notes, ALL).catch(() => ({})));
}

/** Makes npm choose anew what a package needs: what it chose last time is taken out of `package-lock.json`. */
export async function forgetLocked(folder: string, name: string): Promise<void> {
  const path = join(folder, "package-lock.json");
  const lock = await readLock(path, ALL).catch(() => ({}));
  const packages = member(lock, "packages");
  // One that is missing or damaged, npm makes anew.
  if (!isJsonObject(packages)) return;
  const kept = Object.entries(packages).filter(([at]) => !isOf(name, at));
  await writeFile(path, JSON.stringify({ ...lock, packages: Object.fromEntries(kept) }, null, 2));
}

/** Whether a package's path is a plugin's own folder, or in it. */
export function isOf(name: string, path: string): boolean {
  return path === `node_modules/${name}` || path.startsWith(`node_modules/${name}/`);
}

async function readLock(path: string, limit: number): Promise<JsonObject> {
  if ((await stat(path)).size > limit) throw new TreeError("It needs more packages than any plugin.");
  const lock: unknown = JSON.parse(await readFile(path, "utf8"));
  return isJsonObject(lock) ? lock : {};
}

function packagesOf(lock: JsonObject): readonly LockedPackage[] {
  const packages = member(lock, "packages");
  return Object.entries(isJsonObject(packages) ? packages : {}).flatMap(([at, entry]): LockedPackage[] => {
    if (at === "" || !isJsonObject(entry)) return [];
    const [version, integrity] = [member(entry, "version"), member(entry, "integrity")];
    return [
      {
        path: at,
        name: at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length),
        version: typeof version === "string" ? version : "",
        integrity: typeof integrity === "string" ? integrity : null,
        hasInstallScript: member(entry, "hasInstallScript") === true,
      },
    ];
  });
}
