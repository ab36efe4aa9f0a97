import type { Upstream } from "./upstream.js";

const HOUR = 3_600_000;

/** What refreshing brought: kept in memory for an hour, under the token that it replaces. */
export interface Renewals {
  /** The newest token known for one that a client still sends. */
  latest(token: string): string;
  /** Refreshes, once for all who ask at the same time. `undefined`: it failed. */
  renew(token: string): Promise<string | undefined>;
  /** Forgets everything, as a restart of the server does. */
  forget(): void;
}

export function createRenewals(upstream: Upstream, now: () => Date): Renewals {
  const replaced = new Map<string, { by: string; until: number }>();
  const running = new Map<string, Promise<string | undefined>>();

  async function refresh(token: string): Promise<string | undefined> {
    const by = await upstream.refresh(token);
    if (by !== undefined && by !== token) replaced.set(token, { by, until: now().getTime() + HOUR });
    return by;
  }

  function latest(token: string): string {
    let current = token;
    for (let entry = replaced.get(current); entry; entry = replaced.get(current)) {
      if (entry.until < now().getTime()) break;
      current = entry.by;
    }
    return current;
  }

  return {
    latest,
    async renew(token) {
      // Another request may have renewed it since this one looked.
      const current = latest(token);
      if (current !== token) return current;
      const pending = running.get(token) ?? refresh(token).finally(() => running.delete(token));
      running.set(token, pending);
      return pending;
    },
    forget() {
      replaced.clear();
    },
  };
}
