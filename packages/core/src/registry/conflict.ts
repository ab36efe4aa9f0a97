import type { ProviderEntry } from "@meshauth/provider-api";
import type { PackageReport } from "./inspect.js";
import { likeness, mixesAlphabets, resembles } from "./likeness.js";
import { Refusal } from "./refusal.js";
import { quote } from "./text-check.js";
import type { Candidate, InstalledProvider } from "./types.js";

/** What is already taken when a package is looked at. */
export interface Taken {
  /** Package names that are the program's own. */
  readonly packages: readonly string[];
  /** The built-in packages, in order or not: a broken one keeps its names. */
  readonly builtIn: readonly Candidate[];
  /** The providers accepted so far. */
  readonly providers: readonly InstalledProvider[];
}

/**
 * Refuses a package that takes, or may be taken for, what belongs to another.
 *
 * @throws {@link Refusal}
 */
export function checkConflicts({ candidate, providers }: PackageReport, taken: Taken): void {
  if (candidate.origin !== "built-in") checkPackageName(candidate.name, taken);
  for (const { entry } of providers) {
    const owner = taken.providers.find((other) => other.entry.id === entry.id);
    if (owner) throw new Refusal(`Its provider id ${quote(entry.id)} is taken by ${owner.package}.`);
    if (candidate.origin === "built-in") continue;
    checkLikeness(entry, taken);
    checkNames(entry, candidate.name, taken.providers);
  }
}

function checkPackageName(name: string, { packages, builtIn }: Taken): void {
  const own = [...packages, ...builtIn.map((candidate) => candidate.name)].find((other) =>
    resembles(name, other),
  );
  if (own === name) throw new Refusal("Its name belongs to a part of meshauth.");
  if (own !== undefined) throw new Refusal(`Its name may be taken for ${own}, a part of meshauth.`);
}

/** A name of somebody else's provider must not be taken for a built-in one. */
function checkLikeness(entry: ProviderEntry, { builtIn, providers }: Taken): void {
  const own = providers.filter(({ origin }) => origin === "built-in").map((provider) => provider.entry);
  const ids = builtIn.map(({ name }) => name.replace(/^.*\/provider-/, ""));
  const close = [...own.flatMap(({ id, title }) => [id, title]), ...ids];
  const exact = new Map(
    own.flatMap(({ serverNames }) => (serverNames ?? []).map((name) => [likeness(name), name])),
  );
  for (const name of namesOf(entry)) {
    const other = close.find((candidate) => resembles(name, candidate)) ?? exact.get(likeness(name));
    if (other !== undefined)
      throw new Refusal(`Its name ${quote(name)} may be taken for the built-in ${quote(other)}.`);
    if (mixesAlphabets(name))
      throw new Refusal(
        `Its name ${quote(name)} has letters of several alphabets in one word, and may be taken for another.`,
      );
  }
}

/** A name that is typed leads to one package only; the providers of one package may share theirs. */
function checkNames(entry: ProviderEntry, name: string, providers: readonly InstalledProvider[]): void {
  const names = new Set(namesOf(entry).map(fold));
  for (const other of providers) {
    if (other.package === name) continue;
    const shared = namesOf(other.entry).find((candidate) => names.has(fold(candidate)));
    if (shared !== undefined) throw new Refusal(`The name ${quote(shared)} is taken by ${other.package}.`);
  }
}

/** Everything that a person or a credential file may call a provider. */
export function namesOf({ id, title, serverNames = [] }: ProviderEntry): readonly string[] {
  return [id, title, ...serverNames];
}

/** A name without regard to case. */
export function fold(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
