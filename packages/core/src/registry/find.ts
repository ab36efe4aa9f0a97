import { fold, namesOf } from "./conflict.js";
import { distance } from "./likeness.js";
import type { InstalledProvider, Registry } from "./types.js";

/**
 * The provider that a name stands for: an id, else a title, else a name that it answers to in
 * credential files. Case does not matter.
 */
export function findProvider({ providers }: Registry, name: string): InstalledProvider | undefined {
  const wanted = fold(name);
  return (
    providers.find(({ entry }) => entry.id === wanted) ??
    providers.find(({ entry }) => fold(entry.title) === wanted) ??
    providers.find(({ entry }) => (entry.serverNames ?? []).some((serverName) => fold(serverName) === wanted))
  );
}

/** The id of the provider that was probably meant by a name that leads to none. */
export function nearestProvider({ providers }: Registry, name: string): string | undefined {
  const wanted = fold(name).slice(0, 64);
  let best: { readonly id: string; readonly slips: number } | undefined;
  for (const { entry } of providers) {
    for (const candidate of namesOf(entry)) {
      const slips = distance(wanted, fold(candidate));
      // One slip in three letters is a guess, not a slip.
      if (
        slips <= Math.max(1, Math.floor(candidate.length / 3)) &&
        slips < (best?.slips ?? Number.POSITIVE_INFINITY)
      ) {
        best = { id: entry.id, slips };
      }
    }
  }
  return best?.id;
}
