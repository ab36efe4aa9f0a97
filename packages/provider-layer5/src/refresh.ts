import {
  type Credential,
  type Host,
  type HostResponse,
  ProviderError,
  type TokenCredential,
} from "@meshauth/provider-api";
import {
  inspectToken,
  isLater,
  parseToken,
  storedToken,
  withRefreshToken,
} from "@meshauth/provider-api/format";
import { senseless, troubleWith } from "./answer.js";
import { listRemotes } from "./listed.js";
import { addressFor, entryOf } from "./origin.js";
import { isOver, keepSecret } from "./renewal.js";

const LIMIT_MS = 20_000;

/**
 * Renews a credential by its refresh token.
 *
 * The Meshery Server goes first where it lists the provider. Servers since April 2026 renew by themselves and
 * keep what they got under the old token; a refresh token that they have used up would, presented to the
 * provider once more, end the session. So when such a server cannot say what it did, nothing is presented.
 *
 * @returns The credential with a new token; name, address and members as they were.
 * @throws {@link ProviderError} `expired` without a refresh token, `denied` when the person has to sign in
 *   again, `unreachable` and `protocol` when it can be tried again.
 */
export async function refresh(credential: Credential, host: Host): Promise<TokenCredential> {
  const old = requireRenewable(credential);
  const known = await latestAtServer(old, credential, host);
  const token = known !== old && !isOver(known, host.now()) ? known : await renew(known, credential, host);
  const { serverName, origin, members } = credential;
  return {
    kind: "token",
    serverName,
    token,
    ...(origin === undefined ? {} : { origin }),
    ...(members === undefined ? {} : { members }),
  };
}

function requireRenewable(credential: Credential): string {
  const next = ["meshauth login layer5"];
  if (credential.kind === "local") {
    throw new ProviderError("denied", "There is nothing to renew: this sign-in is local.", { next });
  }
  const token = storedToken(credential);
  if (inspectToken(token).refreshable) return token;
  throw new ProviderError("expired", "The token has no refresh token, so it cannot be renewed.", { next });
}

/** The token that the server has in place of an old one by now; the old one where it has no other. */
async function latestAtServer(old: string, credential: Credential, host: Host): Promise<string> {
  const entry = entryOf((await listRemotes(host)) ?? [], credential);
  if (entry === undefined) return old;
  const answer = await host.server.token({ serverName: entry.key, token: old });
  if (answer.kind === "unavailable") {
    throw new ProviderError("unreachable", "The Meshery Server could not say whether it renewed the token.", {
      reason: `${answer.message} The refresh token may be used up by now; it is not presented a second time.`,
    });
  }
  if (answer.kind === "refused" || !isLater(answer.value.token, old)) {
    host.debug(`the Meshery Server has no newer token: ${answer.kind}`);
    return old;
  }
  keepSecret(answer.value.token, host);
  const latest = withRefreshToken(answer.value.token, old);
  keepSecret(latest, host);
  return latest;
}

async function renew(old: string, credential: Credential, host: Host): Promise<string> {
  const base = await addressFor(credential, host);
  const answer = await host.fetch(`${base}/refresh`, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify({ token: old }),
    timeout: LIMIT_MS,
  });
  const trouble = troubleWith(answer, base, (status) => denied(base, status));
  if (trouble !== undefined) throw trouble;
  const renewed = readRenewed(answer, base);
  keepSecret(renewed, host);
  if (renewed === old) throw senseless(base, "It answered with the token that was to be renewed.");
  const token = withRefreshToken(renewed, old);
  keepSecret(token, host);
  return token;
}

function denied(base: string, status: number): ProviderError {
  return new ProviderError("denied", `${base} does not renew this sign-in any more.`, {
    reason: `It answered ${status}: the session has ended, or has been revoked.`,
    next: ["meshauth login layer5"],
  });
}

/** `{"token":"<envelope>"}` @throws {@link ProviderError} `protocol` */
function readRenewed(answer: HostResponse, base: string): string {
  if (answer.text.trim() === "") throw senseless(base, "It answered with nothing where a token is due.");
  const body = answer.json();
  const token = isObject(body) && Object.hasOwn(body, "token") ? body["token"] : undefined;
  if (typeof token !== "string") throw senseless(base, "Its answer has no token.");
  const found = parseToken(token);
  if (found.form === "envelope") return token;
  const flaw = found.form === "invalid" ? found.reason : "it is no token envelope";
  throw senseless(base, `Its token is refused: ${flaw}.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
