import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspectPackage, member, readJsonObject } from "@meshauth/core";

/**
 * Whether the folder `src` of a package holds a file that is newer than all that was built: than every file in the
 * folder of a module that `package.json` names. What cannot be read is not stale.
 *
 * @param root - The folder of the package, absolute.
 */
export async function isStale(root: string): Promise<boolean> {
  const pjson = await readJsonObject(join(root, "package.json"), "package.json").catch(() => ({}));
  const name = String(member(pjson, "name"));
  const { providers } = await inspectPackage({ name, root, origin: "link" });
  const changed = await newestIn(join(root, "src"));
  for (const { modulePath, root: real } of providers) {
    const folder = dirname(modulePath);
    const isBuilt = folder !== real && !`${folder}/`.startsWith(join(real, "src/"));
    if (isBuilt && changed > (await newestIn(folder))) return true;
  }
  return false;
}

/** When the newest file below a folder was changed, in milliseconds since 1970; 0 when there is none. */
async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = await Promise.all(
    files.map(async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0),
  );
  return Math.max(0, ...times);
}
