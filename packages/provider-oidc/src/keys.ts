import * as oauth from "oauth4webapi";
import type { Connection } from "./connection.js";
import { isOutOfOrder, outOfOrder } from "./problem.js";

/**
 * Fetches the keys for the ID token before a code or a refresh token is spent: while they cannot be had, nothing is lost.
 * What is wrong with them otherwise is found out when they are needed.
 *
 * @throws {@link ProviderError} `unreachable`
 */
export async function withKeys(connection: Connection): Promise<Connection> {
  const { server, http } = connection;
  if (server.jwks_uri === undefined) return connection;
  const answer = await http[oauth.customFetch](server.jwks_uri, { method: "GET", headers: {} });
  if (isOutOfOrder(answer.status)) throw outOfOrder(server.issuer, answer.status);
  const jwks: unknown = await answer.json().catch(() => undefined);
  const cache = { jwks, uat: Math.floor(Date.now() / 1000) } as oauth.JWKSCacheInput;
  return { ...connection, http: { ...http, [oauth.jwksCache]: cache } };
}
