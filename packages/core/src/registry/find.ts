import { nearest } from "../nearest.js";
import { fold, namesOf } from "./conflict.js";
import type { InstalledProvider, PluginProblem, Registry } from "./types.js";

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

/** The package that would have a provider of this name, were it for this version of the contract. */
export function findUnusable({ problems }: Registry, name: string): PluginProblem | undefined {
  const wanted = fold(name);
  return problems.find(({ names = [] }) => names.some((known) => fold(known) === wanted));
}

/**
 * What is typed for the provider that was probably meant by a name that leads to none.
 *
 * @param saved - Further names that can be typed.
 */
export function nearestProvider(
  { providers }: Registry,
  name: string,
  saved: readonly string[] = [],
): string | undefined {
  const ids = new Map(providers.flatMap(({ entry }) => namesOf(entry).map((known) => [known, entry.id])));
  for (const own of saved) ids.set(own, own);
  const near = nearest(fold(name), ids.keys());
  return near === undefined ? undefined : ids.get(near);
}
