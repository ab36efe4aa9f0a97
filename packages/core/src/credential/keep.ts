import { inspectToken, isLater, withRefreshToken } from "@meshauth/provider-api/format";
import type { Runtime } from "../runtime.js";
import type { Held } from "./held.js";

/**
 * What is stored of a token that a Meshery Server sent in place of another one: with the old refresh token where
 * none came. A login is not given up for something that may be none: only a later token of the same account
 * counts, and never one that ends and cannot be renewed for one without an end.
 *
 * @param old - The token that the server was asked with; empty for a login without an account, which has none.
 * @returns `undefined` when the old one stays. Secret.
 */
export function successorOf(old: string, sent: string): string | undefined {
  if (old === "" || !isLater(sent, old)) return undefined;
  const before = inspectToken(old);
  if (before.subject !== undefined && inspectToken(sent).subject !== before.subject) return undefined;
  const token = withRefreshToken(sent, old);
  const { expiresAt, refreshable } = inspectToken(token);
  const endless = before.expiresAt === undefined;
  return endless && expiresAt !== undefined && !refreshable ? undefined : token;
}

/**
 * Keeps a token that a Meshery Server sent in place of the one that it was asked with: it has traded the refresh
 * token, so the old one may be worthless. Only while the file still holds the old one, and only what
 * {@link successorOf} makes of it.
 *
 * @returns Whether it was stored.
 * @throws what a commit throws.
 */
export async function keepRenewed(runtime: Runtime, held: Held, sent: string): Promise<boolean> {
  runtime.secrets.add(sent);
  if (held.source !== "file") return false;
  const token = successorOf(held.token, sent);
  if (token === undefined) return false;
  runtime.secrets.add(token);
  const { changed } = await held.target.store.commit((current, { details }) => {
    if (current.state !== "present" || current.token !== held.token) return undefined;
    const renewed = new Map([...current.members, ["token", token] as const]);
    const { expiresAt } = inspectToken(token);
    if (details === undefined) return { renewed };
    const { expiresAt: _, ...kept } = details;
    return {
      renewed,
      details: {
        ...kept,
        savedAt: runtime.now().toISOString(),
        ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
      },
    };
  });
  return changed;
}
