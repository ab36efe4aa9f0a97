import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

/** One thing in a folder. Folders themselves are counted and not told. */
export interface TreeEntry {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly kind: "file" | "link";
  /** Bytes; of a link, those of its target's name. */
  readonly size: number;
  /** Of a link: where it says that it leads. */
  readonly target?: string;
}

/** How much of a folder is looked at. */
export interface TreeLimits {
  /** Files, links and folders. */
  readonly entries: number;
  readonly bytes: number;
}

/** Why a folder cannot be taken as it is; the message is a sentence. */
export class TreeError extends Error {}

/** Where npm makes links to programs, which lead to files that are looked at themselves. */
const BIN = "node_modules/.bin";

/**
 * Everything in a folder, in an order of its own that does not depend on the system. Follows no link, and leaves out
 * npm's own links to programs; where npm makes files instead, as on Windows, those are told like all others.
 *
 * @param skip - Says of a folder's path that it is left out.
 * @throws {@link TreeError} beyond the limits, and for what is neither file, folder nor link.
 */
export async function* walk(
  root: string,
  { entries: most, bytes }: TreeLimits,
  skip: (path: string) => boolean = () => false,
): AsyncGenerator<TreeEntry> {
  const folders = [""];
  let [count, size] = [0, 0];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const found = await readdir(join(root, folder), { withFileTypes: true });
    const isBin = folder === BIN || folder.endsWith(`/${BIN}`);
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of found) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isBin && entry.isSymbolicLink()) continue;
      count += 1;
      if (count > most) throw new TreeError(`It holds more than ${most.toLocaleString("en")} files.`);
      if (entry.isDirectory()) {
        if (!skip(path)) folders.push(path);
        continue;
      }
      const stat = await lstat(join(root, path));
      size += stat.size;
      if (size > bytes) throw new TreeError(`It is larger than ${megabytes(bytes)} MB.`);
      if (stat.isSymbolicLink()) {
        yield { path, kind: "link", size: stat.size, target: await readlink(join(root, path)) };
      } else if (stat.isFile()) yield { path, kind: "file", size: stat.size };
      else throw new TreeError(`It holds ${JSON.stringify(path)}, which is no file.`);
    }
  }
}

/** Bytes in whole megabytes of 1,048,576 bytes. */
function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
