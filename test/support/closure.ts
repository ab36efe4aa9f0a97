import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package as it is installed in this repository. */
export interface InstalledPackage {
  readonly name: string;
  /** Its folder, absolute; for our own packages the one with the sources. */
  readonly root: string;
  /** Whether it is one of ours. */
  readonly own: boolean;
}

interface LockEntry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly optional?: boolean;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * Packages and everything that they need, as the lock file of this repository has it, and only what is installed: of
 * packages for one platform those of this one.
 *
 * @param root - The repository.
 * @param names - What a package outside would depend on.
 */
export function closureOf(root: string, names: readonly string[]): InstalledPackage[] {
  const lock = readJson(join(root, "package-lock.json")) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  const found = new Map<string, InstalledPackage>();
  const waiting = names.map((name) => ({ name, from: "", optional: false }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const place = placeOf(next.name, next.from, lock.packages);
    const entry = place === undefined ? undefined : lock.packages[place];
    const path = entry?.link ? (entry.resolved ?? "") : (place ?? "");
    if (entry === undefined || !existsSync(join(root, path, "package.json"))) {
      if (next.optional) continue;
      throw new Error(`${next.name}, which ${next.from || "the mirror"} needs, is not installed.`);
    }
    if (found.has(path) || entry.inBundle) continue;
    found.set(path, { name: next.name, root: join(root, path), own: entry.link ?? false });
    const manifest = readJson(join(root, path, "package.json")) as Manifest;
    waiting.push(...needsOf(manifest).map((need) => ({ ...need, from: path })));
  }
  return [...found.values()];
}

function needsOf({
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: Manifest): { name: string; optional: boolean }[] {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  const optional = Object.keys(optionalDependencies);
  const needed = [...Object.keys(dependencies), ...peers].filter((name) => !optional.includes(name));
  return [
    ...needed.map((name) => ({ name, optional: false })),
    ...optional.map((name) => ({ name, optional: true })),
  ];
}

/** Where Node would find a package, from a package of the lock file: beside it, or beside one that is further out. */
function placeOf(
  name: string,
  from: string,
  packages: Readonly<Record<string, LockEntry>>,
): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const prefix = folder === "." || folder === "" ? "" : `${folder}/`;
    const place = `${prefix}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (prefix === "") return undefined;
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
