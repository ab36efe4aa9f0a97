import type { ProviderEntry } from "@meshauth/provider-api";
import type { PackageReport } from "./inspect.js";
import { likeness, looksLike, mixesAlphabets } from "./likeness.js";
import { Refusal } from "./refusal.js";
import { quote } from "./text-check.js";
import type { Candidate, InstalledProvider } from "./types.js";

/** A name that nobody else's may be taken for. */
interface OwnName {
  readonly name: string;
  readonly likeness: string;
}

/** A name that leads to a provider: as it is written, whose it is, and how many were taken before it. */
interface TakenName {
  readonly name: string;
  readonly package: string;
  readonly order: number;
}

/**
 * What is already taken when a package is looked at. Every name is prepared once and found by a look-up, so that a
 * package more costs the same however many there are.
 */
export class Taken {
  /** Names of packages that are the program's own. */
  readonly #packages: readonly OwnName[];
  /** What built-in providers are called. */
  readonly #builtIn: OwnName[] = [];
  /** What the built-in packages stand for: a broken one keeps its names. */
  readonly #builtInIds: readonly OwnName[];
  /** The names of built-in providers in credential files, by their likeness. */
  readonly #serverNames = new Map<string, string>();
  /** Packages by the ids of their providers. */
  readonly #owners = new Map<string, string>();
  /** By the folded name. */
  readonly #names = new Map<string, TakenName>();

  /**
   * @param packages - Package names that are the program's own.
   * @param builtIn - The built-in packages, in order or not.
   */
  constructor(packages: readonly string[], builtIn: readonly Candidate[]) {
    const names = builtIn.map(({ name }) => name);
    this.#packages = [...new Set([...packages, ...names])].map(ownName);
    this.#builtInIds = names.map((name) => ownName(name.replace(/^.*\/provider-/, "")));
  }

  /** Adds a provider that was accepted; built-in ones come first. */
  add({ entry, origin, package: owner }: InstalledProvider): void {
    this.#owners.set(entry.id, owner);
    for (const name of namesOf(entry)) {
      const key = fold(name);
      if (!this.#names.has(key)) this.#names.set(key, { name, package: owner, order: this.#names.size });
    }
    if (origin !== "built-in") return;
    this.#builtIn.push(ownName(entry.id), ownName(entry.title));
    for (const name of entry.serverNames ?? []) this.#serverNames.set(likeness(name), name);
  }

  /**
   * Refuses a package that takes, or may be taken for, what belongs to another.
   *
   * @throws {@link Refusal}
   */
  check({ candidate: { name, origin }, providers }: PackageReport): void {
    if (origin !== "built-in") this.#checkPackageName(name);
    for (const { entry } of providers) {
      const owner = this.#owners.get(entry.id);
      if (owner !== undefined) throw new Refusal(`Its provider id ${quote(entry.id)} is taken by ${owner}.`);
      if (origin === "built-in") continue;
      this.#checkLikeness(entry);
      this.#checkNames(entry, name);
    }
  }

  #checkPackageName(name: string): void {
    const own = closest(likeness(name), this.#packages);
    if (own === name) throw new Refusal("Its name belongs to a part of meshauth.");
    if (own !== undefined) throw new Refusal(`Its name may be taken for ${own}, a part of meshauth.`);
  }

  /** A name of somebody else's provider must not be taken for a built-in one. */
  #checkLikeness(entry: ProviderEntry): void {
    for (const name of namesOf(entry)) {
      const look = likeness(name);
      const other =
        closest(look, this.#builtIn) ?? closest(look, this.#builtInIds) ?? this.#serverNames.get(look);
      if (other !== undefined)
        throw new Refusal(`Its name ${quote(name)} may be taken for the built-in ${quote(other)}.`);
      if (mixesAlphabets(name))
        throw new Refusal(
          `Its name ${quote(name)} has letters of several alphabets in one word, and may be taken for another.`,
        );
    }
  }

  /** A name that is typed leads to one package only; the providers of one package may share theirs. */
  #checkNames(entry: ProviderEntry, owner: string): void {
    const [first] = namesOf(entry)
      .flatMap((name) => this.#names.get(fold(name)) ?? [])
      .filter((taken) => taken.package !== owner)
      .sort((a, b) => a.order - b.order);
    if (first !== undefined) throw new Refusal(`The name ${quote(first.name)} is taken by ${first.package}.`);
  }
}

function ownName(name: string): OwnName {
  return { name, likeness: likeness(name) };
}

/** The first of the names that one of this likeness may be taken for. */
function closest(look: string, names: readonly OwnName[]): string | undefined {
  return names.find((own) => looksLike(look, own.likeness))?.name;
}

/** Everything that a person or a credential file may call a provider. */
export function namesOf({ id, title, serverNames = [] }: ProviderEntry): readonly string[] {
  return [id, title, ...serverNames];
}

/** A name without regard to case. */
export function fold(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
