import type { ProviderEntry } from "@meshauth/provider-api";
import type { Plan } from "../protocol.js";

/**
 * Whether a provider may talk to an origin: one that its package declares or, where it declares `"configured"`, one
 * that was given to it: by an option, with the credential, or by what the example's servers stand for.
 */
export function isAllowed(
  origin: string,
  { hosts = [] }: Pick<ProviderEntry, "hosts">,
  { request, credential, origins }: Pick<Plan, "request" | "credential" | "origins">,
): boolean {
  if (hosts.includes(origin)) return true;
  if (!hosts.includes("configured")) return false;
  const given = [...Object.values(request.options), credential?.origin].flatMap((value) =>
    typeof value === "string" && URL.canParse(value) ? [new URL(value).origin] : [],
  );
  return given.includes(origin) || origins.includes(origin);
}
