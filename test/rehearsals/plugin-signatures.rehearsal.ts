import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeyDirectory, startKeyDirectory } from "../../packages/cli/test/support/key-directory.js";
import { createUser, type User } from "../../packages/cli/test/support/program.js";
import {
  type ProviderPackage,
  write,
  writeProvider,
} from "../../packages/cli/test/support/provider-package.js";
import { startRegistry, type TestRegistry } from "../../packages/cli/test/support/registry.js";
import {
  type SigningRegistry,
  startSigningRegistry,
  type Told,
} from "../../packages/cli/test/support/signing-registry.js";

let registry: TestRegistry;
let signing: SigningRegistry;
let directory: KeyDirectory;
let source: string;
beforeAll(async () => {
  registry = await startRegistry();
  signing = await startSigningRegistry(registry);
  directory = await startKeyDirectory();
  source = await mkdtemp(join(tmpdir(), "meshauth-signed-"));
});
afterAll(async () => {
  await signing.close();
  await registry.close();
  await rm(source, { recursive: true, force: true });
});

async function publish(name: string, told: Told, options: ProviderPackage = {}): Promise<void> {
  const root = join(source, `${name}-${options.version ?? "1.2.3"}`);
  await registry.publish(await writeProvider(root, name, name, options));
  signing.tell(name, told);
}

async function install(user: User, name: string, env: Readonly<Record<string, string>> = {}) {
  await directory.seed(join(user.home, "npm-cache"));
  return await user.json(["plugins", "install", name, "--yes"], { ...directory.env, ...env });
}

describe("what npm says of signatures, with a registry that signs and a directory of keys", () => {
  test("a good one: it is installed, and who published it and when is told", async () => {
    const time = { "1.0.0": "2024-01-02T03:04:05.000Z", "1.2.3": "2026-01-02T03:04:05.000Z" };
    await publish("sig-good", { user: "alice", maintainers: ["alice", "bob"], time });
    const user = await createUser(signing.url);
    const { code, document, stderr } = await install(user, "sig-good");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(document["facts"]).toMatchObject({
      publisher: { user: "alice", maintainers: ["alice", "bob"] },
      published: { version: time["1.2.3"], first: time["1.0.0"] },
      signature: { state: "valid", reason: null },
      provenance: { state: "missing" },
    });
    expect(stderr).toMatch(/^ {2}publisher +alice \(maintainers: alice, bob\)$/m);
    expect(stderr).toMatch(/^ {2}signature +good, as npm has checked$/m);
  });

  test("a good one, with settings for all users, and a folder above that would take the package for its own", async () => {
    await publish("sig-settings", {});
    const user = await createUser();
    const prefix = join(user.home, "prefix");
    await write(join(prefix, "etc/npmrc"), `registry=${signing.url}\n`);
    await write(join(user.home, ".npmrc"), `prefix=${prefix}\n`);
    await write(join(user.home, "tmp/package.json"), { workspaces: ["*/package"] });
    await write(join(user.home, "tmp/.npmrc"), `registry=${registry.url}\n`);
    const { document } = await install(user, "sig-settings", {
      npm_config_registry: "",
      npm_config_globalconfig: "",
    });
    expect(document["facts"]).toMatchObject({ signature: { state: "valid", reason: null } });
  });

  test("a bad one: refused, and nothing is made", async () => {
    await publish("sig-bad", { signature: "bad" });
    const user = await createUser(signing.url);
    const { code, document } = await install(user, "sig-bad");
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { code: "MESHAUTH_E_SIGNATURE", cause: expect.stringContaining("sig-bad@1.2.3") } },
    });
    expect((await user.json(["plugins"])).document).toEqual({ plugins: [], problems: [] });
  });

  test("a bad one of what it needs: refused, from a folder as well", async () => {
    await publish("sig-needed", { signature: "bad" });
    const options = { pjson: { dependencies: { "sig-needed": "1.2.3" } } };
    await publish("sig-needs", {}, options);
    const user = await createUser(signing.url);
    const folder = await writeProvider(join(user.cwd, "needs"), "needs", "needs", options);
    for (const spec of ["sig-needs", folder]) {
      const { code, document } = await install(user, spec);
      expect({ code, document }).toMatchObject({
        code: 9,
        document: { error: { code: "MESHAUTH_E_SIGNATURE", cause: expect.stringContaining("sig-needed@") } },
      });
    }
  });

  test("none, where the registry signs: it is told", async () => {
    await publish("sig-none", { signature: "none" });
    const { code, document } = await install(await createUser(signing.url), "sig-none");
    expect({ code, document }).toMatchObject({
      code: 0,
      document: {
        facts: { signature: { state: "missing", reason: expect.stringContaining("is not signed") } },
      },
    });
  });

  test("a registry that signs nothing, and one that cannot be asked", async () => {
    await publish("sig-plain", { signature: "none" });
    const { document } = await install(await createUser(registry.url), "sig-plain");
    expect(document["facts"]).toMatchObject({
      signature: { state: "not-available", reason: "the registry does not sign its packages" },
    });
    const { document: alone } = await (await createUser(registry.url)).json([
      "plugins",
      "install",
      "sig-plain",
      "--yes",
    ]);
    expect(alone["facts"]).toMatchObject({
      signature: {
        state: "not-available",
        reason: expect.stringContaining("cannot be reached (ECONNREFUSED)"),
      },
    });
  });
});
