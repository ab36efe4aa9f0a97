import { type Credential, type Host, ProviderError, type Revocation } from "@meshauth/provider-api";
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
  const base = await addressFor(credential, host);
  if (refreshToken === undefined) return { outcome: "not-supported", page: `${base}${TOKENS_PAGE}` };
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

function denied(base: string, status: number): ProviderError {
  return new ProviderError("denied", `${base} did not revoke the token.`, {
    reason: `It answered ${status}.`,
  });
}
