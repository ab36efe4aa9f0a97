import { existsSync } from "node:fs";
import { appendFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { CONSENT, LOGIN, NAME, TAMPERED, withPlugin } from "../support/placed.js";
import { createUser } from "../support/program.js";
import { placePlugin, writeProvider } from "../support/provider-package.js";
import { startInTerminal } from "../support/pty.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

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
    expect(await user.json([...LOGIN, "--force"])).toMatchObject({
      code: 10,
      document: {
        error: {
          code: "MESHAUTH_E_CONSENT",
          message: "acme-provider may run no longer.",
          cause: expect.stringContaining("The permission was withdrawn."),
        },
      },
    });
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
        document: {
          error: {
            cause: expect.stringContaining("Version 1.2.3 was installed."),
            next: ["meshauth plugins install acme-provider", expect.any(String)],
          },
        },
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
