import {
  type Account,
  type Credential,
  type Host,
  type HostResponse,
  isProviderError,
  ProviderError,
} from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { entriesFor, listRemotes } from "./listed.js";
import { addressFor, entryOf } from "./origin.js";
import { readProfile } from "./profile.js";

const PROFILE = "/api/identity/users/profile";

/**
 * Asks the remote provider whose credential this is and, when it gives no usable answer, the Meshery
 * Server. A "no" by redirect does not count then: older servers say it, too, when their provider is down.
 *
 * @throws {@link ProviderError} `denied`, `unreachable` or `protocol`
 */
export async function identify(credential: Credential, host: Host): Promise<Account> {
  const token = requireToken(credential);
  try {
    return await askProvider(token, await addressFor(credential, host), host);
  } catch (error) {
    if (!isProviderError(error) || error.code === "denied") throw error;
    const answer = await host.server.user({ serverName: await cookieName(credential, host), token });
    if (answer.kind === "ok") return answer.value;
    if (answer.kind === "refused" && answer.outright) {
      throw new ProviderError("denied", "The Meshery Server does not accept this sign-in.", {
        reason: answer.message,
        cause: error,
      });
    }
    throw error;
  }
}

/** The token as Meshery Servers send it on, envelope and all. */
function requireToken(credential: Credential): string {
  if (credential.kind !== "local") return storedToken(credential);
  throw new ProviderError("denied", "There is no account: this sign-in is local.", {
    next: ["meshauth login layer5"],
  });
}

async function askProvider(token: string, base: string, host: Host): Promise<Account> {
  const answer = await ask(token, base, host);
  const { form, accessToken } = inspectToken(token);
  if (answer.status !== 401 || form !== "envelope" || accessToken === undefined)
    return readProfile(answer, base);
  // Providers of 2021 were sent the access token by itself and know nothing else.
  host.secret(accessToken);
  return readProfile(await ask(accessToken, base, host), base);
}

function ask(token: string, base: string, host: Host): Promise<HostResponse> {
  return host.fetch(`${base}${PROFILE}`, {
    headers: { Accept: "application/json", Authorization: `Bearer ${token}`, "X-API-Key": token },
  });
}

/** The list's key where there is one: newer servers look the cookie up by key. */
async function cookieName(credential: Credential, host: Host): Promise<string> {
  const entries = (await listRemotes(host)) ?? [];
  const entry = entryOf(entries, credential) ?? entriesFor(entries, credential.serverName)[0];
  return entry?.key ?? credential.serverName;
}
