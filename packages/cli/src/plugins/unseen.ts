import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { closureOf } from "../trust/closure.js";
import { isOf, type LockedPackage, placedPackages } from "./lock-file.js";

/** What is known of an installation that npm has just made. */
export interface Seen {
  /** What was fetched to be looked at. */
  readonly looked: readonly LockedPackage[];
  /** What was installed before. */
  readonly before: readonly LockedPackage[];
}

/**
 * Finds a package that an installed plugin brought or needs, and that is neither one of those that were looked at nor
 * one that another plugin had brought before.
 *
 * @returns Its path from the data folder; `undefined` when there is none.
 */
export async function findUnseen(
  name: string,
  dataDir: string,
  { looked, before }: Seen,
): Promise<string | undefined> {
  const what = ({ name, version, integrity }: LockedPackage) => JSON.stringify([name, version, integrity]);
  const where = (entry: LockedPackage) => `${entry.path} ${what(entry)}`;
  const known = new Set(looked.map(what));
  const kept = new Set(before.filter(({ path }) => !isOf(name, path)).map(where));
  const placed = new Map((await placedPackages(dataDir)).map((entry) => [entry.path, entry]));
  const own = [...placed.keys()].filter((path) => isOf(name, path));
  for (const path of [...own, ...(await neededPaths(name, dataDir))]) {
    const entry = placed.get(path);
    if (entry === undefined || !(known.has(what(entry)) || kept.has(where(entry)))) return path;
  }
  return undefined;
}

/** Where a plugin and all that it needs lie, as npm writes it. */
async function neededPaths(name: string, dataDir: string): Promise<readonly string[]> {
  const base = await realpath(dataDir);
  const folders = await closureOf(join(base, "node_modules", name), base);
  return folders.map((folder) => relative(base, folder).split(sep).join("/"));
}
