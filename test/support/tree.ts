import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** Everything below a folder, the folder included, with all that a write would change. */
export type Tree = Readonly<Record<string, string>>;

/** Records a folder: kinds, modes, owners, inodes, sizes, times of change and contents. */
export function treeOf(root: string): Tree {
  const entries: Record<string, string> = {};
  const visit = (path: string): void => {
    const { mode, uid, ino, size, mtimeMs, ctimeMs } = lstatSync(path);
    const stat = lstatSync(path);
    const content = stat.isFile()
      ? createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 12)
      : stat.isSymbolicLink()
        ? readlinkSync(path)
        : "";
    const facts = [mode.toString(8), uid, ino, stat.isDirectory() ? "" : size, mtimeMs, ctimeMs, content];
    entries[relative(root, path) || "."] = facts.join(" ");
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(root);
  return entries;
}

/** The names of everything below a folder, sorted. */
export function namesIn(root: string): string[] {
  return Object.keys(treeOf(root))
    .filter((name) => name !== ".")
    .sort();
}
