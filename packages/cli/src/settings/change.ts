import { mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { MeshauthError, withLock } from "@meshauth/core";
import { refuseRoot, storageFailure } from "../own-change.js";
import {
  readSettings,
  type SavedSettings,
  type SettingsFile,
  SIZE_LIMIT,
  settingsPath,
  unusable,
  VERSION,
} from "./file.js";

/** Where settings are changed, and by whom. */
export interface ChangeSettingsOptions {
  /** It is made when it is missing. */
  readonly configDir: string;
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
  readonly signal: AbortSignal;
}

/** How long another process that changes the settings is waited for, in milliseconds. */
const WAIT_MS = 10_000;

/**
 * Changes the settings, one process at a time. Readers see the old file or the new one, and a file that cannot be
 * believed is left alone.
 *
 * @param change - Gets the settings to change them; it throws to leave them as they are.
 * @returns The path of the file, and whether it was written: what has not changed is not.
 * @throws MeshauthError `MESHAUTH_E_ROOT`, `MESHAUTH_E_STORE`; StoreError `MESHAUTH_E_LOCKED`; the signal's reason.
 */
export async function changeSettings(
  { configDir, uid, signal }: ChangeSettingsOptions,
  change: (settings: Map<string, SavedSettings>) => void,
): Promise<{ readonly path: string; readonly written: boolean }> {
  try {
    await refuseRoot(configDir, uid);
    requireBelief(configDir, uid);
    await mkdir(configDir, { recursive: true, mode: 0o700 });
    const path = settingsPath(await realpath(configDir));
    const busy = "Another meshauth is changing the saved settings.";
    const wait = { signal, wait: WAIT_MS, busy, system: { program: "meshauth" } };
    return await withLock(path, wait, async ({ staged }) => {
      const file = requireBelief(configDir, uid);
      const next = new Map(file.settings);
      change(next);
      const text = textOf(next);
      const written = text !== textOf(file.settings);
      if (written) {
        if (Buffer.byteLength(text) > SIZE_LIMIT) throw tooMuch();
        try {
          await writeFile(staged, text, { flag: "wx", mode: 0o600, flush: true });
          await rename(staged, path);
        } catch (error) {
          // A part of it would take up what is left of a full disk.
          await rm(staged, { force: true });
          throw error;
        }
      }
      return { path: file.path, written };
    });
  } catch (error) {
    throw storageFailure(error, configDir, "The saved settings cannot be changed.") ?? error;
  }
}

/** @throws MeshauthError `MESHAUTH_E_STORE` for a file that cannot be believed. */
function requireBelief(configDir: string, uid: number | undefined): SettingsFile {
  const file = readSettings(configDir, uid);
  if (file.problem !== undefined) throw unusable(file, file.problem);
  return file;
}

/** The file's text; the same for the same settings, in whatever order they were saved. */
function textOf(settings: ReadonlyMap<string, SavedSettings>): string {
  const entries = [...settings.values()].map(({ name, provider, options }): [string, object] => [
    name,
    { provider, options: Object.fromEntries(sorted(Object.entries(options))) },
  ]);
  return `${JSON.stringify({ version: VERSION, settings: Object.fromEntries(sorted(entries)) }, null, 2)}\n`;
}

function sorted<T>(entries: readonly [string, T][]): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function tooMuch(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: "The saved settings cannot be changed.",
    why: `With this change they would take more than ${SIZE_LIMIT / 1024} KiB, and not be read any more.`,
    next: ["meshauth provider settings list"],
  });
}
