import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { type ProviderPackage, pack, write, writeProvider } from "../support/provider-package.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** Publishes a plugin whose provider's id is its name. */
async function publish(user: User, name: string, version: string, pjson: object = {}): Promise<void> {
  const root = join(user.home, "source", `${name}-${version}`);
  await registry.publish(await writeProvider(root, name, name, { version, pjson }));
}

/** Publishes a package that is no plugin. */
async function publishPlain(user: User, name: string, version: string): Promise<void> {
  const root = join(user.home, "source", `${name}-${version}`);
  await write(join(root, "package.json"), { name, version });
  await write(join(root, "index.js"), `export const version = "${version}";`);
  await registry.publish(root);
}

const install = async (user: User, ...specs: string[]): Promise<void> => {
  for (const spec of specs)
    expect(await user.run(["plugins", "install", spec, "--yes"])).toMatchObject({ code: 0 });
};

const trustIn = async (user: User, name: string): Promise<unknown> =>
  (await user.json(["plugins", "inspect", name])).document["trust"];

const versionIn = async ({ dataDir }: User, path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(dataDir, "node_modules", path, "package.json"), "utf8")).version;

describe("installing one plugin beside another", () => {
  it("gives each its own packages, of which the other may need other versions", async () => {
    const user = await createUser(registry.url);
    await publishPlain(user, "a-shared", "1.0.0");
    await publishPlain(user, "a-shared", "1.1.0");
    await publish(user, "a-one", "1.0.0", { dependencies: { "a-shared": "1.0.0" } });
    await publish(user, "a-two", "1.0.0", { dependencies: { "a-shared": "1.1.0" } });
    await install(user, "a-one", "a-two");
    expect(await versionIn(user, "a-one/node_modules/a-shared")).toBe("1.0.0");
    expect(await versionIn(user, "a-two/node_modules/a-shared")).toBe("1.1.0");
    expect([await trustIn(user, "a-one"), await trustIn(user, "a-two")]).toEqual(["trusted", "trusted"]);
    expect((await user.run(["plugins", "uninstall", "a-two"])).code).toBe(0);
    expect(await trustIn(user, "a-one")).toBe("trusted");
  });

  it("that moves a peer of both: the other is asked about again, which is told", async () => {
    const user = await createUser(registry.url);
    await publishPlain(user, "b-peer", "1.0.0");
    await publish(user, "b-one", "1.0.0", { peerDependencies: { "b-peer": "^1" } });
    await install(user, "b-one");
    await publishPlain(user, "b-peer", "1.1.0");
    await publish(user, "b-two", "1.0.0", { peerDependencies: { "b-peer": "^1.1" } });
    const { code, stderr } = await user.run(["plugins", "install", "b-two", "--yes"]);
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/g, " ")).toContain("b-one needs is another now");
    expect(await versionIn(user, "b-peer")).toBe("1.1.0");
    expect([await trustIn(user, "b-one"), await trustIn(user, "b-two")]).toEqual(["untrusted", "trusted"]);
  });

  it("keeps a peer that is there and fits, also when there is a newer one", async () => {
    const user = await createUser(registry.url);
    await publishPlain(user, "c-peer", "1.0.0");
    await publish(user, "c-one", "1.0.0", { peerDependencies: { "c-peer": "^1" } });
    await install(user, "c-one");
    await publishPlain(user, "c-peer", "1.1.0");
    await publish(user, "c-two", "1.0.0", { peerDependencies: { "c-peer": "^1" } });
    await install(user, "c-two");
    expect(await versionIn(user, "c-peer")).toBe("1.0.0");
    expect([await trustIn(user, "c-one"), await trustIn(user, "c-two")]).toEqual(["trusted", "trusted"]);
  });

  it.each<[string, string, (user: User) => Promise<ProviderPackage>]>([
    ["as its peer", "MESHAUTH_E_PLUGIN", async () => ({ pjson: { peerDependencies: { "d-one": "^1.1" } } })],
    [
      "by an address",
      "MESHAUTH_E_PLUGIN_UNSAFE",
      async (user) => {
        const root = await writeProvider(join(user.cwd, "evil"), "d-one", "d-one", { version: "1.0.1" });
        return { pjson: { dependencies: { "d-one": `file:${await pack(root, user.cwd)}` } } };
      },
    ],
  ])("that names the other %s cannot replace it", async (how, error, options) => {
    const user = await createUser(registry.url);
    if (how === "as its peer") await publish(user, "d-one", "1.0.0");
    await install(user, "d-one@1.0.0");
    if (how === "as its peer") await publish(user, "d-one", "1.1.0");
    const root = await writeProvider(join(user.cwd, "two"), "d-two", "d-two", await options(user));
    const { code, document } = await user.json(["plugins", "install", root, "--yes"]);
    expect({ code, document }).toMatchObject({ code: 9, document: { error: { code: error } } });
    expect([await versionIn(user, "d-one"), await trustIn(user, "d-one")]).toEqual(["1.0.0", "trusted"]);
    expect((await user.json(["plugins"])).document).toMatchObject({ plugins: [{ name: "d-one" }] });
  });
});

describe("what is installed is what was looked at", () => {
  it("also when a package that it needs has a newer version by now", async () => {
    const user = await createUser(registry.url);
    await publishPlain(user, "e-needed", "1.0.0");
    await publish(user, "e-one", "1.0.0", { dependencies: { "e-needed": "^1" } });
    await install(user, "e-one");
    expect(await versionIn(user, "e-one/node_modules/e-needed")).toBe("1.0.0");
    await publishPlain(user, "e-needed", "1.1.0");
    await install(user, "e-one");
    expect(await versionIn(user, "e-one/node_modules/e-needed")).toBe("1.1.0");
  });
});
