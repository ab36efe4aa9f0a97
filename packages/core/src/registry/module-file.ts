import { realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { Refusal } from "./refusal.js";

/**
 * The real path of a provider's module. It must be a file inside the package, links followed.
 *
 * @param root - The package's real path.
 * @param module - The manifest's `module`.
 * @throws {@link Refusal}
 */
export function resolveModule(root: string, module: string): string {
  let path: string;
  try {
    path = realpathSync.native(join(root, module));
    if (!statSync(path).isFile()) throw new Refusal(`Its module ${module} is not a file.`);
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
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new Refusal(`Its module ${module} is a link out of the package.`);
  }
  return path;
}
