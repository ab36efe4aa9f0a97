import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What oclif calls the user agent: name, version, and what the program runs on.
 *
 * @param root - The program's folder: the one with its `package.json`.
 */
export function versionLine(
  root: string,
  { platform, arch, version: node }: Pick<NodeJS.Process, "platform" | "arch" | "version">,
): string {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `${name}/${version} ${platform}-${arch === "ia32" ? "x86" : arch} node-${node}`;
}
