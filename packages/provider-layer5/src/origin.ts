import {
  type Credential,
  type Host,
  ProviderError,
  printable,
  type ServerProvider,
} from "@meshauth/provider-api";
import { entriesFor, entryAt, fromEntry, listRemotes } from "./listed.js";
import { BUILT_IN } from "./remote.js";

/**
 * The base address of the provider that a credential came from: the one that the login kept, else the one
 * that the Meshery Server lists for its name, else the built-in one of `Layer5`.
 *
 * @throws {@link ProviderError} `unreachable` when nothing tells it for certain: a token is not sent on a
 *   guess. `protocol` when the server lists an address that cannot be used.
 */
export async function addressFor(credential: Credential, host: Host): Promise<string> {
  const { origin, serverName } = credential;
  if (origin !== undefined) return origin;
  const entries = entriesFor((await listRemotes(host)) ?? [], serverName);
  const [base, ...others] = new Set(entries.map((entry) => fromEntry(entry).base));
  if (others.length > 0) {
    throw unknown(serverName, "The Meshery Server lists more than one provider by that name.");
  }
  if (base !== undefined) return base;
  // "Meshery" has stood for more than one provider.
  if (serverName.toLowerCase() === BUILT_IN.name.toLowerCase()) return BUILT_IN.base;
  throw unknown(
    serverName,
    "The sign-in was made by another program, and no Meshery Server lists its provider.",
  );
}

/**
 * The Meshery Server's entry for the provider of a credential: by the address that the login kept, else by
 * name where only one has it.
 */
export function entryOf(
  entries: readonly ServerProvider[],
  { origin, serverName }: Pick<Credential, "origin" | "serverName">,
): ServerProvider | undefined {
  if (origin !== undefined) return entryAt(entries, origin, serverName);
  const named = entriesFor(entries, serverName);
  return named.length === 1 ? named[0] : undefined;
}

function unknown(serverName: string, reason: string): ProviderError {
  return new ProviderError("unreachable", `The address of "${printable(serverName)}" is not known.`, {
    reason,
    next: ["meshauth login layer5 --provider-url URL"],
  });
}
