import { mkdir, open, readdir, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MeshauthError, printable } from "@meshauth/core";
import type { FileTree } from "./render.js";

/**
 * Writes files into a folder that is empty or not there yet. All or nothing: what was made is taken away again when
 * something fails, or when the person leaves.
 *
 * @param folder - Absolute.
 * @throws MeshauthError `MESHAUTH_E_USAGE` when something is there already, `MESHAUTH_E_STORE` when the system refuses;
 *   the signal's reason.
 */
export async function writeTree(folder: string, files: FileTree, options: WriteOptions): Promise<void> {
  const { signal, elsewhere } = options;
  await requireEmpty(folder, elsewhere);
  const made: Made[] = [];
  try {
    await makeFolder(folder, made);
    for (const [path, content] of files) {
      signal.throwIfAborted();
      const file = join(folder, path);
      await makeFolder(dirname(file), made);
      const handle = await open(file, "wx");
      made.push({ path: file, remove: unlink });
      await handle.writeFile(content).finally(() => handle.close());
    }
  } catch (error) {
    for (const { path, remove } of made.reverse()) await remove(path).catch(() => undefined);
    signal.throwIfAborted();
    throw failureOf(error, folder, elsewhere);
  }
}

/** How {@link writeTree} writes. */
export interface WriteOptions {
  readonly signal: AbortSignal;
  /** The command that would write into another folder, for a failure. */
  readonly elsewhere: string;
}

/** Something that was not there before. */
interface Made {
  readonly path: string;
  /** Takes it away again; a folder only while it is empty. */
  remove(path: string): Promise<void>;
}

async function requireEmpty(folder: string, elsewhere: string): Promise<void> {
  try {
    const names = await readdir(folder);
    if (names.length === 0) return;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    if (codeOf(error) !== "ENOTDIR") throw failureOf(error, folder, elsewhere);
    throw occupied(`${printable(folder)} is no folder, or a part of its path is none.`, elsewhere);
  }
  throw occupied(`The folder ${printable(folder)} is not empty.`, elsewhere);
}

async function makeFolder(folder: string, made: Made[]): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), made);
  await mkdir(folder);
  made.push({ path: folder, remove: rmdir });
}

function occupied(message: string, elsewhere: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message,
    why: "A new package is made in a folder of its own, and nothing is written over.",
    next: [elsewhere],
  });
}

function failureOf(error: unknown, folder: string, elsewhere: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  // Somebody else was quicker, between the look and the writing.
  if (code === "EEXIST") return occupied(`The folder ${printable(folder)} is not empty.`, elsewhere);
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: `The folder ${printable(folder)} cannot be written.`,
    why: `The operating system refused (${code}).`,
    next: [elsewhere],
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
