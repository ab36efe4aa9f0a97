import { type Home, makeHome } from "./program.js";

/** A loopback address on which nothing listens. */
export const NOWHERE = "http://127.0.0.1:2";

/**
 * Sends whatever would go to the public network to a proxy that is not there, so that no test depends on
 * it, or reaches it. Loopback addresses are plain http here and need no proxy.
 */
const OFFLINE = { HTTPS_PROXY: NOWHERE, ALL_PROXY: "" };

/** A home from which no Meshery Server and no public host can be reached. */
export function offlineHome(extra: Readonly<Record<string, string>> = {}): Home {
  return makeHome({ ...OFFLINE, MESHERY_SERVER_URL: NOWHERE, ...extra });
}

/** The same, without anything that names a Meshery Server. */
export function plainHome(extra: Readonly<Record<string, string>> = {}): Home {
  return makeHome({ ...OFFLINE, ...extra });
}
