import type { EraRules } from "../era.js";
import type { Faults } from "../faults/faults.js";
import type { Recorded } from "../http/recorded.js";
import type { RegisteredProvider, Registry, RemoteProvider } from "./registry.js";
import type { RemoteParts } from "./validity.js";

/** What the Meshery Server's handlers work with. */
export interface ServerContext {
  readonly rules: EraRules;
  readonly registry: Registry;
  /** The key of the only provider allowed, as the variable `PROVIDER` sets it. */
  readonly enforced: string | undefined;
  readonly faults: Faults;
  readonly now: () => Date;
  /** The connection to a remote provider's cloud. */
  remote(provider: RemoteProvider): RemoteParts;
}

/** Where a request named its provider. */
export interface NamedProvider {
  readonly provider: RegisteredProvider;
  readonly by: "cookie" | "header" | "query" | "enforced";
}

export const PROVIDER_COOKIE = "meshery-provider";
export const RETRIES_COOKIE = "meshery_auth_retries";
/** How long the cookies of a login last, in seconds. */
export const DAY = 86_400;

/** The provider step: cookie, then header, then query, then (since mid 2026) the enforced one. */
export function namedProvider(context: ServerContext, request: Recorded): NamedProvider | undefined {
  const { enforced, registry, rules } = context;
  const found = (value: string, by: NamedProvider["by"]): NamedProvider | undefined => {
    const provider = registry.resolve(value);
    return provider && { provider, by };
  };
  const cookie = request.cookies.get(PROVIDER_COOKIE);
  if (cookie !== undefined && (cookie !== "" || rules.cookieEndsSearch)) return found(cookie, "cookie");
  const header = request.headers["meshery-provider"];
  if (typeof header === "string" && header !== "") return found(header, "header");
  const query = request.query.get("provider");
  if (query !== null && query !== "") return found(query, "query");
  return enforced !== undefined && rules.resolver ? found(enforced, "enforced") : undefined;
}
