import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { closureOf } from "./closure.js";
import { type TreeEntry, TreeError, type TreeLimits, walk } from "./tree.js";

/** More than any plugin that was let in, with all that it needs. */
const LIMITS: TreeLimits = { entries: 60_000, bytes: 600 * 1024 * 1024 };
/** Larger files are read piece by piece. */
const WHOLE = 4 * 1024 * 1024;

/** What the files of a plugin come to. */
export interface PluginDigest {
  /** `sha512-…`, as in the Subresource Integrity specification of the W3C. */
  readonly digest: string;
}

/**
 * A digest over all files of a plugin and of every package that it needs, by path and content. It goes as far as
 * the packages' own declarations and the folder of the plugins do: what code reaches for without declaring it, or
 * elsewhere, is not in it. Times, owners and permissions are not, either.
 *
 * @param root - The plugin's folder.
 * @param modules - The `node_modules` that paths are told from.
 * @throws {@link TreeError} for links out of the packages and for what nobody installs; file system errors.
 */
export async function digestOf(root: string, modules: string): Promise<PluginDigest> {
  const base = await realpath(modules).catch(() => resolve(modules));
  const all = await closureOf(root, dirname(base));
  const folders = all.filter((folder) => !all.some((other) => isBelow(folder, other)));
  const hash = createHash("sha512");
  for (const folder of [...folders].sort()) {
    line(hash, "package", relative(base, folder).split(sep).join("/"));
    await addFolder(hash, folder, (target) =>
      all.some((other) => target === other || isBelow(target, other)),
    );
  }
  return { digest: `sha512-${hash.digest("base64")}` };
}

/** The same over the files of one folder, without packages that were put into it. */
export async function digestOfFolder(root: string): Promise<string> {
  const real = await realpath(root);
  const hash = createHash("sha512");
  await addFolder(
    hash,
    real,
    (target) => target === real || isBelow(target, real),
    (path) => path === "node_modules" || path.endsWith("/node_modules"),
  );
  return `sha512-${hash.digest("base64")}`;
}

async function addFolder(
  hash: Hash,
  folder: string,
  covers: (target: string) => boolean,
  skip?: (path: string) => boolean,
): Promise<void> {
  for await (const entry of walk(folder, LIMITS, skip)) {
    if (entry.kind === "link") line(hash, "link", entry.path, await checkedTarget(folder, entry, covers));
    else line(hash, "file", entry.path, await contentDigest(join(folder, entry.path), entry.size));
  }
}

function line(hash: Hash, ...words: readonly string[]): void {
  hash.update(`${JSON.stringify(words)}\n`);
}

async function checkedTarget(
  folder: string,
  { path, target = "" }: TreeEntry,
  covers: (target: string) => boolean,
): Promise<string> {
  const real = await realpath(join(folder, path)).catch(() => undefined);
  if (real !== undefined && covers(real)) return target;
  // A link that leads nowhere can lead anywhere tomorrow.
  throw new TreeError(`Its ${JSON.stringify(path)} is a link out of the package.`);
}

async function contentDigest(path: string, size: number): Promise<string> {
  const hash = createHash("sha512");
  if (size <= WHOLE) hash.update(await readFile(path));
  else for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("base64");
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
