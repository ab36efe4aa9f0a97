import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, modeOf, put, putConfig } from "../support/files.js";
import { snapshot } from "../support/login.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { KEY, openTerminal } from "../support/terminal.js";
import { dataDir } from "../support/third-party.js";
import { authJson, leaksOf, type MadeUpOptions, madeUpToken } from "../support/tokens.js";
import { namesIn } from "../support/tree.js";

const foreign = authJson("Meshery", madeUpToken({ subject: "u-2" }).token);
const NONE = authJson("None", "");

/** Imports a made-up credential. */
async function importOf(home: Home, options: MadeUpOptions = {}, args: readonly string[] = []) {
  const made = madeUpToken(options);
  const file = put(join(home.path, "Downloads/auth.json"), authJson("Layer5", made.token, { extra: "kept" }));
  const outcome = await meshauth(home, ["login", "file-import", file, "--skip-verify", "--json", ...args]);
  expect(outcome.code, outcome.stdout).toBe(0);
  return { ...made, bytes: readFileSync(home.authJson, "utf8") };
}

async function loginNone(home: Home): Promise<void> {
  const outcome = await meshauth(home, ["login", "none", "--force", "--json"]);
  expect(outcome.code, outcome.stdout).toBe(0);
}

/** A home in which a login without an account has replaced an import. */
async function replaced(options: MadeUpOptions = {}, args: readonly string[] = []) {
  const home = offlineHome();
  const old = await importOf(home, options, args);
  await loginNone(home);
  return { home, old };
}

const restored = async (home: Home, args: readonly string[] = [], env: Record<string, string> = {}) =>
  await meshauth(home, ["restore", "--json", ...args], { env });

describe.concurrent("what the last login replaced comes back", () => {
  test("a login at a cloud: the same bytes, and the account is known again", async () => {
    const { cloud, server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    const input = cloud.issueToken();
    const login = await meshauth(home, ["login", "layer5", "--token-stdin", "--json"], { input });
    expect(login.code, login.stdout).toBe(0);
    const bytes = readFileSync(home.authJson, "utf8");
    await loginNone(home);
    expect(readFileSync(home.authJson, "utf8")).not.toBe(bytes);
    const asked = cloud.requests.length;

    const outcome = await restored(home);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const account = { id: cloud.users[0]?.id, name: "Mira Solberg", email: "mira.solberg@example.com" };
    expect(document(outcome)).toEqual({
      provider: "Layer5",
      account,
      context: null,
      file: home.authJson,
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      refreshable: true,
      state: "valid",
      warnings: [],
    });
    expect(readFileSync(home.authJson, "utf8")).toBe(bytes);
    expect(modeOf(home.authJson)).toBe("0600");
    expect(cloud.requests).toHaveLength(asked);
    const status = document(await meshauth(home, ["status", "--json"])) as { contexts: unknown[] };
    expect(status.contexts[0]).toMatchObject({ state: "valid", account });
  });

  test("an import, with the members that it had", async () => {
    const { home, old } = await replaced();
    const outcome = await restored(home);
    expect(outcome.code, outcome.stdout).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
    expect(old.bytes).toContain('"extra":"kept"');
    expect(leaksOf(outcome.stdout + outcome.stderr, [old.token, old.access, old.refresh])).toEqual([]);
  });

  test("a login without an account", async () => {
    const home = offlineHome();
    await loginNone(home);
    await importOf(home);
    const outcome = await restored(home);
    expect(document(outcome)).toMatchObject({
      provider: "None",
      account: null,
      expiresAt: null,
      refreshable: false,
      state: "local",
    });
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  });

  test("the file of the context that was asked for", async () => {
    const home = offlineHome();
    putConfig(
      home,
      configText({
        a: { endpoint: NOWHERE, location: "a.json" },
        b: { endpoint: NOWHERE, location: "b.json" },
      }),
    );
    const made = madeUpToken();
    const file = put(join(home.meshery, "b.json"), authJson("Layer5", made.token), 0o600);
    const bytes = readFileSync(file, "utf8");
    await meshauth(home, ["login", "none", "--force", "--context", "b"]);
    expect(readFileSync(file, "utf8")).toBe(NONE);
    expectFailure(await meshauth(home, ["restore"]), 4, "MESHAUTH_E_NO_PREVIOUS");
    const outcome = await restored(home, ["-c", "b"]);
    expect(document(outcome)).toMatchObject({ context: "b", file });
    expect(readFileSync(file, "utf8")).toBe(bytes);
  });

  test("for people: on standard error, and nothing on standard output", async () => {
    const { home, old } = await replaced();
    const { code, stdout, stderr } = await meshauth(home, ["restore"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^Brought back: signed in with Layer5/m);
    expect(stderr).toContain(home.authJson);
    expect(stderr).toMatch(/Next: +meshauth check/);
    expect(leaksOf(stderr, [old.token, old.access, old.refresh])).toEqual([]);
  });

  test("expired and without a refresh token: with a warning", async () => {
    const { home, old } = await replaced({ expiresIn: -60, refresh: false }, ["--force"]);
    const outcome = await restored(home);
    expect(document(outcome)).toMatchObject({
      state: "expired",
      warnings: [expect.stringContaining("sign in again")],
    });
    expect(outcome.code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
  });

  test("while MESHERY_API_TOKEN wins over it: with a warning", async () => {
    const { home } = await replaced();
    const outcome = await restored(home, [], { MESHERY_API_TOKEN: "made-up-api-token" });
    expect(document(outcome)).toMatchObject({ warnings: [expect.stringContaining("MESHERY_API_TOKEN")] });
  });

  test("under a lock: of two at once, one brings it back and one finds nothing more", async () => {
    const { home, old } = await replaced();
    const outcomes = await Promise.all([restored(home), restored(home)]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 4]);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
  });
});

test("a login that cannot keep what it replaces says so", async () => {
  const home = offlineHome();
  await importOf(home);
  const [folder = ""] = namesIn(join(dataDir(home), "credentials"));
  put(join(dataDir(home), "credentials", folder, "previous.json/in-the-way"), "");
  const outcome = await meshauth(home, ["login", "none", "--force", "--json"]);
  const warning = expect.stringContaining("cannot be brought back");
  expect(document(outcome)).toMatchObject({ warnings: expect.arrayContaining([warning]) });
  expect(outcome.stderr).toEqual(warning);
});

describe.concurrent("there is nothing to bring back: 4, and nothing is written", () => {
  async function expectNothing(home: Home): Promise<void> {
    const before = snapshot(home.path);
    const failure = failureOf(await restored(home));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_NO_PREVIOUS", exitCode: 4 });
    expect(failure.next).toContain("meshauth login");
    expect(snapshot(home.path)).toEqual(before);
  }

  test("nobody ever signed in", () => expectNothing(offlineHome()));

  test("the login was the first", async () => {
    const home = offlineHome();
    await loginNone(home);
    await expectNothing(home);
  });

  test("it was brought back already", async () => {
    const { home } = await replaced();
    expect((await restored(home)).code).toBe(0);
    await expectNothing(home);
  });

  test("a logout came after it", async () => {
    const { home } = await replaced();
    expect((await meshauth(home, ["logout"])).code).toBe(0);
    await expectNothing(home);
  });
});

describe.concurrent("another program has written the file since", () => {
  test("a working login: 10 off a terminal, and nothing is changed", async () => {
    const { home } = await replaced();
    put(home.authJson, foreign);
    const before = snapshot(home.path);
    const failure = failureOf(await restored(home));
    expect(failure).toMatchObject({
      code: "MESHAUTH_E_INTERACTION",
      exitCode: 10,
      next: ["meshauth restore --force"],
    });
    expect(failure.message).toContain("Meshery");
    expect(snapshot(home.path)).toEqual(before);
    const config = putConfig(home, configText({ "a b": { endpoint: NOWHERE } }));
    const typed = ["-c", "A b", "--config", config, "--no-input"];
    expect(failureOf(await restored(home, typed)).next).toEqual([
      `meshauth restore -c 'A b' --config ${config} --force`,
    ]);
  });

  test("a working login: replaced with --force", async () => {
    const { home, old } = await replaced();
    put(home.authJson, foreign);
    expect((await restored(home, ["--force"])).code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
  });

  test.each([
    ["the logout of mesheryctl", ""],
    ["a login without an account", NONE.replace("\n", " \n")],
    ["a login that has expired", authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token)],
  ])("%s: no question", async (_, content) => {
    const { home, old } = await replaced();
    put(home.authJson, content);
    expect((await restored(home)).code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
  });

  test("nothing any more, the file is gone: no question", async () => {
    const { home, old } = await replaced();
    rmSync(home.authJson);
    expect((await restored(home)).code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
    expect(modeOf(home.authJson)).toBe("0600");
  });

  test.each([true, false])(
    "a damaged file: 8, and nothing is changed (something to bring back: %s)",
    async (kept) => {
      const { home } = kept ? await replaced() : { home: offlineHome() };
      put(home.authJson, "<html></html>");
      const before = snapshot(home.path);
      expectFailure(await meshauth(home, ["restore", "--force"]), 8, "MESHAUTH_E_DAMAGED");
      expect(snapshot(home.path)).toEqual(before);
    },
  );
});

describe("another program has written the file since, and a person is there", () => {
  test("they are asked, and a bare Enter changes nothing", async () => {
    const { home } = await replaced();
    put(home.authJson, foreign);
    const terminal = openTerminal(home, ["restore"]);
    await terminal.see(/Another program has signed in with Meshery.*Replace it\?/s);
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).toBe(130);
    expect(readFileSync(home.authJson, "utf8")).toBe(foreign);
  });

  test("a yes brings it back", async () => {
    const { home, old } = await replaced();
    put(home.authJson, foreign);
    const terminal = openTerminal(home, ["restore"]);
    await terminal.see(/Replace it\?/);
    terminal.type("y");
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(old.bytes);
  });
});
