import { realpath } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import {
  isJsonObject,
  type JsonObject,
  MeshauthError,
  member,
  PACKAGE_NAME,
  printable,
  readJsonObject,
  resembles,
} from "@meshauth/core";
import { TreeError, type TreeLimits, walk } from "../trust/tree.js";

const MB = 1024 * 1024;

/** What one package may hold. */
export const PACKAGE_LIMITS: TreeLimits = { entries: 5_000, bytes: 50 * MB };

/** The same for a package with everything that it needs. */
export const TOTAL_LIMITS: TreeLimits = { entries: 40_000, bytes: 250 * MB };

/** The names of our own programs. */
const OWN_BINS = ["meshauth"];

/** How much there is in a folder. */
export interface Size {
  readonly files: number;
  /** Bytes. */
  readonly bytes: number;
}

/** Whether a folder in a package holds what the package needs: npm puts that there. */
export function holdsNeeds(path: string): boolean {
  return path === "node_modules";
}

/**
 * Counts what is in a folder, without npm's own notes.
 *
 * @param skip - Says of a folder's path that it is left out.
 * @throws {@link TreeError} beyond the limits
 */
export async function measure(
  root: string,
  limits: TreeLimits,
  skip?: (path: string) => boolean,
): Promise<Size> {
  let [files, bytes] = [0, 0];
  for await (const { path, size } of walk(root, limits, skip)) {
    if (path === ".package-lock.json") continue;
    files += 1;
    bytes += size;
  }
  return { files, bytes };
}

/**
 * Refuses a package that no plugin looks like. What it needs is not looked at.
 *
 * @param root - Its folder.
 * @throws {@link TreeError} for its size, for links that lead out of it and for a program with our own name.
 */
export async function checkPackage(root: string): Promise<Size> {
  const real = await realpath(root);
  let [files, bytes] = [0, 0];
  for await (const { path, kind, size } of walk(real, PACKAGE_LIMITS, holdsNeeds)) {
    files += 1;
    bytes += size;
    if (kind !== "link") continue;
    const target = await realpath(join(real, path)).catch(() => "");
    if (!target.startsWith(real + sep))
      throw new TreeError(`Its ${JSON.stringify(path)} is a link out of the package.`);
  }
  for (const name of await binsOf(real)) {
    if (OWN_BINS.some((own) => resembles(name, own)))
      throw new TreeError(
        `It brings a program called ${JSON.stringify(printable(name, 60))}, as meshauth does.`,
      );
  }
  return { files, bytes };
}

/** Runs checks; a package that they refuse is an error. */
export async function orUnsafe<T>(name: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw error instanceof TreeError ? unsafe(name, error.message) : error;
  }
}

/** An error for a package that is not installed, whatever anybody says. */
export function unsafe(name: string, reason: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN_UNSAFE", {
    message: `${printable(name, 120)} is not a package that meshauth installs.`,
    why: reason,
  });
}

/** The names of the programs that a package brings. */
async function binsOf(root: string): Promise<readonly string[]> {
  let pjson: JsonObject;
  try {
    pjson = await readJsonObject(join(root, "package.json"), "package.json");
  } catch {
    // It is no plugin, which is found out elsewhere.
    return [];
  }
  const [name, bin, directories] = ["name", "bin", "directories"].map((key) => member(pjson, key));
  if (typeof bin === "string" && typeof name === "string" && PACKAGE_NAME.test(name)) return [basename(name)];
  if (isJsonObject(bin)) return Object.keys(bin).map((key) => basename(key));
  const folder = isJsonObject(directories) ? member(directories, "bin") : undefined;
  return typeof folder === "string" ? await filesIn(join(root, folder)) : [];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { path } of walk(folder, PACKAGE_LIMITS)) names.push(basename(path));
  } catch {
    // There is no such folder.
  }
  return names;
}
