import {
  findProvider,
  type InstalledProvider,
  MeshauthError,
  nearest,
  printable,
  type Registry,
  requireProvider,
} from "@meshauth/core";
import { flawOf, typedName } from "../options/values.js";
import { type SavedSettings, type SettingsFile, unusable } from "./file.js";
import { savable } from "./savable.js";

/** Where a name that is typed is looked for. */
export interface Names {
  readonly registry: Registry;
  readonly settings: SettingsFile;
}

/** What a name that is typed stands for: a provider, and the settings where they were saved under that name. */
export interface Meant {
  readonly installed: InstalledProvider;
  readonly saved?: SavedSettings;
}

/** The settings that are saved under a name, whatever its case. */
export function findSaved({ settings }: SettingsFile, name: string): SavedSettings | undefined {
  return settings.get(name.trim().toLowerCase());
}

/**
 * What a name stands for. Settings come before a provider: one that is called the same was installed later.
 *
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_PROVIDER`, with the nearest name that exists; `MESHAUTH_E_PROVIDER_MISSING`
 *   for settings whose provider is not installed; `MESHAUTH_E_STORE` for a name that may be one of settings that cannot
 *   be read; `MESHAUTH_E_PLUGIN`.
 */
export function requireMeant({ registry, settings }: Names, name: string): Meant {
  const saved = findSaved(settings, name);
  if (saved !== undefined) return { installed: requireInstalled(registry, saved), saved };
  if (settings.problem !== undefined && findProvider(registry, name) === undefined)
    throw unusable(settings, settings.problem);
  return { installed: requireProvider(registry, name, [...settings.settings.keys()]) };
}

/**
 * What a login in two steps was started with.
 *
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_MISSING` for a provider that is not installed any more.
 */
export function meantByTicket(
  { registry, settings }: Names,
  { id, savedSettings: name }: { readonly id: string; readonly savedSettings?: string },
): Meant {
  const installed = registry.providers.find(({ entry }) => entry.id === id);
  if (installed === undefined) {
    throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING", {
      message: `The provider ${printable(id, 60)} is not installed.`,
      why: "This ticket is for a login with it.",
    });
  }
  const saved = name === undefined ? undefined : settings.settings.get(name);
  return saved?.provider === id ? { installed, saved } : { installed };
}

/** The provider of saved settings, if it is installed. */
export function installedFor(
  { providers }: Pick<Registry, "providers">,
  { provider }: SavedSettings,
): InstalledProvider | undefined {
  return providers.find(({ entry }) => entry.id === provider);
}

function requireInstalled(registry: Registry, saved: SavedSettings): InstalledProvider {
  const installed = installedFor(registry, saved);
  if (installed !== undefined) return installed;
  const { name, provider } = saved;
  throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING", {
    message: `The settings "${name}" are for the provider ${provider}, which is not installed.`,
    next: ["meshauth provider list", `meshauth provider settings remove ${name}`],
  });
}

/** @throws MeshauthError `MESHAUTH_E_STORE` for settings of which a value does not fit its option. */
export function requireFitting(installed: InstalledProvider, saved: SavedSettings): void {
  const why = misfit(installed, saved);
  if (why === undefined) return;
  const { name, provider } = saved;
  throw new MeshauthError("MESHAUTH_E_STORE", {
    message: `The settings "${name}" do not fit ${installed.entry.title} any more.`,
    why,
    next: [`meshauth provider settings show ${name}`, `meshauth provider configure ${provider} --help`],
  });
}

/** Why settings cannot be used as they are, as a sentence; null when they can. */
export function problemOf(registry: Registry, saved: SavedSettings): string | null {
  const installed = installedFor(registry, saved);
  if (installed === undefined) return `No installed package offers the provider ${saved.provider}.`;
  const wrong = misfit(installed, saved);
  if (wrong !== undefined) return wrong;
  const lacking = savable(installed).find(
    ({ name, required }) => required && !Object.hasOwn(saved.options, name),
  );
  return lacking === undefined
    ? null
    : `${typedName(lacking)} is missing, which ${installed.entry.title} needs.`;
}

function misfit(installed: InstalledProvider, { options }: SavedSettings): string | undefined {
  const specs = new Map(savable(installed).map((spec) => [spec.name, spec]));
  for (const [name, value] of Object.entries(options)) {
    const spec = specs.get(name);
    if (spec === undefined) return `${installed.entry.title} has no option ${name}.`;
    const flaw = flawOf(spec, value);
    if (flaw !== undefined) return `${flaw.message} ${flaw.why}`;
  }
  return undefined;
}

/**
 * The settings of that name.
 *
 * @param command - What is advised with the nearest name, such as `show`.
 * @throws MeshauthError `MESHAUTH_E_USAGE` when there are none, with the nearest name; `MESHAUTH_E_STORE`
 */
export function requireSaved(file: SettingsFile, name: string, command: string): SavedSettings {
  if (file.problem !== undefined) throw unusable(file, file.problem);
  const saved = findSaved(file, name);
  if (saved !== undefined) return saved;
  const near = nearest(name, file.settings.keys());
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `No settings are saved as "${printable(name, 60)}".${near === undefined ? "" : ` Did you mean ${near}?`}`,
    why:
      file.settings.size === 0 ? "There are none so far." : "The name is misspelled, or they were removed.",
    next: [
      ...(near === undefined ? [] : [`meshauth provider settings ${command} ${near}`]),
      "meshauth provider settings list",
    ],
  });
}
