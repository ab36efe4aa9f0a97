import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUser, type User } from "../../packages/cli/test/support/program.js";
import { type ProviderPackage, writeProvider } from "../../packages/cli/test/support/provider-package.js";
import { startInTerminal } from "../../packages/cli/test/support/pty.js";
import { startRegistry, type TestRegistry } from "../../packages/cli/test/support/registry.js";

const CONSENT = { code: 10, document: { error: { code: "MESHAUTH_E_CONSENT" } } };
const TAMPERED = { code: 9, document: { error: { code: "MESHAUTH_E_TAMPERED" } } };

const trustOf = async ({ dataDir }: User) =>
  JSON.parse(await readFile(join(dataDir, "trust.json"), "utf8")).packages as Record<
    string,
    { digest: string; consentedAt: string | null }
  >;

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const publish = async (user: User, name: string, version: string, options: ProviderPackage = {}) =>
  registry.publish(
    await writeProvider(join(user.home, "source", `${name}-${version}`), name, name, { version, ...options }),
  );
const login = (name: string) => ["login", name, "--skip-verify", "--server", "http://127.0.0.1:9", "--force"];

describe("what was allowed, over time", () => {
  test("an update of ours does not keep the consent, of changed files or not; one that wants more asks at once", async () => {
    const user = await createUser(registry.url);
    await publish(user, "tr-a", "1.0.0");
    await user.run(["plugins", "install", "tr-a", "--yes"]);
    await publish(user, "tr-a", "1.1.0");
    expect((await user.json(["plugins", "update"])).document).toMatchObject({ updated: [{ to: "1.1.0" }] });
    expect(await user.json(login("tr-a"))).toMatchObject(CONSENT);
    await user.run(["plugins", "trust", "tr-a", "--yes"]);
    await appendFile(join(user.dataDir, "node_modules/tr-a/index.js"), "// edited\n");
    await publish(user, "tr-a", "1.2.0");
    expect((await user.json(["plugins", "update"])).document).toMatchObject({ updated: [{ to: "1.2.0" }] });
    expect(await user.json(login("tr-a"))).toMatchObject(CONSENT);
    await user.run(["plugins", "trust", "tr-a", "--yes"]);
    await publish(user, "tr-a", "1.3.0", { entry: { hosts: ["https://new.acme.example"] } });
    expect((await user.json(["plugins", "update"])).code).toBe(10);
    const asked = startInTerminal(user, ["plugins", "update"]);
    await asked.see("Update tr-a from 1.2.0 to 1.3.0?");
    expect(asked.text()).toContain("https://new.acme.example (new)");
    asked.type("y");
    expect(await asked.ended).toBe(0);
    expect(await user.json(login("tr-a"))).toMatchObject(CONSENT);
  });

  test("of one plugin that moves what another needs, too, asks again; a change by somebody else stays noticed", async () => {
    const user = await createUser(registry.url);
    const needing = (range: string) => ({ pjson: { peerDependencies: { "tr-shared": range } } });
    await publish(user, "tr-shared", "1.0.0");
    for (const name of ["tr-b", "tr-c"]) {
      await publish(user, name, "1.0.0", needing("^1.0.0"));
      await user.run(["plugins", "install", name, "--yes"]);
    }
    const before = await trustOf(user);
    await appendFile(join(user.dataDir, "node_modules/tr-c/index.js"), "// edited\n");
    await publish(user, "tr-shared", "1.1.0");
    await publish(user, "tr-d", "1.0.0", needing("^1.1.0"));
    const { code, document } = await user.json(["plugins", "install", "tr-d", "--yes"]);
    expect({ code, document }).toMatchObject({ code: 0, document: { facts: { dependencies: 1 } } });
    expect((await trustOf(user))["tr-b"]?.digest).not.toBe(before["tr-b"]?.digest);
    expect(await user.json(login("tr-b"))).toMatchObject(CONSENT);
    expect(await user.json(login("tr-c"))).toMatchObject(TAMPERED);
    await user.run(["plugins", "uninstall", "tr-c"]);
    expect(Object.keys(await trustOf(user)).sort()).toEqual(["tr-b", "tr-d"]);
  });

  test("installing it again puts changed files right, and asks again unless they are those that were allowed", async () => {
    const user = await createUser(registry.url);
    await publish(user, "tr-f", "1.0.0");
    await user.run(["plugins", "install", "tr-f", "--yes"]);
    const file = join(user.dataDir, "node_modules/tr-f/index.js");
    const again = async () => {
      const run = startInTerminal(user, ["plugins", "install", "tr-f"]);
      await run.see("Install tr-f?");
      run.type("y");
      expect(await run.ended).toBe(0);
    };
    await again();
    expect((await user.json(login("tr-f"))).code).toBe(0);
    const before = await readFile(file, "utf8");
    await appendFile(file, "// edited\n");
    expect(await user.json(login("tr-f"))).toMatchObject(TAMPERED);
    await again();
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await user.json(login("tr-f"))).toMatchObject(CONSENT);
  });
});
