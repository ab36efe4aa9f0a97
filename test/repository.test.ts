import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = readdirSync(join(root, "packages"));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly oclif?: object;
  readonly meshauth?: object;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(?:ts|mts|mjs|js)$/.test(entry.name) ? [path] : [];
  });
}

/** The packages that a folder's sources import, by bare name. */
function imports(folder: string): Set<string> {
  const names = new Set<string>();
  for (const file of sources(join(root, "packages", folder, "src"))) {
    const text = readFileSync(file, "utf8");
    for (const [, specifier = ""] of text.matchAll(/(?:from|import\()\s*["']([^."'][^"']*)["']/g)) {
      if (specifier.startsWith("node:")) continue;
      names.add(
        specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    }
  }
  return names;
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "provider-api": [],
  "auth-store": ["provider-api"],
  core: ["auth-store", "provider-api"],
  cli: ["core", "provider-api", "provider-testkit"],
  "provider-testkit": ["core", "provider-api"],
  "meshery-simulator": [],
};

describe("direction of imports", () => {
  test.each(packages)("%s imports only what is below it", (folder) => {
    const allowed = ALLOWED[folder] ?? ["provider-api"];
    const own = [...imports(folder)].filter((name) => name.startsWith("@meshauth/"));
    const others = own.filter((name) => name !== manifest(folder).name);
    expect(others.filter((name) => !allowed.includes(name.slice("@meshauth/".length)))).toEqual([]);
  });

  test.each(packages.filter((folder) => folder !== "cli"))("%s knows nothing of oclif", (folder) => {
    expect([...imports(folder)].filter((name) => name.startsWith("@oclif/"))).toEqual([]);
  });

  test.each(packages)("%s imports what it declares, and declares no more", (folder) => {
    const { name, dependencies = {}, devDependencies = {} } = manifest(folder);
    const used = imports(folder);
    used.delete(name);
    // It is the one of the project whose tests run.
    if (folder === "provider-testkit") used.delete("vitest");
    // oclif loads the first by name, the second brings npm, the third opens the browser for core, and the last makes the
    // bundle; the providers are found by name.
    const byName = /^@oclif\/plugin-(autocomplete|plugins)$|^open$|^esbuild$|^@meshauth\/provider-(?!api)/;
    // What is part of the bundle is not installed once more.
    const declared = Object.keys({ ...dependencies, ...(folder === "cli" ? devDependencies : {}) });
    expect([...used].filter((dependency) => !declared.includes(dependency))).toEqual([]);
    expect(declared.filter((dependency) => !used.has(dependency) && !byName.test(dependency))).toEqual([]);
  });
});

describe("packages", () => {
  test.each(packages)("%s is named like its folder", (folder) => {
    expect(manifest(folder).name).toBe(`@meshauth/${folder}`);
  });

  test.each(packages)("%s ships listed files under the Apache licence, without peers", (folder) => {
    const { files, license, peerDependencies } = manifest(folder);
    expect(files?.length).toBeGreaterThan(0);
    expect(license).toBe("Apache-2.0");
    expect(peerDependencies).toBeUndefined();
  });

  test.each(packages)("%s has a README", (folder) => {
    expect(readFileSync(join(root, "packages", folder, "README.md"), "utf8").length).toBeGreaterThan(200);
  });

  test("the README names every dependency of what users install", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const published = packages.map(manifest).filter((entry) => !entry.private);
    const dependencies = new Set(published.flatMap((entry) => Object.keys(entry.dependencies ?? {})));
    const foreign = [...dependencies].filter((name) => !name.startsWith("@meshauth/"));
    expect(foreign.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("repository", () => {
  test("the lock file names no host", () => {
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "\w+:\/\//);
  });

  test("no source file is longer than 250 lines", () => {
    const long = packages
      .flatMap((folder) => sources(join(root, "packages", folder, "src")))
      .filter((file) => readFileSync(file, "utf8").split("\n").length > 250)
      .map((file) => relative(root, file));
    expect(long).toEqual([]);
  });

  test("every decision is in the index", () => {
    const index = readFileSync(join(root, "docs/decisions/README.md"), "utf8");
    const pages = readdirSync(join(root, "docs/decisions")).filter((name) => name !== "README.md");
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((name) => !index.includes(name))).toEqual([]);
  });

  test("links between the pages lead somewhere", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      ...readdirSync(join(root, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name}`),
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = ""]) => join(root, page, "..", target))
        .filter((path) => statSync(path, { throwIfNoEntry: false }) === undefined),
    );
    expect(broken).toEqual([]);
  });
});
