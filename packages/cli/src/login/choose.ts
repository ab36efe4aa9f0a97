import type { InstalledProvider, Runtime } from "@meshauth/core";
import { argumentOf, hasTwoSteps, MeshauthError, withTimeLimit } from "@meshauth/core";
import { paint } from "../terminal/color.js";
import { lastProvider } from "./last-used.js";

/**
 * How the providers that come with the program are offered: with an account, without, then the others. Those that have
 * to be told something first are last.
 */
const FIRST_PARTY = ["browser", "local"];

/** The order of the prompt: last used, then first-party, then third-party by package name. */
function inOrder(providers: readonly InstalledProvider[], last: string | undefined): InstalledProvider[] {
  const rank = ({ entry, origin }: InstalledProvider): number => {
    if (entry.id === last) return -1;
    if (origin !== "built-in") return FIRST_PARTY.length + 2;
    if (requiredFlags(entry).length > 0) return FIRST_PARTY.length + 1;
    const place = FIRST_PARTY.findIndex((flow) => (entry.flows as readonly string[]).includes(flow));
    return place < 0 ? FIRST_PARTY.length : place;
  };
  return [...providers].sort((a, b) => rank(a) - rank(b) || a.package.localeCompare(b.package));
}

/** The provider that the prompt has on top. */
export function firstProvider({ registry }: Pick<Runtime, "registry">, last: string | undefined): string {
  const [first] = inOrder(registry.providers, last);
  if (first === undefined) throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING");
  return first.entry.id;
}

/** What it takes to ask for a provider. */
export interface ChoiceInput extends Pick<Runtime, "registry" | "terminal" | "signal"> {
  readonly dataDir: string;
  /** Milliseconds for the answer. */
  readonly timeout: number;
}

/** Asks which provider to sign in with. @throws MeshauthError `MESHAUTH_E_INTERACTION` where nobody can be asked. */
export async function chooseProvider({ signal, timeout, dataDir, ...asking }: ChoiceInput): Promise<string> {
  const last = await lastProvider(dataDir);
  return await withTimeLimit(signal, timeout, (limit) => choose({ ...asking, signal: limit }, last));
}

async function choose(
  { terminal, signal, registry }: Pick<Runtime, "registry" | "terminal" | "signal">,
  last: string | undefined,
): Promise<string> {
  const providers = inOrder(registry.providers, last);
  if (!terminal.interactive) {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: "Which provider? There is nobody to ask here.",
      next: providers.flatMap(commandsFor),
    });
  }
  const width = Math.max(...providers.map(({ entry }) => entry.title.length));
  return await terminal.choose(
    {
      message: "Select a Provider:",
      choices: providers.map(({ entry, origin, package: name }) => ({
        value: entry.id,
        label: `${entry.title.padEnd(width)}  ${paint("dim", `${entry.summary}${origin === "built-in" ? "" : ` (${name})`}`)}`,
      })),
    },
    signal,
  );
}

/** The options that a provider cannot do without, as in `--issuer URL`. */
function requiredFlags({ options = [] }: InstalledProvider["entry"]): string[] {
  return options
    .filter(({ required, argument }) => required && !argument)
    .map(({ name, placeholder = "VALUE" }) => `--${name} ${placeholder}`);
}

/** The commands that work where nobody can be asked. */
function commandsFor({ entry }: InstalledProvider): string[] {
  const argument = argumentOf(entry);
  const command = ["meshauth login", entry.id, ...requiredFlags(entry)].join(" ");
  if (argument !== undefined) return [`${command} ${argument}`];
  const ways = [
    ...(hasTwoSteps(entry) ? ["--start --json"] : []),
    ...(entry.flows.includes("paste") ? ["--token-stdin < FILE"] : []),
    ...(entry.flows.includes("browser") ? ["--no-browser"] : []),
  ];
  return ways.length === 0 ? [command] : ways.map((way) => `${command} ${way}`);
}
