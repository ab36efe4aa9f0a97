import {
  goesBy,
  type Host,
  type LoginRequest,
  type OptionValues,
  ProviderError,
  printable,
  type ServerProvider,
  shellWord,
  storableName,
} from "@meshauth/provider-api";
import { type Checked, checkAddress, checkName } from "./address.js";
import { entriesFor, entryAt, fromEntry, type Remote } from "./listed.js";

/** Where a login goes when nobody says otherwise. */
export const BUILT_IN = { name: "Layer5", base: "https://cloud.layer5.io" } as const;

/**
 * Decides which remote provider is meant: the options, else what the Meshery Server lists, else Layer5.
 *
 * @throws {@link ProviderError} `usage` for an option that cannot be used, `interaction` when several are
 *   listed and nobody can be asked, `protocol` when the server lists an address that cannot be used.
 */
export async function chooseRemote(
  request: LoginRequest,
  host: Host,
  listed: readonly ServerProvider[] | undefined,
): Promise<Remote> {
  const { url, name } = readOptions(request.options);
  if (url !== undefined) return byAddress(url, name ?? request.serverName, host, listed ?? []);
  if (listed === undefined || listed.length === 0) {
    return { name: name ?? request.serverName ?? BUILT_IN.name, base: BUILT_IN.base };
  }
  if (name !== undefined) {
    const named = entriesFor(listed, name);
    if (named.length === 0) throw notListed(name, host, listed);
    return fromEntry(await pick(named, request, host));
  }
  const typed = request.serverName;
  const named = typed === undefined ? [] : entriesFor(listed, typed);
  return fromEntry(await pick(named.length > 0 ? named : listed, request, host));
}

/** The provider's own options. @throws {@link ProviderError} `usage` */
export function readOptions(options: OptionValues): {
  readonly url: string | undefined;
  readonly name: string | undefined;
} {
  return {
    url: option(options, "provider-url", checkAddress),
    name: option(options, "provider-name", checkName),
  };
}

function option(
  options: OptionValues,
  name: string,
  check: (text: string) => Checked<string>,
): string | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const checked = check(String(value));
  if (checked.ok) return checked.value;
  // The value is not shown: an address may hold a password.
  throw new ProviderError("usage", `The value of --${name} ${checked.reason}.`, {
    reason: "It was given as a flag, by the environment or by a setting, and cannot be used.",
    next: [
      name === "provider-url"
        ? `meshauth login layer5 --provider-url ${BUILT_IN.base}`
        : `meshauth login layer5 --provider-name ${BUILT_IN.name}`,
    ],
  });
}

function byAddress(
  base: string,
  name: string | undefined,
  host: Host,
  listed: readonly ServerProvider[],
): Remote {
  const entry = entryAt(listed, base, name);
  const known = entry === undefined ? undefined : (name ?? storableName(entry));
  if (entry !== undefined && known !== undefined) return { name: known, base, key: entry.key };
  if (name === undefined && base !== BUILT_IN.base) {
    host.report({
      type: "warning",
      message: `Meshery Servers know the provider at ${base} by a name that is not known here; "${BUILT_IN.name}" is taken. Give the right one with --provider-name.`,
    });
  }
  return { name: name ?? BUILT_IN.name, base };
}

async function pick(
  entries: readonly ServerProvider[],
  request: LoginRequest,
  host: Host,
): Promise<ServerProvider> {
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) return first;
  if (!host.interactive) {
    throw new ProviderError("interaction", "The Meshery Server lists more than one remote provider.", {
      reason: `One of ${entries.map((entry) => `"${printable(nameToType(entry, entries))}"`).join(", ")} has to be chosen.`,
      next: commands(entries, request.token !== undefined),
    });
  }
  const key = await host.choose({
    message: "Which remote provider?",
    choices: entries.map((entry) => ({
      value: entry.key,
      label: printable(entry.name),
      hint: printable(entry.url ?? "no address"),
    })),
  });
  const chosen = entries.find((entry) => entry.key === key);
  if (chosen === undefined) throw new ProviderError("usage", "None of the remote providers was chosen.");
  return chosen;
}

function notListed(name: string, host: Host, listed: readonly ServerProvider[]): ProviderError {
  return new ProviderError("usage", `The Meshery Server lists no remote provider "${printable(name)}".`, {
    reason: `${host.server.url} lists ${listed.map((entry) => `"${printable(entry.name)}"`).join(", ")}.`,
    next: [
      ...commands(listed),
      `meshauth login layer5 --provider-url URL --provider-name ${shellWord(name)}`,
    ],
  });
}

function commands(entries: readonly ServerProvider[], fromStdin = false): string[] {
  return entries.map((entry) => {
    const command = `meshauth login layer5 --provider-name ${shellWord(nameToType(entry, entries))}`;
    return fromStdin ? `${command} --token-stdin` : command;
  });
}

/** Two providers may both say that they are called "Meshery"; their keys differ. */
function nameToType(entry: ServerProvider, entries: readonly ServerProvider[]): string {
  return entries.filter((other) => goesBy(other, entry.name)).length > 1 ? entry.key : entry.name;
}
