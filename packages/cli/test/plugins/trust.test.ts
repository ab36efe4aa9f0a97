import { existsSync } from "node:fs";
import { appendFile, chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { authJson, type MadeUpOptions, madeUpToken } from "../../../../test/support/tokens.js";
import { recordConsent } from "../support/consent.js";
import { createUser, type User } from "../support/program.js";
import {
  type ProviderPackage,
  pack,
  placePlugin,
  write,
  writeProvider,
} from "../support/provider-package.js";
import { startInTerminal } from "../support/pty.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const NAME = "acme-provider";
const LOGIN = ["login", "acme", "--skip-verify", "--server", "http://127.0.0.1:9"];
const CONSENT = { code: 10, document: { error: { code: "MESHAUTH_E_CONSENT" } } };
const TAMPERED = { code: 9, document: { error: { code: "MESHAUTH_E_TAMPERED" } } };

/** A provider whose code leaves a mark when it is loaded. */
const marking = (marker: string): ProviderPackage => ({
  entry: { serverNames: ["Acme"], hosts: ["https://login.acme.example"] },
  pjson: { dependencies: { needed: "1" } },
  files: {
    "index.js": `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(marker)}, "ran\\n");
const revoke = async () => ({ outcome: "revoked" });
const refresh = async (credential) => ({ ...credential, token: process.env.NEW_TOKEN });
export default { api: { major: 1, minor: 0 }, id: "acme", refresh, revoke,
  async login() { return { kind: "local", serverName: "Acme" }; } };\n`,
  },
});

interface Placed {
  readonly user: User;
  readonly root: string;
  readonly needed: string;
  ran(): boolean;
}

/** A user with an installed plugin, and a package that it needs. */
async function withPlugin({ consent = false } = {}): Promise<Placed> {
  const user = await createUser();
  const marker = join(user.home, "marker");
  const root = await placePlugin(user.dataDir, NAME, "acme", marking(marker));
  const needed = join(user.dataDir, "node_modules/needed/index.js");
  await write(join(needed, "../package.json"), { name: "needed", version: "1.0.0" });
  await write(needed, "export {};");
  if (consent) await recordConsent(user.dataDir);
  return { user, root, needed, ran: () => existsSync(marker) };
}

describe("the first use", () => {
  it("is asked about once, and Enter means no: no code runs, nothing is written", async () => {
    const { user, ran } = await withPlugin();
    const refused = startInTerminal(user, LOGIN);
    await refused.see("Let acme-provider run?");
    for (const text of [
      "acme-provider 1.2.3 may not run yet",
      "https://login.acme.example",
      "sha512-",
      "rights",
    ])
      expect(refused.text()).toContain(text);
    refused.type("\r");
    expect(await refused.ended).toBe(130);
    expect([
      ran(),
      existsSync(join(user.dataDir, "trust.json")),
      existsSync(join(user.home, ".meshery")),
    ]).toEqual([false, false, false]);
    const allowed = startInTerminal(user, LOGIN);
    await allowed.see("Let acme-provider run?");
    allowed.type("y");
    expect(await allowed.ended).toBe(0);
    expect(ran()).toBe(true);
    expect((await stat(join(user.dataDir, "trust.json"))).mode & 0o777).toBe(0o600);
    const again = startInTerminal(user, [...LOGIN, "--force"]);
    expect(await again.ended).toBe(0);
    expect(again.text()).not.toContain("Let acme-provider run?");
  });

  it("where nobody can be asked is refused, until it is allowed ahead; that can be withdrawn", async () => {
    const { user, ran } = await withPlugin();
    const refused = await user.json(LOGIN);
    expect(refused).toMatchObject({
      ...CONSENT,
      document: { error: { next: ["meshauth plugins trust acme-provider --yes"] } },
    });
    expect(await user.json(["plugins", "trust", "acme"])).toMatchObject({
      code: 10,
      document: {
        error: { code: "MESHAUTH_E_INTERACTION", next: ["meshauth plugins trust acme-provider --yes"] },
      },
    });
    expect(ran()).toBe(false);
    const trusted = await user.json(["plugins", "trust", "acme", "--yes"]);
    expect(trusted).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("acme-provider 1.2.3 may not run yet"),
    });
    expect(trusted.document).toEqual({
      plugin: { name: NAME, version: "1.2.3", origin: "user" },
      trusted: true,
      digest: expect.stringMatching(/^sha512-/),
      integrity: null,
      consentedAt: expect.stringMatching(/^\d{4}-.+Z$/),
    });
    expect((await user.json(LOGIN)).code).toBe(0);
    expect((await user.json(["plugins", "distrust", NAME])).document).toEqual({
      ...trusted.document,
      trusted: false,
      consentedAt: null,
    });
    expect(await user.json([...LOGIN, "--force"])).toMatchObject(CONSENT);
    expect((await user.json(["plugins", "inspect", "acme"])).document).toMatchObject({ trust: "untrusted" });
    expect((await user.run(["plugins", "inspect", "acme"])).stdout).toContain("asks whether it may run\n");
  });

  it("waits no longer for the answer than --timeout says", async () => {
    const { user, ran } = await withPlugin();
    const run = startInTerminal(user, [...LOGIN, "--timeout", "1s"]);
    await run.see("Let acme-provider run?");
    expect(await run.ended).toBe(6);
    expect(run.text()).toContain("The question was not answered within 1 s.");
    expect(ran()).toBe(false);
  });

  it("of a linked folder is nobody's business", async () => {
    const user = await createUser();
    const root = await writeProvider(join(user.cwd, "acme"), NAME, "acme");
    await user.run(["plugins", "link", root]);
    expect((await user.json(LOGIN)).code).toBe(0);
    await appendFile(join(root, "index.js"), "// edited\n");
    expect((await user.json([...LOGIN, "--force"])).code).toBe(0);
    expect((await user.json(["plugins", "trust", "acme"])).document).toMatchObject({
      trusted: true,
      digest: null,
    });
    expect(await user.json(["plugins", "distrust", "acme"])).toMatchObject({ code: 2 });
  });
});

describe("a plugin that was changed after it was installed", () => {
  it.each(["its own file", "one of what it needs"])(
    "%s: no code of it runs, and everything else works",
    async (what) => {
      const { user, root, needed, ran } = await withPlugin({ consent: true });
      await appendFile(what === "its own file" ? join(root, "index.js") : needed, "// edited\n");
      expect(await user.json(LOGIN)).toMatchObject({
        ...TAMPERED,
        document: { error: { next: ["meshauth plugins install acme-provider", expect.any(String)] } },
      });
      expect(await user.json(["plugins", "trust", "acme", "--yes"])).toMatchObject(TAMPERED);
      expect(ran()).toBe(false);
      expect((await user.json(["provider", "list"])).document).toMatchObject({
        problems: [],
        providers: expect.arrayContaining([expect.objectContaining({ id: "acme" })]),
      });
      expect((await user.json(["plugins", "inspect", "acme"])).document).toMatchObject({ trust: "changed" });
      expect((await user.json(["login", "none"])).code).toBe(0);
      const message = expect.stringContaining("acme-provider is not as it was installed.");
      expect((await user.json(["check", "--server", "http://127.0.0.1:9"])).document).toMatchObject({
        checks: expect.arrayContaining([
          {
            id: "provider.installed",
            result: "warn",
            message,
            next: "meshauth plugins install acme-provider",
          },
        ]),
      });
    },
  );

  it("a command of it is refused as well", async () => {
    const user = await createUser();
    const command = {
      id: "acme:hello",
      aliases: [],
      args: {},
      flags: {},
      isESM: true,
      relativePath: ["commands", "acme", "hello.js"],
    };
    await placePlugin(user.dataDir, NAME, "acme", {
      pjson: { oclif: { commands: "./commands" } },
      files: {
        "oclif.manifest.json": JSON.stringify({ version: "1.2.3", commands: { "acme:hello": command } }),
        "commands/acme/hello.js":
          'export default class {static id; static async run() { console.log("hello"); }}\n',
      },
    });
    expect(await user.run(["acme", "hello"])).toMatchObject({ code: 10, stdout: "" });
    await user.run(["plugins", "trust", "acme", "--yes"]);
    expect(await user.run(["acme", "hello"])).toMatchObject({ code: 0, stdout: "hello\n" });
    await appendFile(join(user.dataDir, "node_modules", NAME, "commands/acme/hello.js"), "// edited\n");
    expect(await user.run(["acme", "hello"])).toMatchObject({ code: 9, stdout: "" });
  });
});

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
        /still valid, but could not be renewed: (Nobody has allowed|acme-provider is not as)/,
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
