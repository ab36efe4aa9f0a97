import type { ProviderEntry } from "@meshauth/provider-api";
import type { Plan } from "../protocol.js";

/** What was given to a call. */
type Given = Pick<Plan, "request" | "credential" | "origins"> &
  Partial<Pick<Plan, "mesheryServer" | "nowhere">>;

/**
 * Whether a provider may talk to an origin: one that its package declares or, where it declares `"configured"`, one
 * that was given to it: by an option, with the credential, or by what the example's servers stand for. Those count for
 * nothing when a login did without its address: where it goes then by itself has to be declared.
 */
export function isAllowed(
  origin: string,
  entry: Pick<ProviderEntry, "hosts" | "options">,
  given: Given,
): boolean {
  const { hosts = [] } = entry;
  if (hosts.includes(origin)) return true;
  if (!hosts.includes("configured")) return false;
  const { request, credential, origins } = given;
  const addresses = [...Object.values(request.options), credential?.origin].flatMap((value) =>
    typeof value === "string" && URL.canParse(value) ? [new URL(value).origin] : [],
  );
  return addresses.includes(origin) || (!isByItself(entry, given) && origins.includes(origin));
}

/** Whether no address can have come from outside: not from the option for it, a file or the Meshery Server. */
function isByItself(
  { options = [] }: Pick<ProviderEntry, "options">,
  { request, mesheryServer, nowhere }: Given,
): boolean {
  const sources = options.filter(({ type }) => type === "url" || type === "file");
  return (
    sources.some(({ type }) => type === "url") &&
    sources.every(({ name }) => request.options[name] === undefined) &&
    mesheryServer === nowhere
  );
}
