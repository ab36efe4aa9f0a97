import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUser } from "../../packages/cli/test/support/program.js";
import {
  type ProviderPackage,
  pack,
  write,
  writeProvider,
} from "../../packages/cli/test/support/provider-package.js";
import { startRegistry, type TestRegistry } from "../../packages/cli/test/support/registry.js";
import { type TarEntry, writeTar } from "../../packages/cli/test/support/tar.js";
import { createVictim, expectRefused } from "../support/hostile-package.js";
import { authJson, canary, leaksOf } from "../support/tokens.js";

const MB = 1024 * 1024;

let registry: TestRegistry;
let source: string;
beforeAll(async () => {
  registry = await startRegistry();
  source = await realpath(await mkdtemp(join(tmpdir(), "meshauth-hostile-")));
});
afterAll(async () => {
  await registry.close();
  await rm(source, { recursive: true, force: true });
});

const pjsonOf = (name: string, entry: object = {}) => ({
  name,
  version: "1.0.0",
  type: "module",
  oclif: {},
  meshauth: {
    api: "1.0",
    providers: [
      {
        id: name,
        title: `Title of ${name}`,
        summary: "Sign in.",
        module: "./index.js",
        flows: ["local"],
        ...entry,
      },
    ],
  },
});

/** A tarball of a provider package with some more entries. */
async function tarball(name: string, more: readonly TarEntry[]): Promise<string> {
  const entries: TarEntry[] = [
    { path: "package/package.json", content: JSON.stringify(pjsonOf(name)) },
    { path: "package/index.js", content: "export default {};" },
    ...more,
  ];
  return await writeTar(join(source, `${name}.tgz`), entries);
}

describe("A22: packages that take another's place", () => {
  test.each<[string, string, ProviderPackage, RegExp]>([
    ["an id with a Cyrillic letter", "evil-a", { entry: { id: "lаyer5" } }, /it must be a lower-case letter/],
    [
      "a title with one",
      "evil-b",
      { entry: { title: "Lаyer5" } },
      /may be taken for the built-in "layer5"|"Layer5"/i,
    ],
    ["a title of two alphabets", "evil-c", { entry: { title: "Асme" } }, /letters of several alphabets/],
    ["the id of a built-in", "evil-d", { entry: { id: "layer5" } }, /is taken by @meshauth\/provider-layer5/],
    ["the name of a built-in", "@meshauth/provider-layer5", {}, /^Its name belongs to a part of meshauth/],
    [
      "a name that looks like one",
      "@meshauth/provider-iayer5",
      {},
      /may be taken for @meshauth\/provider-layer5/,
    ],
    ["the name of the program", "@meshauth/cli", {}, /^Its name belongs to a part of meshauth/],
    [
      "the id of another plugin",
      "evil-e",
      { entry: { id: "first" } },
      /would take the place of first-provider/,
    ],
  ])("%s", async (_, name, options, why) => {
    const user = await createVictim(registry.url);
    const root = await writeProvider(join(user.cwd, "evil"), name, "evil", options);
    await expectRefused(user, await pack(root, user.cwd), "MESHAUTH_E_PLUGIN", why);
  });

  test("a package that calls itself otherwise than the registry does", async () => {
    const pjson = pjsonOf("evil-f");
    const other = await tarball("evil-other", []);
    await registry.publishTarball(pjson, other);
    await expectRefused(
      await createVictim(registry.url),
      "evil-f",
      "MESHAUTH_E_PLUGIN",
      /^Its package\.json calls it "evil-other"\.$/,
    );
  });

  test("the name of an installed plugin, from elsewhere: that is told, and what was allowed is not carried over", async () => {
    const user = await createVictim(registry.url);
    await user.run(["plugins", "trust", "first", "--yes"]);
    const root = await writeProvider(join(user.cwd, "evil"), "first-provider", "first", { version: "9.9.9" });
    // A list with something on it, so that it is looked at.
    const allowed = [{ name: "other", integrity: `sha512-${"A".repeat(86)}==` }];
    await write(join(user.home, "config/allowed-plugins.json"), { allowed });
    const { stderr, code } = await user.json(["plugins", "install", await pack(root, user.cwd)]);
    expect(code).toBe(10);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "1.2.3, from first-provider@latest: this one comes from elsewhere",
    );
    expect((await user.json(["plugins", "inspect", "first"])).document).toMatchObject({
      plugin: { version: "1.2.3" },
      trust: "trusted",
    });
  });

  test("a program with our name", async () => {
    const user = await createVictim(registry.url);
    const root = await writeProvider(join(user.cwd, "evil"), "evil-bin", "evil", {
      pjson: { bin: { meshauth: "./index.js" } },
    });
    await expectRefused(user, root, "MESHAUTH_E_PLUGIN_UNSAFE", /^It brings a program called "meshauth"/);
  });
});

describe("packages that are too much", () => {
  const LARGE: TarEntry = { path: "package/large", filler: 300 * MB };
  const TOO_LARGE = /^It is larger than 50 MB\.$/;
  const TOO_LARGE_FOR_NPM = /^It is larger than 50 MB\.$|^It would unpack to far more than its size tells\./;

  test("300 MB in a tarball, from the registry, and in a folder", async () => {
    const user = await createVictim(registry.url);
    const large = await tarball("evil-large", [LARGE]);
    await expectRefused(user, large, "MESHAUTH_E_PLUGIN_UNSAFE", TOO_LARGE);
    await registry.publishTarball(pjsonOf("evil-large"), large);
    await expectRefused(user, "evil-large", "MESHAUTH_E_PLUGIN_UNSAFE", TOO_LARGE);
    const folder = await writeProvider(join(user.cwd, "evil-folder"), "evil-folder", "evil-folder");
    const file = await open(join(folder, "large"), "w");
    await file.truncate(60 * MB);
    await file.close();
    await expectRefused(user, folder, "MESHAUTH_E_PLUGIN_UNSAFE", TOO_LARGE_FOR_NPM);
  });

  test("300 MB of nothing, which npm gives up on", async () => {
    const empty = await tarball("evil-empty", [{ path: "package/large", zeros: 300 * MB }]);
    await registry.publishTarball(pjsonOf("evil-empty"), empty);
    await expectRefused(
      await createVictim(registry.url),
      "evil-empty",
      "MESHAUTH_E_PLUGIN_UNSAFE",
      TOO_LARGE_FOR_NPM,
    );
  });

  test("300 MB in what it needs", async () => {
    await registry.publishTarball(
      { name: "evil-heavy", version: "1.0.0" },
      await tarball("evil-heavy", [LARGE]),
    );
    const user = await createVictim(registry.url);
    const options = { pjson: { dependencies: { "evil-heavy": "1.0.0" } } };
    const root = await writeProvider(join(user.cwd, "evil"), "evil-needs", "evil", options);
    await expectRefused(user, root, "MESHAUTH_E_PLUGIN_UNSAFE", /^It is larger than 250 MB\.$/);
  });

  test("more than 5,000 files", async () => {
    const files = Array.from({ length: 5_100 }, (_, index) => ({ path: `package/files/${index}` }));
    const many = await tarball("evil-many", files);
    const user = await createVictim(registry.url);
    await expectRefused(user, many, "MESHAUTH_E_PLUGIN_UNSAFE", /^It holds more than 5,000 files\.$/);
  });
});

describe("links that lead out of the package", () => {
  test.each<[string, TarEntry]>([
    ["a link", { path: "package/link.js", link: "../../../outside" }],
    ["an absolute link", { path: "package/link.js", link: "/etc/passwd" }],
    ["a hard link", { path: "package/link.js", link: "/etc/passwd", hard: true }],
  ])("%s, in a tarball and from the registry", async (_, entry) => {
    const name = `evil-link-${Math.random().toString(36).slice(2, 8)}`;
    const file = await tarball(name, [entry]);
    await registry.publishTarball(pjsonOf(name), file);
    for (const spec of [file, name])
      await expectRefused(
        await createVictim(registry.url),
        spec,
        "MESHAUTH_E_PLUGIN_UNSAFE",
        /^Its "package\/link\.js" is a link out of/,
      );
  });
});

/** Code at the top level of every file, besides what marks that it has run. */
const TOP_LEVEL: Readonly<Record<string, string>> = {
  marks: "",
  exits: "process.exit(0);",
  loops: "for (;;);",
  hangs: "await new Promise(() => {});",
  prints: 'console.log("NOISE"); process.stdout.write("NOISE\\n");',
  throws: 'throw new Error("NOISE");',
};

describe("A21, T39: code of a package runs for nothing but its login, once that is allowed", () => {
  test("whatever it does at the top level", async () => {
    const user = await createUser(registry.url);
    const marker = join(user.home, "marker");
    const scripts = [
      "preinstall",
      "install",
      "postinstall",
      "prepare",
      "prepack",
      "preuninstall",
      "postuninstall",
    ];
    for (const [id, code] of Object.entries(TOP_LEVEL)) {
      const mark = `(await import("node:fs")).appendFileSync(${JSON.stringify(marker)}, import.meta.url + "\\n");\n${code}\n`;
      const root = await writeProvider(join(user.cwd, id), `evil-${id}`, `evil-${id}`, {
        entry: { serverNames: [`Evil ${id}`] },
        pjson: {
          main: "./index.js",
          scripts: Object.fromEntries(scripts.map((name) => [name, `echo ${name} >> ${marker}`])),
          oclif: {
            hooks: { init: "./hook.js", prerun: "./hook.js", "plugins:postinstall": "./hook.js" },
            helpClass: "./hook.js",
          },
        },
        files: { "index.js": mark, "hook.js": mark, "oclif.config.js": mark, "binding.gyp": "{}" },
      });
      const installed = await user.json(["plugins", "install", await pack(root, user.cwd), "--yes"]);
      expect(installed).toMatchObject({ code: 0, document: { facts: { installScripts: [`evil-${id}`] } } });
      expect(installed.stderr).toContain("never run: its own");
      await user.run(["plugins", "distrust", `evil-${id}`]);
    }
    const file = join(user.home, ".meshery/auth.json");
    await mkdir(join(file, ".."), { mode: 0o700 });
    await writeFile(file, authJson("Evil loops", ""), { mode: 0o600 });
    const ids = Object.keys(TOP_LEVEL).map((id) => `evil-${id}`);
    const runs: readonly [readonly string[], number][] = [
      [["--version"], 0],
      [["--help"], 0],
      ...ids.map((id): [string[], number] => [["login", id, "--help"], 0]),
      [["provider", "list"], 0],
      [["provider", "show", "evil-loops"], 0],
      [["status"], 4],
      [["autocomplete", "--refresh-cache"], 0],
      [["plugins"], 0],
      [["plugins", "inspect", "evil-loops"], 0],
      [["plugins", "update"], 0],
      ...ids.map((id): [string[], number] => [["login", id, "--force", "--json"], 10]),
      [["logout"], 0],
      ...ids.map((id): [string[], number] => [["plugins", "uninstall", id], 0]),
    ];
    for (const [argv, expected] of runs) {
      const { code, stdout, stderr } = await user.run(argv, { MESHERY_SERVER_URL: "http://127.0.0.1:9" });
      expect({ argv, code, stderr }).toMatchObject({ argv, code: expected });
      expect(stdout).not.toContain("NOISE");
    }
    expect(existsSync(marker)).toBe(false);
    expect((await user.json(["plugins"])).document).toEqual({ plugins: [], problems: [] });
  });
});

describe("A20, A23: another provider's credential", () => {
  test("what a provider is handed holds none of it", async () => {
    const user = await createUser(registry.url);
    const [marker, secret] = [join(user.home, "marker"), canary()];
    const code = `import { writeFileSync } from "node:fs";
export default { api: { major: 1, minor: 0 }, id: "evil", async login(request, host) {
  const found = [];
  const seen = new Set();
  const look = (value, path) => {
    if (path.length > 8 || (typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return void found.push(String(value));
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) { try { look(value[key], [...path, key]); } catch (error) { found.push(String(error)); } }
    const parent = Object.getPrototypeOf(value);
    if (parent && parent !== Object.prototype && parent !== Function.prototype) look(parent, path);
  };
  look(request, []); look(host, []);
  for (const name of ["token", "user", "providers"]) {
    try { found.push(JSON.stringify(await host.server?.[name]?.({ kind: "token", serverName: "Layer5", token: "x" }))); } catch (error) { found.push(String(error)); }
  }
  writeFileSync(${JSON.stringify(marker)}, found.join("\\n"));
  return { kind: "local", serverName: "Evil" };
} };\n`;
    const root = await writeProvider(join(user.cwd, "evil"), "evil-reads", "evil", {
      files: { "index.js": code },
    });
    await user.run(["plugins", "install", root, "--yes"]);
    const file = join(user.home, ".meshery/auth.json");
    await write(file, authJson("Layer5", secret));
    const env = { MESHERY_SERVER_URL: "http://127.0.0.1:9", MESHERY_API_TOKEN: "" };
    const {
      code: exit,
      stdout,
      stderr,
    } = await user.run(["login", "evil", "--force", "--skip-verify", "--json"], env);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(leaksOf(`${await readFile(marker, "utf8")}${stdout}${stderr}`, [secret])).toEqual([]);
    expect((await readFile(marker, "utf8")).length).toBeGreaterThan(20);
  });
});
