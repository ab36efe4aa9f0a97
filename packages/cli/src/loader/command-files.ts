import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { isJsonObject, member } from "@meshauth/core";
import type { ForeignCommand } from "./foreign-manifest.js";

const STRATEGIES: readonly unknown[] = ["pattern", "explicit", "single"];

/**
 * Checks that whatever oclif would import for a plugin's commands is in the plugin's package, links followed.
 *
 * @param root - The package's real path.
 * @param discovery - `oclif.commands` of its `package.json`.
 * @throws Error whose message is the reason.
 */
export function checkCommandFiles(
  root: string,
  discovery: unknown,
  commands: readonly ForeignCommand[],
): void {
  const options = typeof discovery === "string" ? { strategy: "pattern", target: discovery } : discovery;
  const target = isJsonObject(options) ? member(options, "target") : undefined;
  if (
    !isJsonObject(options) ||
    typeof target !== "string" ||
    !STRATEGIES.includes(member(options, "strategy"))
  )
    throw new Error("Its oclif.commands do not say where its commands are.");
  const globs = member(options, "globPatterns") ?? [];
  if (!Array.isArray(globs) || !globs.every((glob) => typeof glob === "string" && !/\.\.|^\//.test(glob)))
    throw new Error("Its oclif.commands look for commands outside of the package.");
  // As oclif puts it together.
  const start = target.startsWith(root) ? target : join(root, target);
  // For absolute paths it does not matter who asks; with one for all, Node reads no package.json on behalf of that.
  const { resolve } = createRequire(process.execPath);
  const check = (path: string, shown: string): void => {
    const real = realPath(resolved(path, resolve));
    const base = root.endsWith(sep) ? root : root + sep;
    if (![path, real].every((found) => `${found}${sep}`.startsWith(base)))
      throw new Error(`Its commands' file ${JSON.stringify(shown)} is outside of the package.`);
  };
  check(start, target);
  for (const { id, relativePath } of commands) {
    check(join(start, ...id.split(":")), id);
    if (relativePath) check(join(root, ...relativePath), relativePath.join("/"));
  }
}

/** Where Node goes for a path: it may add an extension, or follow the `main` of a folder's `package.json`. */
function resolved(path: string, resolve: NodeJS.RequireResolve): string {
  try {
    return resolve(path);
  } catch {
    return path;
  }
}

/** The path itself where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
