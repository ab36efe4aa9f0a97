import { readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";

/**
 * What oclif calls the user agent: name, version, and what the program runs on.
 *
 * @param root - The program's folder: the one with its `package.json`.
 * @returns `undefined` in WSL, for which oclif has a name of its own.
 */
export function versionLine(
  root: string,
  { platform, arch, version: node }: Pick<NodeJS.Process, "platform" | "arch" | "version">,
): string | undefined {
  if (/microsoft/i.test(release())) return undefined;
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `${name}/${version} ${platform}-${arch === "ia32" ? "x86" : arch} node-${node}`;
}
