import type { InstalledProvider, Runtime } from "@meshauth/core";
import { argumentOf, hasToBeTold, hasTwoSteps, MeshauthError, withTimeLimit } from "@meshauth/core";
import type { OptionValues } from "@meshauth/provider-api";
import { shownValue } from "../options/values.js";
import type { SavedSettings, SettingsFile } from "../settings/file.js";
import { installedFor } from "../settings/find.js";
import { paint } from "../terminal/color.js";
import { lastProvider } from "./last-used.js";

/**
 * How the providers that come with the program are offered: with an account, without, then the others. Those that have
 * to be told something first are last.
 */
const FIRST_PARTY = ["browser", "local"];

/**
 * The order of the prompt: last used, then first-party, of which those come last that cannot do without an option, then
 * third-party by package name.
 */
function inOrder(providers: readonly InstalledProvider[], last: string | undefined): InstalledProvider[] {
  const rank = ({ entry, origin }: InstalledProvider): number => {
    if (entry.id === last) return -1;
    if (origin !== "built-in") return FIRST_PARTY.length + 2;
    if (hasToBeTold(entry)) return FIRST_PARTY.length + 1;
    const place = FIRST_PARTY.findIndex((flow) => (entry.flows as readonly string[]).includes(flow));
    return place < 0 ? FIRST_PARTY.length : place;
  };
  return [...providers].sort((a, b) => rank(a) - rank(b) || a.package.localeCompare(b.package));
}

/** What can be chosen, with the settings where they are saved. */
interface Offer {
  readonly installed: InstalledProvider;
  readonly saved?: SavedSettings;
}

/** What it takes to know what can be chosen. */
interface Offered extends Pick<Runtime, "registry"> {
  readonly settings: Pick<SettingsFile, "settings">;
}

/** What can be chosen, in order: what was last used, then saved settings, then providers that are not called like some. */
function offersOf({ registry, settings: { settings } }: Offered, last: string | undefined): Offer[] {
  const saved = [...settings.values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((own) => {
      const installed = installedFor(registry, own);
      return installed === undefined ? [] : [{ installed, saved: own }];
    });
  const providers = inOrder(registry.providers, last)
    .filter(({ entry }) => !settings.has(entry.id))
    .map((installed) => ({ installed }));
  const rest: Offer[] = [...saved, ...providers];
  const first = rest.findIndex((offer) => nameOf(offer) === last);
  return first < 0 ? rest : [...rest.splice(first, 1), ...rest];
}

function nameOf({ installed, saved }: Offer): string {
  return saved?.name ?? installed.entry.id;
}

/** What the prompt has on top. @returns What is typed after `login`. */
export function firstProvider(offered: Offered, last: string | undefined): string {
  const [first] = offersOf(offered, last);
  if (first === undefined) throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING");
  return nameOf(first);
}

/** What it takes to ask for a provider. */
export interface ChoiceInput extends Offered, Pick<Runtime, "terminal" | "signal"> {
  readonly dataDir: string;
  /** Milliseconds for the answer. */
  readonly timeout: number;
}

/**
 * Asks what to sign in with.
 *
 * @returns What is typed after `login`: the name of saved settings, or the id of a provider.
 * @throws MeshauthError `MESHAUTH_E_INTERACTION` where nobody can be asked.
 */
export async function chooseProvider({ signal, timeout, dataDir, ...asking }: ChoiceInput): Promise<string> {
  const last = await lastProvider(dataDir);
  return await withTimeLimit(signal, timeout, (limit) => choose({ ...asking, signal: limit }, last));
}

async function choose(
  { terminal, signal, ...offered }: Offered & Pick<Runtime, "terminal" | "signal">,
  last: string | undefined,
): Promise<string> {
  const offers = offersOf(offered, last);
  if (!terminal.interactive) {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: "Which provider? There is nobody to ask here.",
      next: offers.flatMap(({ installed, saved }) => commandsFor(installed, saved)),
    });
  }
  const width = Math.max(...offers.map((offer) => labelOf(offer).length));
  return await terminal.choose(
    {
      message: "Select a Provider:",
      choices: offers.map((offer) => ({
        value: nameOf(offer),
        label: `${labelOf(offer).padEnd(width)}  ${paint("dim", noteOf(offer))}`,
      })),
    },
    signal,
  );
}

/** The options that a provider cannot do without and has not been told, as in `--issuer URL`. */
function requiredFlags({ options = [] }: InstalledProvider["entry"], known: OptionValues = {}): string[] {
  return options
    .filter(({ name, required, argument }) => required && !argument && known[name] === undefined)
    .map(({ name, placeholder = "VALUE" }) => `--${name} ${placeholder}`);
}

function labelOf({ installed, saved }: Offer): string {
  return saved?.name ?? installed.entry.title;
}

/** What choosing it means, in a few words. */
function noteOf({ installed, saved }: Offer): string {
  const { entry, origin, package: name } = installed;
  const url = entry.options?.find(
    ({ name: option, type }) => type === "url" && Object.hasOwn(saved?.options ?? {}, option),
  );
  const address = url === undefined ? undefined : saved?.options[url.name];
  const note = saved === undefined ? entry.summary : entry.title;
  return `${note}${address === undefined ? "" : `, ${shownValue(address)}`}${origin === "built-in" ? "" : ` (${name})`}`;
}

/** The commands that work where nobody can be asked. */
function commandsFor({ entry }: InstalledProvider, saved?: SavedSettings): string[] {
  const argument = argumentOf(entry, saved?.options);
  const words = ["meshauth login", saved?.name ?? entry.id, ...requiredFlags(entry, saved?.options)];
  const command = words.join(" ");
  if (argument !== undefined) return [`${command} ${argument}`];
  const ways = [
    ...(hasTwoSteps(entry) ? ["--start --json"] : []),
    ...(entry.flows.includes("paste") ? ["--token-stdin < FILE"] : []),
    ...(entry.flows.includes("browser") ? ["--no-browser"] : []),
  ];
  return ways.length === 0 ? [command] : ways.map((way) => `${command} ${way}`);
}
