import {
  goesBy,
  type Host,
  ProviderError,
  printable,
  type ServerProvider,
  storableName,
} from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import { checkAddress } from "./address.js";

/** The remote provider that a login is for. */
export interface Remote {
  /** The name for `auth.json`, until a Meshery Server gives a better one. */
  readonly name: string;
  /** The base address, without a trailing slash. */
  readonly base: string;
  /** What the Meshery Server takes as `meshery-provider`: its list's key. Absent: it does not list this one. */
  readonly key?: string;
}

/** The remote providers that the context's Meshery Server lists; `undefined` without a server. */
export async function listRemotes(host: Host): Promise<readonly ServerProvider[] | undefined> {
  const answer = await host.server.providers();
  if (answer.kind === "ok") return answer.value.filter((entry) => entry.type === "remote");
  host.debug(`the Meshery Server's providers are not known: ${answer.kind}`);
  return undefined;
}

/**
 * The entries that go by `name`, in any letter case; exactly one when it is an entry's key, so that
 * providers which share a name can be told apart.
 */
export function entriesFor(entries: readonly ServerProvider[], name: string): readonly ServerProvider[] {
  const exact = entries.filter((entry) => entry.key === name);
  return exact.length > 0 ? exact : entries.filter((entry) => goesBy(entry, name));
}

/** The entry for the provider at `base`; where several are there, the one that goes by `name`. */
export function entryAt(
  entries: readonly ServerProvider[],
  base: string | undefined,
  name: string | undefined,
): ServerProvider | undefined {
  const same = base === undefined ? [] : entries.filter((entry) => addressOf(entry) === base);
  return (name === undefined ? undefined : entriesFor(same, name)[0]) ?? same[0];
}

/** The provider that a list entry describes. @throws {@link ProviderError} `protocol` */
export function fromEntry(entry: ServerProvider): Remote {
  const base = checkAddress(entry.url ?? "");
  const name = storableName(entry);
  if (base.ok && name !== undefined) return { name, base: base.value, key: entry.key };
  const reason = base.ok ? `The name ${flawOfServerName(entry.name)}.` : `The address ${base.reason}.`;
  throw new ProviderError(
    "protocol",
    `The Meshery Server lists "${printable(entry.name)}" in a form that cannot be used.`,
    { reason, next: ["meshauth login layer5 --provider-url URL --provider-name NAME"] },
  );
}

function addressOf(entry: ServerProvider): string | undefined {
  const checked = checkAddress(entry.url ?? "");
  return checked.ok ? checked.value : undefined;
}
