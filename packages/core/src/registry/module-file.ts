import { lstatSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { Refusal } from "./refusal.js";

/**
 * The real path of a provider's module. It must be a file inside the package, links followed.
 *
 * @param root - The package's real path.
 * @param module - The manifest's `module`.
 * @throws {@link Refusal}
 */
export function resolveModule(root: string, module: `./${string}`): string {
  try {
    const { path, isFile } = follow(root, module.slice("./".length));
    if (!isFile) throw new Refusal(`Its module ${module} is not a file.`);
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new Refusal(`Its module ${module} is a link out of the package.`);
    return path;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(
      code === "ENOENT"
        ? `Its module ${module} is missing.`
        : `Its module ${module} cannot be read (${code}).`,
      code === "ENOENT" ? "build" : "uninstall",
    );
  }
}

/**
 * Where a path below a folder leads, and whether there is a file. Where no link is on the way that is the path itself,
 * which costs a fraction of a real path.
 *
 * @param folder - Its real path.
 * @throws file system errors
 */
function follow(folder: string, below: string): { readonly path: string; readonly isFile: boolean } {
  let path = folder;
  let isFile = false;
  for (const step of below.split("/")) {
    path = join(path, step);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) {
      const real = realpathSync.native(join(folder, below));
      return { path: real, isFile: statSync(real).isFile() };
    }
    isFile = stat.isFile();
  }
  return { path, isFile };
}
