import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { write, writeProvider } from "../support/provider-package.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let registry: TestRegistry;
const published = new Set<string>();
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

it.each([
  // The first would hide the other's `package-lock=false` from npm.
  ["package-lock-only=true"],
  [
    "global=true",
    "location=global",
    "save=false",
    "dry-run=true",
    "package-lock=false",
    "install-strategy=hoisted",
    "install-links=false",
    "ignore-scripts=false",
    "workspaces=true",
    "force=true",
    "json=false",
  ],
])(
  "what a user has set for npm in general changes nothing in how plugins are kept: %s",
  async (...settings) => {
    const user = await createUser(registry.url);
    await publishNeeded(user, "acme-needed");
    const pjson = {
      dependencies: { "acme-needed": "1.0.0" },
      scripts: { install: `echo > ${user.home}/mark` },
    };
    await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", { pjson });
    const prefix = join(user.home, "prefix");
    await writeFile(join(user.home, ".npmrc"), [...settings, `prefix=${prefix}`].join("\n"));
    const installed = await user.json(["plugins", "install", "./acme", "--yes"]);
    expect({ ...installed, stdout: "" }).toMatchObject({
      code: 0,
      document: { plugin: { name: "acme-provider" } },
    });
    expect(await readdir(user.dataDir)).toEqual(
      expect.arrayContaining(["node_modules", "package-lock.json", "package.json", "trust.json"]),
    );
    const modules = join(user.dataDir, "node_modules");
    expect((await readdir(modules)).filter((name) => !name.startsWith("."))).toEqual(["acme-provider"]);
    expect(existsSync(join(modules, "acme-provider/node_modules/acme-needed/package.json"))).toBe(true);
    const elsewhere = { pjson: { engines: { node: "<1" } } };
    await writeProvider(join(user.cwd, "other"), "other-provider", "other", elsewhere);
    expect(await user.json(["plugins", "install", "./other", "--yes"])).toMatchObject({
      code: 9,
      document: { error: { code: "MESHAUTH_E_PLUGIN", cause: expect.stringContaining("(EBADENGINE)") } },
    });
    expect((await user.json(["plugins", "uninstall", "acme"])).code).toBe(0);
    expect(existsSync(join(modules, "acme-provider"))).toBe(false);
    expect([prefix, join(user.home, "mark")].filter((path) => existsSync(path))).toEqual([]);
  },
);

it("a folder above, whoever it belongs to, does not make ours its workspace", async () => {
  const user = await createUser(registry.url);
  await publishNeeded(user, "@acme/needed");
  const acme = join(user.cwd, "acme");
  await writeProvider(acme, "@acme/provider", "acme", {
    pjson: { dependencies: { "@acme/needed": "1.0.0" } },
  });
  await registry.publish(acme);
  const above = join(user.home, "above");
  const folders = [join(user.home, "tmp"), above];
  await mkdir(above);
  for (const folder of folders) {
    await write(join(folder, "package.json"), { workspaces: ["*", "*/package"] });
    // What is asked of this registry is refused.
    await write(join(folder, ".npmrc"), "@acme:registry=http://127.0.0.1:9/\nfetch-retries=0\n");
  }
  const before = await Promise.all(folders.map((folder) => readdir(folder)));
  const env = { MESHAUTH_DATA_DIR: join(above, "data") };
  const installed = await user.json(["plugins", "install", "@acme/provider", "--yes"], env);
  expect({ ...installed, stdout: "" }).toMatchObject({
    code: 0,
    document: { plugin: { name: "@acme/provider" } },
  });
  expect((await user.json(["plugins", "update"], env)).code).toBe(0);
  expect((await user.json(["plugins", "uninstall", "acme"], env)).code).toBe(0);
  const after = await Promise.all(folders.map((folder) => readdir(folder)));
  expect(after.map((names) => names.filter((name) => name !== "data"))).toEqual(before);
});

/** Publishes a package that a plugin needs, once. */
async function publishNeeded({ home }: User, name: string): Promise<void> {
  if (published.has(name)) return;
  published.add(name);
  const root = join(home, "needed");
  await write(join(root, "package.json"), { name, version: "1.0.0" });
  await registry.publish(root);
}
