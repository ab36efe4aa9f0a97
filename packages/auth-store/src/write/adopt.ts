import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readDetails } from "../beside/beside.js";
import type { DataFolder } from "../beside/data-folder.js";
import { formatDetails } from "../beside/details.js";
import { isStoreError } from "../error.js";
import type { HeldLock } from "../lock/held.js";
import { isBase, type WorkPaths } from "../paths.js";
import { type FileContent, readOwnFile } from "../read/safe-read.js";
import { sha256 } from "../sha256.js";
import type { SystemFacts } from "../system.js";
import { isUsable } from "./encode.js";
import { removeFile } from "./new-file.js";
import { putInPlace } from "./replace.js";

/**
 * Puts a renewal in place that a killed process had staged: its provider may have taken the old token back already.
 * That is done only while the credential file has the very bytes that the renewal was to replace; any other
 * renewal is removed, for it could never be put in place.
 *
 * None of them is of a process at work. A renewal is staged under the lock only, we hold the lock now, and that of a
 * live process is not given away. (A holder on another machine that was silent for a minute counts as dead. Should
 * it wake up, it finds that the lock is not its own, and its renewal is not lost.)
 */
export async function adoptRenewal(
  paths: WorkPaths,
  lock: HeldLock,
  system: SystemFacts,
  data: DataFolder,
): Promise<void> {
  for (const name of await readdir(paths.folder)) {
    const base = paths.parseStaged(name)?.base;
    if (base === undefined) continue;
    const path = join(paths.folder, name);
    if (!(await isOurs(path, system))) continue;
    const current = (await readOwnFile(paths.file, system))?.bytes;
    const renewal = await readComplete(path, system);
    const fits = current !== undefined && isBase(base, sha256(current));
    if (renewal === undefined || !fits) await removeFile(path);
    else await adopt(renewal, path, current, { paths, lock, system, data });
  }
}

async function adopt(
  renewal: Uint8Array,
  staged: string,
  expected: Uint8Array,
  where: {
    readonly paths: WorkPaths;
    readonly lock: HeldLock;
    readonly system: SystemFacts;
    readonly data: DataFolder;
  },
): Promise<void> {
  await syncFile(staged);
  await handDown(sha256(expected), sha256(renewal), where.data).catch(() => undefined);
  try {
    await putInPlace(renewal, { ...where, staged, expected, adoptable: true, signal: undefined });
  } catch (error) {
    // Another tool has signed in at this moment, so there is nothing to adopt any more.
    if (!isStoreError(error) || error.code !== "MESHAUTH_E_CHANGED" || !(await where.lock.isOurs()))
      throw error;
  }
}

/** Details that the process could not write any more: those of the credential that was renewed, without its end. */
async function handDown(from: string, to: string, data: DataFolder): Promise<void> {
  if ((await readDetails(data, to)) !== undefined) return;
  const known = await readDetails(data, from);
  if (known === undefined) return;
  const { expiresAt: _, ...details } = known;
  await data.write("details.json", formatDetails({ details, digest: to }, { details: known, digest: from }));
}

async function isOurs(path: string, system: SystemFacts): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat?.isFile() === true && (system.uid === undefined || stat.uid === system.uid);
}

/** The bytes of a staged file that was written to its end; `undefined` for any other. */
async function readComplete(path: string, system: SystemFacts): Promise<Uint8Array | undefined> {
  let content: FileContent | undefined;
  try {
    content = await readOwnFile(path, system, { what: "staged file" });
  } catch {
    return undefined;
  }
  if (content === undefined) return undefined;
  const isPrivate = system.uid === undefined || (Number(content.stat.mode) & 0o7777) === 0o600;
  return isPrivate && isUsable(content.bytes) ? content.bytes : undefined;
}

/** The process may have been killed before it asked the disk to have the file. */
async function syncFile(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
