import { chmodSync, chownSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configText, modeOf, put, putConfig, readAuth } from "../support/files.js";
import { snapshot } from "../support/login.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";

interface Check {
  readonly id: string;
  readonly result: "pass" | "warn" | "fail" | "skip";
  readonly message: string;
  readonly next: string | null;
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly fixed?: readonly string[];
}

const NONE = authJson("None", "");

async function checked(home: Home, args: readonly string[] = [], env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["check", "--json", ...args], { env });
  const report = document(outcome) as Report;
  const by = (id: string) => report.checks.find((check) => check.id === id);
  return { ...report, code: outcome.code, text: outcome.stdout + outcome.stderr, by };
}

const fixed = (home: Home, env: Record<string, string> = {}) => checked(home, ["--fix"], env);

async function homeAtServer() {
  const simulator = await simulated();
  return { ...simulator, home: offlineHome({ MESHERY_SERVER_URL: simulator.server.url }) };
}

describe.concurrent("check --fix mends", () => {
  test.each([0o644, 0o666, 0o640])("T12: a file of mode %o", async (mode) => {
    const { home } = await homeAtServer();
    put(home.authJson, NONE, mode);
    const report = await fixed(home);
    expect(report).toMatchObject({ code: 0, ok: true, fixed: ["credential.mode"] });
    expect(report.by("credential.mode")).toMatchObject({
      result: "pass",
      message: expect.stringMatching(/^Mended: /),
      next: null,
    });
    expect(modeOf(home.authJson)).toBe("0600");
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  });

  test("T15: a folder in which others may write", async () => {
    const { home } = await homeAtServer();
    put(home.authJson, NONE);
    chmodSync(home.meshery, 0o775);
    const report = await fixed(home);
    expect(report).toMatchObject({ code: 0, fixed: ["credential.mode"] });
    expect(modeOf(home.meshery)).toBe("0755");
  });

  test("T04: a byte-order mark, and makes the checks that depend on it", async () => {
    const { home, cloud } = await homeAtServer();
    const token = cloud.issueToken();
    put(home.authJson, `\ufeff${authJson("Layer5", token, { extra: "kept" })}`);
    const report = await fixed(home);
    expect(report).toMatchObject({ code: 0, fixed: ["credential.shape"] });
    expect(report.by("credential.shape")?.message).toMatch(/^Mended: .*mesheryctl can read the file\.$/);
    expect(report.by("server.accepts")?.result).toBe("pass");
    expect(readFileSync(home.authJson)[0]).toBe("{".charCodeAt(0));
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Layer5", token, extra: "kept" });
  });

  test.each([
    ["a key that is there twice", '{"meshery-provider":"Local","meshery-provider":"None","token":""}'],
    ["a key that readers ignore", '{"meshery-provider":"None","token":"","__proto__":"x"}'],
  ])("%s", async (_, content) => {
    const { home } = await homeAtServer();
    put(home.authJson, content);
    expect((await checked(home)).by("credential.shape")).toMatchObject({
      result: "warn",
      next: "meshauth check --fix",
    });
    const report = await fixed(home);
    expect(report).toMatchObject({ code: 0, fixed: ["credential.shape"] });
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
    expect((await checked(home)).by("credential.shape")?.result).toBe("pass");
  });

  test("T01: a token that has ended and can be renewed; other members of the file stay", async () => {
    const { home, cloud } = await homeAtServer();
    const old = cloud.issueToken({ expired: true });
    put(home.authJson, authJson("Layer5", old, { extra: "kept" }));
    const report = await fixed(home);
    expect(report).toMatchObject({ code: 0, fixed: ["credential.expiry"] });
    expect(report.by("credential.expiry")?.message).toMatch(/^Mended: .*valid until/);
    const { token = "", ...others } = readAuth(home.authJson);
    expect(others).toEqual({ "meshery-provider": "Layer5", extra: "kept" });
    expect(cloud.isActive(token)).toBe(true);
    expect(cloud.reuses).toEqual([]);
    expect(leaksOf(report.text, [old, token])).toEqual([]);
  });

  test("all of it at once, and nothing in a second run", async () => {
    const { home, cloud } = await homeAtServer();
    const old = cloud.issueToken({ expired: true });
    put(home.authJson, `\ufeff${authJson("Layer5", old)}`, 0o644);
    expect(await fixed(home)).toMatchObject({
      code: 0,
      fixed: ["credential.mode", "credential.shape", "credential.expiry"],
    });
    const before = snapshot(home.path);
    expect(await fixed(home)).toMatchObject({ code: 0, fixed: [] });
    expect(snapshot(home.path)).toEqual(before);
  });

  test("what was known about the login stays known", async () => {
    const { home, cloud } = await homeAtServer();
    const input = cloud.issueToken();
    await meshauth(home, ["login", "layer5", "--token-stdin"], { input });
    put(home.authJson, readFileSync(home.authJson), 0o644);
    expect(await fixed(home)).toMatchObject({ fixed: ["credential.mode"] });
    const status = document(await meshauth(home, ["status", "--json"])) as { contexts: unknown[] };
    expect(status.contexts[0]).toMatchObject({ account: { email: "mira.solberg@example.com" } });
  });
});

describe.concurrent("check --fix leaves alone", () => {
  test("a renewal that the provider refuses: a failure, with the reason", async () => {
    const { home, cloud } = await homeAtServer();
    const old = cloud.issueToken({ expired: true });
    cloud.revoke(old);
    put(home.authJson, authJson("Layer5", old));
    const plain = await checked(home);
    const report = await fixed(home);
    expect(report.fixed).toEqual([]);
    const [before, after] = [plain, report].map(({ by }) => by("credential.expiry"));
    expect([before?.result, after?.result]).toEqual(["warn", "fail"]);
    expect(after?.message).toMatch(/ended at .*It could not be mended: .*refuse/);
    expect(report).toMatchObject({ code: 4, ok: false });
    expect(readAuth(home.authJson)["token"]).toBe(old);
    expect((await checked(home)).by("credential.expiry")).toMatchObject({
      result: "fail",
      next: "meshauth login",
    });
  });

  test.runIf(process.getuid?.() === 0)("a read-only folder: 8, with the command that mends it", async () => {
    const { home, cloud } = await homeAtServer();
    put(home.authJson, authJson("Layer5", cloud.issueToken({ expired: true })));
    for (const path of [home.path, home.meshery, home.authJson]) chownSync(path, 1, 1);
    chmodSync(home.path, 0o755);
    chmodSync(home.meshery, 0o500);
    const outcome = await meshauth(home, ["check", "--fix", "--json"], { uid: 1 });
    const { checks } = document(outcome) as Report;
    expect(outcome.code, outcome.stdout).toBe(8);
    expect(checks.find(({ id }) => id === "credential.expiry")).toMatchObject({
      result: "fail",
      next: `chmod u+w ${home.meshery}`,
    });
    expect(cloud.refreshes()).toBe(0);
  });

  test.each([
    ["a damaged file", "<html></html>"],
    [
      "a token that ended for good",
      authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token),
    ],
    ["an empty file", ""],
  ])("%s", async (_, content) => {
    const { home } = await homeAtServer();
    put(home.authJson, content);
    const before = snapshot(home.path);
    const report = await fixed(home);
    expect(report).toMatchObject({ ok: false, fixed: [] });
    expect(snapshot(home.path)).toEqual(before);
  });

  test("config.yaml", async () => {
    const { home, server } = await homeAtServer();
    const text = `# a remark\n${configText({ a: { endpoint: server.url, location: "~/away.json" } })}`;
    const config = putConfig(home, text);
    expect((await fixed(home)).by("credential.location")?.result).toBe("warn");
    expect(readFileSync(config, "utf8")).toBe(text);
  });

  test("the file while MESHERY_API_TOKEN is in force", async () => {
    const { home, cloud } = await homeAtServer();
    put(home.authJson, authJson("Layer5", cloud.issueToken({ expired: true })), 0o644);
    const before = snapshot(home.path);
    const env = { MESHERY_API_TOKEN: ` ${cloud.apiToken()}\n`, MESHERY_PROVIDER: "Layer5" };
    expect(await fixed(home, env)).toMatchObject({ code: 0, fixed: [] });
    expect(snapshot(home.path)).toEqual(before);
  });
});

describe.concurrent("without --fix", () => {
  test("nothing is written, and the report does not say what was mended", async () => {
    const { home, cloud } = await homeAtServer();
    put(home.authJson, `\ufeff${authJson("Layer5", cloud.issueToken({ expired: true }))}`, 0o644);
    const before = snapshot(home.path);
    const report = await checked(home);
    expect(report).not.toHaveProperty("fixed");
    expect(snapshot(home.path)).toEqual(before);
    expect(cloud.refreshes()).toBe(0);
  });

  test("people are told at the end what could be mended", async () => {
    const { home } = await homeAtServer();
    put(home.authJson, '{"meshery-provider":"None","token":"","token":""}', 0o644);
    const { stdout } = await meshauth(home, ["check"]);
    expect(stdout.trim().split("\n").at(-1)).toBe(
      "meshauth check --fix can mend: credential.mode, credential.shape.",
    );
    const after = await meshauth(home, ["check", "--fix"]);
    expect(after.stdout).toMatch(/Mended: /);
    expect(after.stdout.trim().split("\n").at(-1)).toMatch(/^All is well: 1\d passed, 0 warned/);
  });

  test("a check that another one leaves without a subject names that one's next step", async () => {
    const { home } = await homeAtServer();
    const nobody = await checked(home);
    for (const id of ["credential.mode", "credential.token", "server.accepts", "account"]) {
      expect(nobody.by(id), id).toMatchObject({ result: "skip", next: "meshauth login" });
    }
    put(home.authJson, NONE);
    const local = await checked(home);
    for (const id of ["credential.expiry", "provider.reachable", "account"]) {
      expect(local.by(id), id).toMatchObject({ result: "skip", next: null });
    }
  });
});
