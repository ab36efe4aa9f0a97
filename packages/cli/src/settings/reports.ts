import type { Registry } from "@meshauth/core";
import type { SavedSettings, SettingsFile } from "./file.js";
import { problemOf } from "./find.js";

/** One row of `provider settings list`. */
export interface SettingsRow extends SavedSettings {
  /** Why they cannot be used as they are, as a sentence; null when they can. */
  readonly problem: string | null;
}

/** The document of `provider settings list --json`. */
export interface SettingsList {
  readonly settings: readonly SettingsRow[];
  readonly file: string;
}

/** The document of `provider settings show --json`. */
export interface SettingsDetails extends SettingsRow {
  readonly file: string;
}

/** The document of `provider settings remove --json`: what is not saved any more. */
export interface SettingsRemoval extends SavedSettings {
  readonly file: string;
}

export function rowOf(registry: Registry, saved: SavedSettings): SettingsRow {
  const { name, provider, options } = saved;
  return { name, provider, options, problem: problemOf(registry, saved) };
}

/** All settings by name. */
export function rowsOf(registry: Registry, { settings }: SettingsFile): SettingsRow[] {
  return [...settings.values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((saved) => rowOf(registry, saved));
}
