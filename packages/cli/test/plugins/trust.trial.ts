import { existsSync } from "node:fs";
import { appendFile, chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { authJson, type MadeUpOptions, madeUpToken } from "../../../../test/support/tokens.js";
import { CONSENT, LOGIN, NAME, withPlugin } from "../support/placed.js";
import { createUser, type User } from "../support/program.js";
import {
  type ProviderPackage,
  pack,
  placePlugin,
  write,
  writeProvider,
} from "../support/provider-package.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

describe("a login that is there already", () => {
  async function signedIn(options: MadeUpOptions) {
    const placed = await withPlugin({ consent: true });
    const { user } = placed;
    await user.run(["plugins", "distrust", "acme"]);
    const { token } = madeUpToken(options);
    const file = join(user.home, ".meshery/auth.json");
    await write(file, authJson("Acme", token));
    await chmod(join(file, ".."), 0o700);
    await chmod(file, 0o600);
    return { ...placed, token, file, env: { MESHERY_SERVER_URL: "http://127.0.0.1:9" } };
  }

  it("is printed while it is valid, also when it can no longer be renewed", async () => {
    const { user, token, env, ran, root } = await signedIn({ expiresIn: 60 });
    for (const change of [
      async () => undefined,
      async () => appendFile(join(root, "index.js"), "// edited\n"),
    ]) {
      await change();
      const { code, stdout, stderr } = await user.run(["token"], env);
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${token}\n` });
      expect(stderr).toMatch(
        /still valid, but could not be renewed: acme-provider (may run no longer|is not as)/,
      );
    }
    expect(ran()).toBe(false);
  });

  it("is not renewed, and kept as it is", async () => {
    const { user, token, file, env, ran } = await signedIn({ expiresIn: -60 });
    for (const command of ["token", "refresh"])
      expect(await user.json([command], env)).toMatchObject(CONSENT);
    expect(await readFile(file, "utf8")).toBe(authJson("Acme", token));
    expect(ran()).toBe(false);
    const next = madeUpToken().token;
    await user.run(["plugins", "trust", "acme", "--yes"]);
    expect((await user.run(["token"], { ...env, NEW_TOKEN: next })).stdout).toBe(`${next}\n`);
  });

  it("is signed out of, without being revoked, which is told", async () => {
    const { user, file, env, root, ran } = await signedIn({});
    await appendFile(join(root, "index.js"), "// edited\n");
    const { code, document } = await user.json(["logout"], env);
    const message = expect.stringMatching(
      /^The token was not revoked: acme-provider is not as it was installed\./,
    );
    expect({ code, document }).toMatchObject({
      code: 0,
      document: { outcome: "failed", files: [{ message }] },
    });
    expect(await readFile(file, "utf8")).toBe("");
    expect(ran()).toBe(false);
  });

  it("check says that its provider may not run, and asks it nothing", async () => {
    const { user, env, root, ran } = await signedIn({});
    const { document } = await user.json(["check"], env);
    const next = "meshauth plugins trust acme-provider --yes";
    expect(document).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ id: "provider.installed", result: "warn", next }),
        expect.objectContaining({ id: "account", result: "skip" }),
      ]),
    });
    await appendFile(join(root, "index.js"), "// edited\n");
    const changed = await user.json(["check"], env);
    expect(changed.document).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({
          id: "provider.installed",
          result: "fail",
          next: "meshauth plugins install acme-provider",
        }),
        expect.objectContaining({ id: "account", result: "skip" }),
      ]),
    });
    expect(ran()).toBe(false);
  });
});

describe("trust.json", () => {
  it("that cannot be believed is no consent; it is told, and mended by the next consent", async () => {
    const { user } = await withPlugin({ consent: true });
    const path = join(user.dataDir, "trust.json");
    expect((await user.json(LOGIN)).code).toBe(0);
    await writeFile(path, "{");
    const refused = await user.json([...LOGIN, "--force"]);
    expect(refused).toMatchObject({
      ...CONSENT,
      document: { error: { cause: expect.stringContaining(path) } },
    });
    const problem = {
      package: path,
      reason: "It is not JSON.",
      next: "meshauth plugins trust acme-provider",
    };
    expect((await user.json(["provider", "list"])).document).toMatchObject({ problems: [problem] });
    const { document } = await user.json(["check", "--server", "http://127.0.0.1:9"]);
    expect(document).toMatchObject({
      checks: expect.arrayContaining([expect.objectContaining({ id: "provider.installed", result: "warn" })]),
    });
    await user.run(["plugins", "trust", "acme", "--yes"]);
    expect((await user.json([...LOGIN, "--force"])).code).toBe(0);
    await rm(path);
    expect(await user.json([...LOGIN, "--force"])).toMatchObject(CONSENT);
    expect((await user.json(["provider", "list"])).document).toMatchObject({ problems: [] });
  });

  it("that cannot be believed puts no name of a damaged list into a command", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, NAME, "acme");
    const list = join(user.dataDir, "package.json");
    await write(list, (await readFile(list, "utf8")).replace(`"name":"${NAME}"`, '"name":"x; id"'));
    await writeFile(join(user.dataDir, "trust.json"), "{");
    const { document } = await user.json(["provider", "list"]);
    expect(document["problems"]).toContainEqual({
      package: join(user.dataDir, "trust.json"),
      reason: "It is not JSON.",
      next: "meshauth plugins reset",
    });
  });
});

describe("an installation", () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.close());
  const publish = async (user: User, name: string, version: string, options: ProviderPackage = {}) =>
    registry.publish(
      await writeProvider(join(user.home, "source", `${name}-${version}`), name, name, {
        version,
        ...options,
      }),
    );
  const login = (name: string) => [...LOGIN.map((word) => (word === "acme" ? name : word)), "--force"];

  it("off a terminal needs --yes, or the very tarball on the list of allowed ones", async () => {
    const user = await createUser(registry.url);
    await publish(user, "tr-e", "1.0.0");
    const list = join(user.home, "config/allowed-plugins.json");
    const allow = (integrity: string) => write(list, { allowed: [{ name: "tr-e", integrity }] });
    await allow(`sha512-${"A".repeat(86)}==`);
    const refused = await user.json(["plugins", "install", "tr-e"]);
    expect(refused.code).toBe(10);
    const { next } = refused.document["error"] as { next: string[] };
    expect(next[0]).toBe("meshauth plugins install tr-e --yes");
    expect(next[1]).toContain(list);
    expect(existsSync(join(user.dataDir, "node_modules"))).toBe(false);
    await allow(/"integrity":"([^"]+)"/.exec(next[1] ?? "")?.[1] ?? "");
    const allowed = await user.json(["plugins", "install", "tr-e"]);
    expect(allowed).toMatchObject({ code: 0, stderr: expect.stringContaining(`${list} allows it.`) });
    expect((await user.json(login("tr-e"))).code).toBe(0);
    const tarball = await pack(join(user.home, "source/tr-e-1.0.0"), user.cwd);
    expect((await user.json(["plugins", "install", tarball])).code).toBe(0);
    // A folder has no tarball.
    const folder = await user.json(["plugins", "install", join(user.home, "source/tr-e-1.0.0")]);
    expect(folder).toMatchObject({
      code: 10,
      document: { error: { next: [expect.stringMatching(/--yes$/)] } },
    });
  });
});
