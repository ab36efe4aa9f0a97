import { existsSync, writeFileSync } from "node:fs";
import { cp, lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processStart } from "@meshauth/core";

/** What npm and we change in the data folder. */
export const PLUGIN_FILES: readonly string[] = [
  "package.json",
  "package-lock.json",
  "node_modules",
  "trust.json",
];

/** Names what there was, once all of it is copied. Without it the snapshot is half of one. */
const INDEX = "index.json";

/** Holds the number of the process that works on the plugins. */
const WORKER = "worker.pid";
/** How long it is waited for, in milliseconds. */
const WORKER_LIMIT_MS = 3_000;

function folderOf(dataDir: string): string {
  return join(dataDir, ".plugins-snapshot");
}

/** Whether a change is under way, or was when its process died. */
export function hasSnapshot(dataDir: string): boolean {
  return existsSync(join(folderOf(dataDir), INDEX));
}

/**
 * Notes who works on the plugins: a process that outlives ours for a moment must not write into what is put back.
 * Without the note only that moment is not waited for.
 *
 * @param pid - The process; `undefined` when it was not started.
 */
export function noteWorker(dataDir: string, pid: number | undefined): void {
  if (pid === undefined || !hasSnapshot(dataDir)) return;
  try {
    writeFileSync(join(folderOf(dataDir), WORKER), `${pid}`);
  } catch {
    // Nothing depends on it but the wait.
  }
}

/** Waits until the noted process is gone, within a limit: its number may be another's by now. */
async function workerEnds(dataDir: string): Promise<void> {
  const pid = Number(await readFile(join(folderOf(dataDir), WORKER), "utf8").catch(() => 0));
  const end = performance.now() + WORKER_LIMIT_MS;
  while (pid > 0 && (await processStart(pid)) !== "gone" && performance.now() < end) await delay(20);
}

/** Copies the state of the plugins aside. */
export async function takeSnapshot(dataDir: string): Promise<void> {
  const folder = folderOf(dataDir);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const present: string[] = [];
  for (const name of PLUGIN_FILES) {
    if (!(await exists(join(dataDir, name)))) continue;
    // Links are relative to their place; following one would copy a folder of the user.
    await cp(join(dataDir, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
    present.push(name);
  }
  await writeFile(join(folder, INDEX), JSON.stringify(present));
}

/**
 * Puts the state back as it was when the snapshot was taken, also when an earlier attempt was cut short.
 * Does nothing when there is no snapshot.
 */
export async function restoreSnapshot(dataDir: string): Promise<void> {
  const folder = folderOf(dataDir);
  const present = await readIndex(folder);
  if (present !== undefined) await workerEnds(dataDir);
  for (const name of present === undefined ? [] : PLUGIN_FILES) {
    const kept = await exists(join(folder, name));
    // It was there and is not in the snapshot any more: it is back already.
    if (!kept && present?.includes(name)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
    if (kept) await rename(join(folder, name), join(dataDir, name));
  }
  await dropSnapshot(dataDir);
}

/** The change is good: the old state is not needed any more. */
export async function dropSnapshot(dataDir: string): Promise<void> {
  const folder = folderOf(dataDir);
  // First: half a snapshot must not be restored.
  await rm(join(folder, INDEX), { force: true });
  await rm(folder, { recursive: true, force: true });
}

async function readIndex(folder: string): Promise<readonly string[] | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, INDEX), "utf8")) as string[];
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
