import type { Host, ServerCredential, ServerProvider, TokenCredential } from "@meshauth/provider-api";
import { printable } from "@meshauth/provider-api";
import {
  flawOfServerName,
  isLocalName,
  parseToken,
  SERVER_NAME_KEY,
  TOKEN_KEY,
} from "@meshauth/provider-api/format";
import type { Remote } from "./listed.js";

/**
 * Whether a name that the server gives is one that it would find the provider by: one that it lists, or any
 * while it has not yet asked the provider for its name and lists its host instead.
 */
function isListed(name: string, remote: Remote, listed: readonly ServerProvider[]): boolean {
  if (new URL(remote.base).host === remote.name) return true;
  return listed.some((entry) => entry.name === name || entry.key === name);
}

/**
 * Makes the credential of an approved login. Where a Meshery Server lists the provider it is asked for the
 * form that it would store, because the provider's name in `auth.json` is what it looks the provider up by.
 * Whatever it answers, the login is kept.
 *
 * @param listed - What the server lists, where it is known.
 */
export async function settle(
  token: string,
  remote: Remote,
  host: Host,
  listed: readonly ServerProvider[] | undefined,
): Promise<TokenCredential> {
  const own: TokenCredential = { kind: "token", serverName: remote.name, token, origin: remote.base };
  if (!listed) return own;
  const server = `The Meshery Server at ${host.server.url}`;
  if (remote.key === undefined) {
    warn(host, `${server} does not list the provider at ${remote.base} and will not take this sign-in.`, own);
    return own;
  }
  // The list's key, not the name: newer servers look the cookie up by key.
  const answer = await host.server.token({ serverName: remote.key, token });
  if (answer.kind === "ok") {
    const stored = fromServer(answer.value, remote);
    if (!isSensible(stored)) {
      warn(host, `${server} gives this sign-in a form that cannot be stored.`, own);
      return own;
    }
    if (!isListed(stored.serverName, remote, listed)) {
      warn(host, `${server} calls the provider by a name that it does not list.`, stored);
    }
    return stored;
  }
  const verb = answer.kind === "refused" ? "does not take this sign-in" : "could not confirm this sign-in";
  warn(host, `${server} ${verb}: ${printable(answer.message, 200)}`, own);
  return own;
}

type Stored = ServerCredential & { readonly members: Readonly<Record<string, string>> };

function fromServer({ serverName, token, members }: Stored, remote: Remote): TokenCredential {
  const more = Object.entries(members).filter(([key]) => key !== SERVER_NAME_KEY && key !== TOKEN_KEY);
  return {
    kind: "token",
    serverName,
    token,
    origin: remote.base,
    ...(more.length > 0 ? { members: Object.fromEntries(more) } : {}),
  };
}

/** What a server makes of an approved login is not taken if it would take the login away. */
function isSensible({ serverName, token }: TokenCredential): boolean {
  if (flawOfServerName(serverName) !== undefined || isLocalName(serverName)) return false;
  return parseToken(token).form !== "invalid";
}

function warn(host: Host, what: string, kept: TokenCredential): void {
  const sentence = /[.!?…]$/.test(what) ? what : `${what}.`;
  host.report({
    type: "warning",
    message: `${sentence} The login goes by the name "${printable(kept.serverName)}".`,
  });
}
