import { appendFile, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { type ProviderPackage, pack, writeProvider } from "../support/provider-package.js";
import { startInTerminal } from "../support/pty.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";
import { type SigningRegistry, startSigningRegistry } from "../support/signing-registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

let registry: TestRegistry;
let signing: SigningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  signing = await startSigningRegistry(registry);
});
afterAll(async () => {
  await signing.close();
  await registry.close();
});

const CONSENT = { code: 10, document: { error: { code: "MESHAUTH_E_CONSENT" } } };

const login = (id: string) => ["login", id, "--skip-verify", "--server", "http://127.0.0.1:9", "--force"];

const publish = async (user: User, name: string, version: string, options: ProviderPackage = {}) =>
  registry.publish(
    await writeProvider(join(user.home, "source", `${name}-${version}`), name, name, { version, ...options }),
  );

describe("what was allowed, after an update", () => {
  it("holds for the same files, and for others when somebody agrees for good", async () => {
    const user = await createUser(registry.url);
    await publish(user, "uc-a", "1.0.0");
    await user.run(["plugins", "install", "uc-a", "--yes"]);
    expect(await user.json(["plugins", "update"])).toMatchObject({
      code: 0,
      stderr: "",
      document: { unchanged: [{ name: "uc-a" }] },
    });
    expect((await user.json(login("uc-a"))).code).toBe(0);

    await publish(user, "uc-a", "1.1.0");
    const updated = await user.json(["plugins", "update"]);
    expect(updated).toMatchObject({ code: 0, document: { updated: [{ name: "uc-a", to: "1.1.0" }] } });
    expect(updated.stderr).toContain("To allow it now: meshauth plugins trust uc-a");
    expect(await user.json(login("uc-a"))).toMatchObject(CONSENT);
    const asked = startInTerminal(user, login("uc-a"));
    await asked.see("Let uc-a run?");
    expect(asked.text()).toContain("uc-a 1.1.0 may not run yet: it was updated.");
    asked.type("y");
    expect(await asked.ended).toBe(0);

    await publish(user, "uc-a", "1.2.0");
    expect((await user.json(["plugins", "update", "--yes"])).code).toBe(0);
    expect((await user.json(login("uc-a"))).code).toBe(0);
  });

  it("is not given back by --yes when it was withdrawn", async () => {
    const user = await createUser(registry.url);
    await publish(user, "uc-b", "1.0.0");
    await user.run(["plugins", "install", "uc-b", "--yes"]);
    await user.run(["plugins", "distrust", "uc-b"]);
    await publish(user, "uc-b", "1.1.0", { entry: { hosts: ["https://new.acme.example"] } });
    expect((await user.json(["plugins", "update", "--yes"])).code).toBe(0);
    expect(await user.json(login("uc-b"))).toMatchObject(CONSENT);
  });
});

it("one that was installed as an exact version stays there, and says so", async () => {
  const user = await createUser(registry.url);
  await publish(user, "uc-p", "0.1.0");
  await user.run(["plugins", "install", "uc-p@0.1.0", "--yes"]);
  await publish(user, "uc-p", "0.2.0");
  expect((await user.run(["plugins", "update", "uc-p"])).stderr).toBe(
    "uc-p stays at 0.1.0, as it was installed as uc-p@0.1.0.\n  Next: meshauth plugins install uc-p\n",
  );
  expect((await user.json(["plugins", "update", "uc-p"])).document).toMatchObject({
    unchanged: [{ name: "uc-p", version: "0.1.0", pinned: "0.1.0", repaired: false }],
  });
});

it("one whose files had been changed is installed again, and that is said", async () => {
  const user = await createUser(registry.url);
  await publish(user, "uc-r", "1.0.0");
  await user.run(["plugins", "install", "uc-r", "--yes"]);
  await appendFile(join(user.dataDir, "node_modules/uc-r/index.js"), "// edited\n");
  const { code, stderr } = await user.run(["plugins", "update", "uc-r"]);
  expect(code).toBe(0);
  expect(stderr).toContain("The files of uc-r had been changed: 1.0.0 was installed again.");
  expect(stderr).toContain("asks whether it may run.");
});

it("an update that reaches for more is asked about by name and versions", async () => {
  const user = await createUser(registry.url);
  await publish(user, "uc-q", "1.0.0");
  await user.run(["plugins", "install", "uc-q", "--yes"]);
  await publish(user, "uc-q", "1.1.0", { entry: { hosts: ["https://new.acme.example"] } });
  expect((await user.json(["plugins", "update", "uc-q"])).document).toMatchObject({
    failed: [{ error: { next: ["meshauth plugins update uc-q --yes", expect.any(String)] } }],
  });
  const run = startInTerminal(user, ["plugins", "update", "uc-q"]);
  await run.see("Update uc-q from 1.0.0 to 1.1.0?");
  run.type("\r");
  await run.ended;
});

it("an update by another publisher is asked about, whatever it reaches for", async () => {
  const user = await createUser(signing.url);
  await publish(user, "uc-c", "1.0.0");
  signing.tell("uc-c", { user: "alice" });
  await user.run(["plugins", "install", "uc-c", "--yes"]);
  await publish(user, "uc-c", "1.1.0");
  expect((await user.json(["plugins", "update"])).code).toBe(0);
  await publish(user, "uc-c", "1.2.0");
  signing.tell("uc-c", { user: "mallory" });
  const refused = await user.json(["plugins", "update"]);
  expect(refused).toMatchObject({
    code: 10,
    document: { failed: [{ name: "uc-c", error: { code: "MESHAUTH_E_INTERACTION" } }] },
  });
  expect(refused.stderr).toContain("uc-c comes from another publisher than the installed version:");
  expect(refused.stderr).toMatch(/^ {2}publisher +mallory; the installed version is alice's$/m);
  expect((await user.json(["plugins", "update", "--yes"])).code).toBe(0);
});

it("a password in an address is used, and neither shown nor kept where it is told", async () => {
  const user = await createUser();
  const root = await writeProvider(join(user.home, "source"), "acme-provider", "acme");
  const tarball = await readFile(await pack(root, user.cwd));
  const wanted = `Basic ${Buffer.from("me:SECRET-CANARY-7").toString("base64")}`;
  let fetched = 0;
  const server = createServer(({ headers }, response) => {
    if (headers.authorization !== wanted) return void response.writeHead(401).end();
    fetched += 1;
    response.end(tarball);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const address = `http://me:SECRET-CANARY-7@${host}/acme.tgz`;
  const shown: string[] = [];
  const json = async (argv: readonly string[]) => {
    const run = await user.json(argv);
    shown.push(run.stdout, run.stderr);
    return run;
  };
  const source = `http://${host}/acme.tgz`;

  expect((await json(["plugins", "install", address])).code).toBe(10);
  expect((await json(["plugins", "install", address, "--yes", "--verbose"])).code).toBe(0);
  expect((await json(["plugins", "install", address, "--yes"])).document).toMatchObject({
    plugin: { source },
    facts: { source: { from: source }, installed: { source, sameSource: true } },
  });
  expect((await json(["plugins"])).document).toMatchObject({ plugins: [{ source }] });
  expect((await json(["plugins", "inspect", "acme"])).document).toMatchObject({ plugin: { source } });
  shown.push((await user.run(["plugins", "inspect", "acme"])).stdout);
  await json(["plugins", "distrust", "acme"]);
  const asked = startInTerminal(user, login("acme"));
  await asked.see("Let acme-provider run?");
  asked.type("y");
  expect(await asked.ended).toBe(0);
  expect(asked.text()).toContain(`from ${source}`);
  shown.push(asked.text());
  await appendFile(join(user.dataDir, "node_modules/acme-provider/index.js"), "// edited\n");
  expect((await json(login("acme"))).document).toMatchObject({
    error: {
      code: "MESHAUTH_E_TAMPERED",
      next: ["meshauth plugins update acme-provider", expect.any(String)],
    },
  });
  const before = fetched;
  expect((await json(["plugins", "update", "acme-provider"])).code).toBe(0);
  expect(fetched).toBeGreaterThan(before);
  expect(shown.join("\n")).not.toContain("SECRET-CANARY");
  expect(await readFile(join(user.dataDir, "trust.json"), "utf8")).not.toContain("SECRET-CANARY");
});
