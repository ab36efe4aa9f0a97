import {
  findProvider,
  findUnusable,
  type InstalledProvider,
  MeshauthError,
  printable,
  type Registry,
  type Runtime,
} from "@meshauth/core";
import { NAME_PATTERN } from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";
import { askForMissing } from "../options/ask.js";
import { fileOf, type OptionValue } from "../options/values.js";
import { type ChangeSettingsOptions, changeSettings } from "./change.js";
import { readSettings, type SavedSettings } from "./file.js";
import { savable } from "./savable.js";

/** The document of `provider configure --json`. */
export interface ConfigureReport extends SavedSettings {
  readonly file: string;
}

/** What was asked for on the command line. */
export interface ConfigureInput {
  readonly installed: InstalledProvider;
  readonly name: string;
  /** What was given, as the parser of the command line found it good. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Replace other settings of that name. */
  readonly force: boolean;
}

/**
 * Saves a provider's settings under a name. What is saved already is not written again.
 *
 * @param signal - Ends the questions.
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a name or an option that cannot be saved, and for a name that is taken;
 *   and as `changeSettings` does.
 */
export async function configure(
  runtime: Runtime,
  { installed, name, options: given, force }: ConfigureInput,
  place: ChangeSettingsOptions,
  signal: AbortSignal,
): Promise<ConfigureReport> {
  const provider = installed.entry.id;
  // A provider of that name came later: what is saved stays the owner's to change, and comes before it.
  if (!readSettings(place.configDir, place.uid).settings.has(name)) checkName(runtime.registry, name);
  const specs = savable(installed);
  const help = `meshauth provider configure ${provider} --help`;
  const all = await askForMissing(runtime, { installed, specs, given, help }, signal);
  const values = specs.flatMap((spec): [string, OptionValue][] => {
    const value = Object.hasOwn(all, spec.name) ? all[spec.name] : undefined;
    if (value === undefined) return [];
    if (typeof value === "string") refuseToken(spec.name, value);
    return [[spec.name, spec.type === "file" ? fileOf(spec, String(value), runtime) : value]];
  });
  const saved: SavedSettings = { name, provider, options: Object.fromEntries(values) };
  const { path } = await changeSettings(place, (settings) => {
    const present = settings.get(name);
    if (present !== undefined && !force && !isSame(present, saved)) throw taken(present);
    settings.set(name, saved);
  });
  return { ...saved, file: path };
}

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a name that cannot be typed, or stands for a provider. */
function checkName(registry: Registry, name: string): void {
  if (findProvider(registry, name) !== undefined || findUnusable(registry, name) !== undefined) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `"${printable(name, 60)}" is the name of a provider.`,
      why: "After `meshauth login` it would be unclear which is meant.",
      next: ["Choose another name."],
    });
  }
  if (NAME_PATTERN.test(name)) return;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(name, 60)}" cannot be a name of settings.`,
    why: "It is typed in `meshauth login NAME`: a lower-case letter, then letters, digits and hyphens, 32 characters at most.",
    next: ["Choose another name."],
  });
}

/** A secret has no place in the file, and no option takes one. */
function refuseToken(name: string, value: string): void {
  const { form } = parseToken(value);
  if (form !== "envelope" && form !== "jwt") return;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `The value of ${name} is a token, and secrets are not saved.`,
    why: "Settings are for what may be seen by others.",
    next: ["Give the token to the login: --token-stdin, where the provider takes one."],
  });
}

function isSame(a: SavedSettings, b: SavedSettings): boolean {
  const names = Object.keys(a.options);
  return (
    a.provider === b.provider &&
    names.length === Object.keys(b.options).length &&
    names.every((name) => Object.hasOwn(b.options, name) && a.options[name] === b.options[name])
  );
}

function taken({ name, provider }: SavedSettings): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `Other settings are saved as "${name}", for the provider ${provider}.`,
    why: "They are replaced only with --force.",
    next: [`meshauth provider settings show ${name}`, "Choose another name, or give --force."],
  });
}
