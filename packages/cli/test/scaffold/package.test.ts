import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspectPackage } from "@meshauth/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { factsFrom, type Wishes } from "../../src/scaffold/facts.js";
import { SCAFFOLD_FLOWS } from "../../src/scaffold/flows.js";
import { LICENCES } from "../../src/scaffold/licence.js";
import { FOREIGN } from "../../src/scaffold/package-json.js";
import { type FileTree, renderPackage } from "../../src/scaffold/render.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"));
const own = await readJson(join(root, "package.json"));
const ranges = { ...own.devDependencies, ...own.dependencies };

function render(wishes: Partial<Wishes> = {}): Promise<FileTree> {
  const facts = factsFrom({ name: "acme", flow: "browser", licence: "Apache-2.0", ...wishes });
  return renderPackage(facts, { root, ranges, year: 2031 });
}

/** What the program would say of a package with these files, once it is built. */
async function inspect(files: FileTree, name: string) {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-scaffold-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of [...files, ["dist/index.js", ""] as const]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return await inspectPackage({ name, root: folder, origin: "link" });
}

describe.each(SCAFFOLD_FLOWS)("a package for the flow %s", (flow) => {
  it("has every file, and no place is left open", async () => {
    const files = await render({ flow });
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        ".github/workflows/publish.yml",
        ".github/workflows/test.yml",
        ".gitignore",
        "LICENSE",
        "README.md",
        "meshauth.conformance.js",
        "package.json",
        "src/index.ts",
        "test/conformance.test.ts",
        "test/provider.test.ts",
        "test/server.js",
        "tsconfig.build.json",
        "tsconfig.json",
      ]),
    );
    for (const [path, content] of files)
      expect({ path, open: content.match(/\{\{\w+\}\}/g) }).toEqual({ path, open: null });
  });

  it("names every file of the package that is not like in any other in its README", async () => {
    const files = await render({ flow });
    const sources = [...files.keys()].filter((path) => path.startsWith("src/"));
    for (const path of sources) expect(files.get("README.md")).toContain(`\`${path}\``);
  });

  it("runs no script that it does not have", async () => {
    const files = await render({ flow });
    const { scripts } = JSON.parse(files.get("package.json") ?? "") as { scripts: Record<string, string> };
    const named = [...files.values()].flatMap((text) => [...text.matchAll(/\bnpm run (\w+)/g)]);
    expect(new Set(named.map(([, script]) => script))).toEqual(new Set(["build", "report", "server"]));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["build", "report", "server"]));
    const programs = Object.values(scripts).flatMap((line) => [...line.matchAll(/\bnode (\S+)/g)]);
    expect(programs.map(([, file]) => file).filter((file = "") => !files.has(file))).toEqual([]);
  });

  it("is taken by the program, with the longest names and the oddest title that are taken here", async () => {
    const wishes = {
      name: "a".repeat(32),
      title: `"It's" {{id}} */ -- <b>&amp; ${"é".repeat(11)}`,
      host: "http://[::1]:4180",
    };
    expect([...wishes.title]).toHaveLength(40);
    const files = await render({ flow, ...wishes });
    const { problem, providers } = await inspect(files, `meshauth-provider-${wishes.name}`);
    expect(problem).toBeUndefined();
    expect(providers.map(({ entry }) => entry)).toMatchObject([
      { id: wishes.name, title: wishes.title, flows: [flow], hosts: [wishes.host, "configured"] },
    ]);
    const { TITLE } = await import(
      `data:text/javascript,${encodeURIComponent(/^export const TITLE.*$/m.exec(files.get("src/about.ts") ?? "")?.[0] ?? "")}`
    );
    expect(TITLE).toBe(wishes.title);
  });
});

describe("package.json", () => {
  it("asks for our packages as the program does, and for tools as this repository does", async () => {
    const { dependencies, devDependencies } = JSON.parse((await render()).get("package.json") ?? "");
    expect(dependencies).toEqual({ "@meshauth/provider-api": ranges["@meshauth/provider-api"] });
    expect(devDependencies).toEqual({
      "@meshauth/provider-testkit": ranges["@meshauth/provider-testkit"],
      ...FOREIGN,
    });
    const { devDependencies: own } = await readJson(join(root, "../../package.json"));
    expect(own).toMatchObject(FOREIGN);
  });
});

describe("the licence", () => {
  it.each(LICENCES)("%s", async (licence) => {
    const files = await render({ licence });
    expect(JSON.parse(files.get("package.json") ?? "").license).toBe(licence);
    const expected = {
      "Apache-2.0": /Apache License/,
      MIT: /Copyright \(c\) 2031 the authors of/,
      UNLICENSED: /^$/,
    };
    expect(files.get("LICENSE") ?? "").toMatch(expected[licence]);
  });
});
