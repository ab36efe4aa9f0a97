import { inspectToken, parseToken } from "@meshauth/provider-api/format";
import type { Runtime } from "../runtime.js";
import type { Held } from "./held.js";

/**
 * Keeps a token that a Meshery Server sent in place of the one that it was asked with: it has traded the refresh
 * token, so the old one may be worthless. Only while the file still holds the old one.
 *
 * @returns Whether it was stored.
 * @throws what a commit throws.
 */
export async function keepRenewed(runtime: Runtime, held: Held, token: string): Promise<boolean> {
  runtime.secrets.add(token);
  if (held.source !== "file" || token === held.token || parseToken(token).form === "invalid") return false;
  const [before, after] = [held.token, token].map((text) => inspectToken(text).subject);
  if (before !== undefined && after !== undefined && before !== after) return false;
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
