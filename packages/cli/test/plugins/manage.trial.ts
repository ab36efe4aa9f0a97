import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { brokenPlugins, installBroken } from "../support/broken-plugins.js";
import { createUser, type User } from "../support/program.js";
import { type ProviderPackage, placePlugin, write, writeProvider } from "../support/provider-package.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const publish = async (user: User, name: string, id: string, options: ProviderPackage) =>
  registry.publish(
    await writeProvider(join(user.home, "source", `${name}-${options.version}`), name, id, options),
  );

/** Puts version 1.0.0 of a plugin with the id of its name there, as if it had been installed from somewhere. */
async function placeFrom(
  { dataDir }: User,
  name: string,
  source: { tag: string } | { url: string },
  options: ProviderPackage = {},
): Promise<void> {
  await placePlugin(dataDir, name, name, { version: "1.0.0", ...options });
  const path = join(dataDir, "package.json");
  const list = JSON.parse(await readFile(path, "utf8")) as { oclif: { plugins: { name: string }[] } };
  const others = list.oclif.plugins.filter((plugin) => plugin.name !== name);
  await write(path, { ...list, oclif: { plugins: [...others, { name, type: "user", ...source }] } });
}

describe("plugins", () => {
  it("lists what is installed and linked, and what is wrong", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    await placePlugin(user.dataDir, "broken-provider", "broken", { entry: { flows: [] } });
    const root = await writeProvider(join(user.cwd, "linked"), "linked-provider", "linked");
    await user.run(["plugins", "link", "linked"]);
    const { code, document } = await user.json(["plugins"]);
    expect(code).toBe(0);
    const found = (name: string) => join(user.dataDir, "node_modules", name);
    const provider = (id: string) => ({ id, title: `Title of ${id}`, flows: ["local"], hosts: [] });
    expect(document).toEqual({
      plugins: [
        {
          name: "acme-provider",
          version: "1.2.3",
          origin: "user",
          root: found("acme-provider"),
          source: "acme-provider@latest",
          providers: [provider("acme")],
          commands: [],
          trust: "untrusted",
        },
        {
          name: "broken-provider",
          version: "1.2.3",
          origin: "user",
          root: found("broken-provider"),
          source: "broken-provider@latest",
          providers: [],
          commands: [],
          trust: "untrusted",
        },
        {
          name: "linked-provider",
          version: "1.2.3",
          origin: "link",
          root,
          source: null,
          providers: [provider("linked")],
          commands: [],
          trust: "own",
        },
      ],
      problems: [
        {
          package: "broken-provider",
          reason: "meshauth.providers[0].flows names no flow.",
          next: "meshauth plugins uninstall broken-provider",
        },
      ],
    });
    const text = await user.run(["plugins"]);
    expect(text.stdout).toContain("acme-provider 1.2.3 (user, asks first)  login acme (Title of acme)\n");
    expect(text.stderr).toContain("Not usable: broken-provider: meshauth.providers[0].flows names no flow.");
  });

  it("says so when there is none, and makes nothing", async () => {
    const user = await createUser();
    expect(await user.run(["plugins"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "No plugin is installed. Next: meshauth plugins install NAME\n",
    });
    expect((await user.json(["plugins"])).document).toEqual({ plugins: [], problems: [] });
    expect(existsSync(user.dataDir)).toBe(false);
  });

  it("lists without loading in safe mode", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    const { document } = await user.json(["plugins"], { MESHAUTH_SAFE_MODE: "1" });
    expect(document).toMatchObject({ plugins: [{ name: "acme-provider", providers: [] }], problems: [] });
  });

  it("inspect shows one, by package or id", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme", { entry: { hosts: ["https://acme.example"] } });
    for (const name of ["acme-provider", "acme", "ACME"]) {
      expect((await user.json(["plugins", "inspect", name])).document).toMatchObject({
        plugin: { name: "acme-provider" },
        problems: [],
      });
    }
    const { stdout } = await user.run(["plugins", "inspect", "acme"]);
    expect(stdout).toContain("provider  acme (Title of acme): local; hosts: https://acme.example\n");
  });
});

describe("plugins uninstall", () => {
  it("by the name of the package and by the id of a provider", async () => {
    const user = await createUser();
    for (const name of ["un-one", "un-two"])
      await placePlugin(user.dataDir, name, `${name}-id`, { version: "1.0.0" });
    const { document } = await user.json(["plugins", "uninstall", "un-one"]);
    expect(document).toEqual({ removed: { name: "un-one", version: "1.0.0", origin: "user" } });
    expect(await user.run(["plugins", "uninstall", "un-two-id"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "Removed un-two 1.0.0.\n",
    });
    const content = JSON.parse(await readFile(join(user.dataDir, "package.json"), "utf8"));
    expect(content).toMatchObject({ dependencies: {}, oclif: { plugins: [] } });
    expect(
      (await readdir(join(user.dataDir, "node_modules"))).filter((name) => !name.startsWith(".")),
    ).toEqual([]);
    expect((await user.run(["login", "un-one-id"])).code).toBe(2);
  });

  it("one that nobody has, with the one that was meant", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    const { code, document } = await user.json(["plugins", "uninstall", "acme-provder"]);
    expect(code).toBe(2);
    expect(document).toMatchObject({
      error: {
        code: "MESHAUTH_E_UNKNOWN_PROVIDER",
        message: 'No plugin "acme-provder" is installed. Did you mean acme-provider?',
      },
    });
  });

  it("a built-in one cannot go, nor a plugin that claims its id in its stead", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "evil-provider", "none");
    const { code, document } = await user.json(["plugins", "uninstall", "none"]);
    expect({ code, document }).toMatchObject({
      code: 2,
      document: { error: { message: "none is built in." } },
    });
    expect((await user.json(["plugins", "uninstall", "evil-provider"])).code).toBe(0);
  });

  it("broken ones, one after the other, and the rest at once", async () => {
    const user = await createUser();
    const marker = join(user.home, "marker");
    const plugins = brokenPlugins(marker);
    await installBroken(user.dataDir, plugins);
    // The two whose entries make no sense have no name to remove them by.
    const listed = plugins
      .filter(({ name }) => name !== "link-relative" && name !== "type-unknown")
      .map(({ name }) => name);
    const some = ["command-exits", "folder-gone", "pjson-text", "no-oclif", "hook-exits", "module-exits"];
    for (const name of some) {
      const { code, stderr } = await user.run(["plugins", "uninstall", name]);
      expect({ name, code, stderr }).toMatchObject({ name, code: 0 });
      expect(existsSync(join(user.dataDir, "node_modules", name))).toBe(false);
    }
    expect(existsSync(marker)).toBe(false);
    const { document } = await user.json(["plugins", "reset", "--yes"]);
    expect(document["removed"]).toHaveLength(listed.length - some.length);
    expect(await user.json(["plugins"])).toMatchObject({ document: { plugins: [], problems: [] } });
  });

  it("by the id of a provider that cannot be used, and in safe mode", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme", { entry: { flows: [] } });
    await placePlugin(user.dataDir, "other-provider", "other");
    expect((await user.json(["plugins", "uninstall", "acme"])).document).toMatchObject({
      removed: { name: "acme-provider" },
    });
    const safe = await user.json(["plugins", "uninstall", "other"], { MESHAUTH_SAFE_MODE: "1" });
    expect(safe.document).toMatchObject({ removed: { name: "other-provider" } });
  });
});

describe("plugins link", () => {
  it("uses a folder as it is, now and later, and leaves it alone", async () => {
    const user = await createUser();
    const root = await writeProvider(join(user.cwd, "source"), "acme-provider", "acme");
    const { code, document } = await user.json(["plugins", "link", "./source"]);
    expect({ code, document }).toMatchObject({
      code: 0,
      document: { plugin: { origin: "link", root, source: null } },
    });
    expect(await readdir(root)).toEqual(["index.js", "package.json"]);
    await writeProvider(root, "acme-provider", "renamed");
    expect((await user.run(["login", "renamed", "--help"])).code).toBe(0);
    expect((await user.json(["plugins", "uninstall", "acme"], {})).code).toBe(2);
    await symlink(root, join(user.cwd, "shortcut"));
    expect((await user.json(["plugins", "uninstall", "shortcut"])).document).toMatchObject({
      removed: { origin: "link" },
    });
    expect(existsSync(join(root, "index.js"))).toBe(true);
  });

  it.each<[string, ProviderPackage, RegExp]>([
    ["A22: the id of a built-in", { entry: { id: "none" } }, /is taken by/],
    ["no plugin", { pjson: { oclif: undefined } }, /^It is no plugin/],
  ])("refuses %s", async (_, options, reason) => {
    const user = await createUser();
    await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", options);
    const { code, document } = await user.json(["plugins", "link", "acme"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { cause: expect.stringMatching(reason) } },
    });
    expect((await user.json(["plugins"])).document).toEqual({ plugins: [], problems: [] });
  });

  it("says of a package that is not built how to build it", async () => {
    const user = await createUser();
    const entry = { module: "./dist/index.js" };
    await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", { entry });
    const { document } = await user.json(["plugins", "link", "acme"]);
    expect(document).toMatchObject({
      error: { cause: "Its module ./dist/index.js is missing.", next: ["npm run build"] },
    });
  });

  it("refuses what is no package, and what is installed", async () => {
    const user = await createUser();
    await mkdir(join(user.cwd, "empty"));
    for (const folder of ["empty", "gone"])
      expect((await user.json(["plugins", "link", folder])).code).toBe(2);
    await placePlugin(user.dataDir, "acme-provider", "acme");
    await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    const { code, document } = await user.json(["plugins", "link", "acme"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { message: "acme-provider is installed." } },
    });
  });

  it("a linked one is not installed over", async () => {
    const user = await createUser();
    await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    await user.run(["plugins", "link", "acme"]);
    const { code, document } = await user.json(["plugins", "install", "./acme", "--yes"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { next: ["meshauth plugins uninstall acme-provider"] } },
    });
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ origin: "link", providers: [{ id: "acme" }] }],
    });
  });
});

describe("plugins update", () => {
  it("brings each to the newest version of what it was installed from", async () => {
    const user = await createUser(registry.url);
    await publish(user, "up-a", "up-a", { version: "1.0.0" });
    await publish(user, "up-b", "up-b", { version: "1.0.0" });
    await user.run(["plugins", "install", "up-a", "--yes"]);
    await placeFrom(user, "up-b", { tag: "1.0.0" });
    const local = await writeProvider(join(user.cwd, "local"), "up-local", "up-local", { version: "1.0.0" });
    await user.run(["plugins", "install", local, "--yes"]);
    await publish(user, "up-a", "up-a", { version: "1.1.0" });
    await publish(user, "up-b", "up-b", { version: "1.1.0" });
    await writeProvider(local, "up-local", "up-local", { version: "1.0.1" });
    const { code, document } = await user.json(["plugins", "update"]);
    expect({ code, document }).toEqual({
      code: 0,
      document: {
        updated: [
          { name: "up-a", from: "1.0.0", to: "1.1.0", pinned: null, repaired: false },
          { name: "up-local", from: "1.0.0", to: "1.0.1", pinned: null, repaired: false },
        ],
        unchanged: [{ name: "up-b", version: "1.0.0", pinned: "1.0.0", repaired: false }],
        failed: [],
      },
    });
  });

  it("a version that wants more is not taken without being asked about", async () => {
    const user = await createUser(registry.url);
    await placeFrom(user, "up-more", { tag: "latest" }, { entry: { hosts: ["https://a.example"] } });
    await publish(user, "up-more", "up-more", {
      version: "1.1.0",
      entry: { hosts: ["https://a.example", "https://b.example"] },
    });
    const refused = await user.json(["plugins", "update"]);
    expect(refused).toMatchObject({
      code: 10,
      document: {
        updated: [],
        failed: [
          {
            name: "up-more",
            error: {
              code: "MESHAUTH_E_INTERACTION",
              next: [
                "meshauth plugins update up-more --yes",
                expect.stringMatching(
                  /^Add \{"name":"up-more","integrity":"sha512-[^"…]+"\} to "allowed" in /,
                ),
              ],
            },
          },
        ],
      },
    });
    const accepted = await user.json(["plugins", "update", "--yes"]);
    expect(accepted).toMatchObject({ code: 0, document: { updated: [{ name: "up-more", to: "1.1.0" }] } });
    expect(accepted.stderr).toContain("https://b.example");
  });

  it("one that fails does not keep the others back, and keeps its old version", async () => {
    const user = await createUser(registry.url);
    for (const name of ["up-bad", "up-good"]) await placeFrom(user, name, { tag: "latest" });
    await publish(user, "up-bad", "up-bad", { version: "1.1.0", entry: { module: "./gone.js" } });
    await publish(user, "up-good", "up-good", { version: "1.1.0" });
    const { code, document } = await user.json(["plugins", "update"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: {
        updated: [{ name: "up-good" }],
        failed: [{ name: "up-bad", error: { code: "MESHAUTH_E_PLUGIN" } }],
      },
    });
    expect((await user.json(["provider", "show", "up-bad"])).document).toMatchObject({ version: "1.0.0" });
  });

  it("mends a plugin whose files are damaged", async () => {
    const user = await createUser(registry.url);
    await publish(user, "up-damaged", "up-damaged", { version: "1.0.0" });
    await placeFrom(user, "up-damaged", { tag: "latest" });
    await rm(join(user.dataDir, "node_modules/up-damaged/index.js"));
    expect((await user.json(["plugins"])).document).toMatchObject({ problems: [{ package: "up-damaged" }] });
    // It brings a provider that could not be used before, which is asked about.
    expect((await user.json(["plugins", "update", "up-damaged", "--yes"])).code).toBe(0);
    expect((await user.json(["plugins"])).document).toMatchObject({
      problems: [],
      plugins: [{ providers: [{ id: "up-damaged" }] }],
    });
  });

  it("nothing to update, and a folder that is gone", async () => {
    const user = await createUser();
    expect(await user.json(["plugins", "update"])).toMatchObject({
      code: 0,
      document: { updated: [], unchanged: [], failed: [] },
    });
    await placeFrom(user, "acme-provider", { url: `file:${join(user.cwd, "gone")}` });
    expect(await user.json(["plugins", "update"])).toMatchObject({
      code: 2,
      document: { failed: [{ name: "acme-provider", error: { code: "MESHAUTH_E_USAGE" } }] },
    });
  });
});

describe("plugins reset", () => {
  it("needs --yes without a terminal", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    expect(await user.json(["plugins", "reset"])).toMatchObject({
      code: 10,
      document: { error: { next: ["meshauth plugins reset --yes"] } },
    });
    expect((await user.json(["plugins"])).document).toMatchObject({ plugins: [{ name: "acme-provider" }] });
  });

  it("mends a list that is damaged, and nothing keeps an installation back", async () => {
    const user = await createUser();
    await write(join(user.dataDir, "other-file"), "of another purpose");
    for (const text of ["{", '{"oclif":{"plugins":{}}}', "[]"]) {
      await write(join(user.dataDir, "package.json"), text);
      expect(await user.json(["plugins", "uninstall", "acme"])).toMatchObject({
        code: 2,
        document: { error: { next: expect.arrayContaining(["meshauth plugins reset"]) } },
      });
      expect(await user.json(["plugins", "reset", "--yes"])).toMatchObject({
        code: 0,
        document: { removed: [] },
      });
      expect(await readdir(user.dataDir)).toEqual(["other-file"]);
    }
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    expect((await user.run(["plugins", "install", root, "--yes"])).code).toBe(0);
  });
});

describe("completion scripts", () => {
  it("follow every change, where there are any", async () => {
    const user = await createUser();
    const script = join(user.cacheDir, "autocomplete/functions/bash/meshauth.bash");
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    await user.run(["plugins", "link", root]);
    expect(existsSync(join(user.cacheDir, "autocomplete"))).toBe(false);
    await user.run(["plugins", "uninstall", "acme"]);
    await mkdir(join(user.cacheDir, "autocomplete"), { recursive: true });
    const linked = await user.json(["plugins", "link", root]);
    expect(linked).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(script, "utf8")).toMatch(/^login:acme --/m);
    await user.run(["plugins", "uninstall", "acme"]);
    expect(await readFile(script, "utf8")).not.toMatch(/^login:acme/m);
    await writeFile(script, "");
    await user.run(["plugins", "install", root, "--yes"]);
    expect(await readFile(script, "utf8")).toMatch(/^login:acme --/m);
  });
});
