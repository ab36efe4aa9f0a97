import {
  goesBy,
  type Host,
  type OptionValues,
  ProviderError,
  printable,
  type ServerProvider,
  storableName,
} from "@meshauth/provider-api";
import { flawOfServerName, isLocalName } from "@meshauth/provider-api/format";

/** The name that is taken when nothing says another. */
const DEFAULT_NAME = "Layer5";

/** The value of `--provider-name`. @throws {@link ProviderError} `usage` */
export function nameOption(options: OptionValues): string | undefined {
  const value = options["provider-name"];
  if (value === undefined) return undefined;
  const flaw = flawOfServerName(String(value));
  if (flaw === undefined) return String(value);
  throw new ProviderError("usage", `--provider-name cannot be used: the name ${flaw}.`, {
    next: [`meshauth login file-import FILE --provider-name ${DEFAULT_NAME}`],
  });
}

/** What the context's Meshery Server lists; `undefined` without a server. */
export async function listProviders(host: Host): Promise<readonly ServerProvider[] | undefined> {
  const answer = await host.server.providers();
  if (answer.kind === "ok") return answer.value;
  host.debug(`the Meshery Server's providers are not known: ${answer.kind}`);
  return undefined;
}

/** Whether a name stands for the provider without accounts. */
export function isLocal(name: string, listed: readonly ServerProvider[] = []): boolean {
  return isLocalName(name) || listed.some((entry) => entry.type === "local" && goesBy(entry, name));
}

/**
 * The name for a token that came without one: the server's only remote provider, else a guess that the
 * person is told of.
 */
export function guessName(listed: readonly ServerProvider[] | undefined, host: Host): string {
  const entries = remotes(listed);
  const [only] = entries;
  const name = only && storableName(only);
  if (entries.length === 1 && name !== undefined) return name;
  const among =
    entries.length > 1 ? ` The Meshery Server lists ${quoteAll(entries.map((entry) => entry.name))}.` : "";
  host.report({
    type: "warning",
    message: `Nothing says which provider the token is for; "${DEFAULT_NAME}" is taken.${among} Another one can be given with --provider-name.`,
  });
  return DEFAULT_NAME;
}

/** A valid token under a name that the server does not know looks expired to every tool: say so now. */
export function warnIfUnlisted(
  name: string,
  listed: readonly ServerProvider[] | undefined,
  host: Host,
): void {
  if (listed === undefined || isLocal(name) || listed.some((entry) => goesBy(entry, name))) return;
  const names = remotes(listed).map((entry) => entry.name);
  const known =
    names.length > 0
      ? `It lists ${quoteAll(names)}; give the right one with --provider-name.`
      : "It lists no remote provider.";
  host.report({
    type: "warning",
    message: `The Meshery Server at ${host.server.url} does not list "${name}" and may not take the token. ${known}`,
  });
}

function remotes(listed: readonly ServerProvider[] = []): readonly ServerProvider[] {
  return listed.filter((entry) => entry.type === "remote");
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `"${printable(name, 64)}"`).join(", ");
}
