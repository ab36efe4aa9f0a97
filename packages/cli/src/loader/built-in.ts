import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Candidate } from "@meshauth/core";

const PROVIDER = /^@meshauth\/provider-/;
// Of the same family by name, and no providers.
const OTHERS: ReadonlySet<string> = new Set(["@meshauth/provider-api", "@meshauth/provider-testkit"]);

/**
 * The providers that come with the program: its dependencies called `@meshauth/provider-…`, found where Node
 * would find them, whichever way the package manager laid them out.
 *
 * @param root - The program's folder.
 * @param dependencies - Names, from its `package.json`.
 */
export function builtInCandidates(root: string, dependencies: readonly string[]): Candidate[] {
  return dependencies
    .filter((name) => PROVIDER.test(name) && !OTHERS.has(name))
    .map((name) => ({ name, root: folderOf(root, name), origin: "built-in" }));
}

/** Where Node would find a package, and where it would be expected if there is none. */
export function folderOf(root: string, name: string): string {
  const { resolve } = createRequire(join(root, "package.json"));
  const folders = (resolve.paths(name) ?? []).map((modules) => join(modules, name));
  return (
    folders.find((folder) => existsSync(join(folder, "package.json"))) ?? join(root, "node_modules", name)
  );
}
