import {
  type Credential,
  type Host,
  isProviderError,
  ProviderError,
  type Revocation,
} from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import { troubleWith } from "./answer.js";
import { addressFor } from "./origin.js";

const LIMIT_MS = 10_000;

/** Where people look after their API tokens. */
const TOKENS_PAGE = "/security/tokens";

/**
 * Ends a session at the provider, by its refresh token. An API token has none: it ends on the provider's
 * page of tokens only.
 *
 * @throws {@link ProviderError} `unreachable`, `denied`, `protocol`
 */
export async function revoke(credential: Credential, host: Host): Promise<Revocation> {
  if (credential.kind === "local") return { outcome: "not-supported" };
  const { refreshToken } = inspectToken(storedToken(credential));
  if (refreshToken === undefined) return await byHand(credential, host);
  const base = await addressFor(credential, host);
  host.secret(refreshToken);
  const answer = await host.fetch(`${base}/revoke`, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify({ token: refreshToken }),
    timeout: LIMIT_MS,
  });
  if (answer.status === 404 || answer.status === 405) return { outcome: "not-supported" };
  const trouble = troubleWith(answer, base, (status) => denied(base, status));
  if (trouble !== undefined) throw trouble;
  return { outcome: "revoked" };
}

/** Without the address of the provider there is still nothing that a program could revoke. */
async function byHand(credential: Credential, host: Host): Promise<Revocation> {
  try {
    return { outcome: "not-supported", page: `${await addressFor(credential, host)}${TOKENS_PAGE}` };
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { outcome: "not-supported" };
  }
}

function denied(base: string, status: number): ProviderError {
  return new ProviderError("denied", `${base} did not revoke the token.`, {
    reason: `It answered ${status}.`,
  });
}
