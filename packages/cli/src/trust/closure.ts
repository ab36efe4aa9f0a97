import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isJsonObject, member, readJsonObject } from "@meshauth/core";
import { TreeError } from "./tree.js";

/** A package needs no more others than this. */
const MOST_PACKAGES = 2_000;

const NEEDS = ["dependencies", "optionalDependencies", "peerDependencies"] as const;

// What cannot lead out of a `node_modules`.
const NAME = /^(?:@[^/\\.][^/\\]*\/)?[^/\\.@][^/\\]*$/;

/**
 * The real folders of a package and of all packages that it needs, as Node would find them from where each of them
 * is. One that is not there is left out.
 *
 * @param top - The folder above which nothing may be found: what lies there is nobody's installation.
 * @throws {@link TreeError} when Node would take one from above, or a file in its place, and when there are more than anything needs.
 */
export async function closureOf(root: string, top: string): Promise<readonly string[]> {
  const first = await realpath(root);
  const found = new Set([first]);
  for (const folder of found) {
    for (const name of await needsOf(folder)) {
      const needed = await resolvePackage(name, folder, top);
      if (needed !== undefined) found.add(needed);
    }
    if (found.size > MOST_PACKAGES) throw new TreeError(`It needs more than ${MOST_PACKAGES} packages.`);
  }
  return [...found];
}

// A file with the package's name, which Node takes before the folder, or without one.
const FILES = ["", ".js", ".json", ".node"] as const;

/** The names of what a package says it needs; none when that cannot be read. */
async function needsOf(folder: string): Promise<readonly string[]> {
  try {
    const pjson = await readJsonObject(join(folder, "package.json"), "package.json");
    return NEEDS.flatMap((key) => {
      const value = member(pjson, key);
      return isJsonObject(value) ? Object.keys(value).filter((name) => NAME.test(name)) : [];
    });
  } catch {
    return [];
  }
}

/** Where Node finds a package, looking from a folder. Above `top` there must be none. */
async function resolvePackage(name: string, from: string, top: string): Promise<string | undefined> {
  let above = false;
  for (let folder = from; ; folder = dirname(folder)) {
    if (basename(folder) !== "node_modules") {
      const path = join(folder, "node_modules", name);
      for (const file of FILES.map((extension) => path + extension)) {
        if (await isFile(file)) throw new TreeError(`It needs ${name}, whose place ${basename(file)} takes.`);
      }
      if (await isFolder(path)) {
        if (above) throw new TreeError(`It needs ${name}, which lies outside of the plugins' folder.`);
        return await realpath(path);
      }
    }
    if (folder === dirname(folder)) return undefined;
    above ||= folder === top;
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
