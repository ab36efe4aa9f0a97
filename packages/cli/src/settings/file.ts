import { join } from "node:path";
import { isJsonObject, MeshauthError, member, printable, typedWord } from "@meshauth/core";
import { NAME_PATTERN } from "@meshauth/provider-api";
import type { OptionValue } from "../options/values.js";
import { readOwnFile } from "../trust/own-file.js";

/** A provider's settings under a name of their own. No secret is in them. */
export interface SavedSettings {
  /** What is typed after `login`. */
  readonly name: string;
  /** The id of the provider. */
  readonly provider: string;
  /** By the names of the provider's options. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** All settings that are saved. */
export interface SettingsFile {
  readonly path: string;
  /** By name. */
  readonly settings: ReadonlyMap<string, SavedSettings>;
  /** Why the file cannot be believed, as a sentence; there are no settings then. */
  readonly problem?: string;
}

/** The version of the file's structure. */
export const VERSION = 1;
/** Bytes. */
export const SIZE_LIMIT = 1024 * 1024;

/** The file in which they are kept: in the config folder, for its owner alone. */
export function settingsPath(configDir: string): string {
  return join(configDir, "providers.json");
}

/**
 * Reads the settings. A file that is missing holds none; one of which a part makes no sense, or that somebody else may
 * have written, is not believed at all. Never fails.
 *
 * @param uid - The user that runs the program; `undefined` where the system has no such thing.
 */
export function readSettings(configDir: string, uid: number | undefined): SettingsFile {
  const path = settingsPath(configDir);
  const { text, problem } = readOwnFile(path, { uid, limit: SIZE_LIMIT });
  if (text === undefined) return { path, settings: new Map(), ...(problem === undefined ? {} : { problem }) };
  const settings = parse(text);
  return typeof settings === "string" ? { path, settings: new Map(), problem: settings } : { path, settings };
}

/** The error of whoever needs the settings of a file that cannot be believed. */
export function unusable({ path }: SettingsFile, problem: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: `The saved settings in ${printable(path, 1_000)} cannot be used.`,
    why: problem,
    next: [`Mend the file, or put it aside: mv ${typedWord(path)} ${typedWord(`${path}.damaged`)}`],
  });
}

/** The settings, or as a sentence what is wrong with the text. */
function parse(text: string): ReadonlyMap<string, SavedSettings> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "It is not JSON.";
  }
  if (!isJsonObject(value)) return "It holds no settings.";
  if (member(value, "version") !== VERSION) return "Another version of meshauth wrote it.";
  const entries = member(value, "settings");
  if (!isJsonObject(entries)) return "It holds no settings.";
  const settings = new Map<string, SavedSettings>();
  for (const [name, entry] of Object.entries(entries)) {
    const saved = parseEntry(name, entry);
    if (saved === undefined) return `Its entry "${printable(name, 60)}" makes no sense.`;
    settings.set(name, saved);
  }
  return settings;
}

function parseEntry(name: string, entry: unknown): SavedSettings | undefined {
  if (!NAME_PATTERN.test(name) || !isJsonObject(entry)) return undefined;
  const [provider, options] = [member(entry, "provider"), member(entry, "options")];
  if (typeof provider !== "string" || !NAME_PATTERN.test(provider) || !isJsonObject(options))
    return undefined;
  const values = Object.entries(options);
  if (!values.every((pair): pair is [string, OptionValue] => isOption(...pair))) return undefined;
  return { name, provider, options: Object.fromEntries(values) };
}

function isOption(name: string, value: unknown): boolean {
  if (!NAME_PATTERN.test(name)) return false;
  return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
}
