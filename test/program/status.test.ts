import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createSigningKey, startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { configText, put, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { treeOf } from "../support/tree.js";

interface Context {
  readonly name: string | null;
  readonly state: string;
  readonly provider: string | null;
  readonly account: { readonly email: string } | null;
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly file: string;
  readonly source: string;
}

async function statusOf(home: Home, args: readonly string[] = [], env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["status", "--json", ...args], { env });
  const report = document(outcome) as { current: string | null; contexts: Context[] };
  expect(Object.keys(report).sort()).toEqual(["contexts", "current"]);
  return { ...outcome, ...report, first: report.contexts[0] };
}

const valid = madeUpToken();
const expired = madeUpToken({ expiresIn: -60, refresh: false });
const refreshable = madeUpToken({ expiresIn: -60 });
const endless = madeUpToken({ expiresIn: null, refresh: false });

describe.concurrent("states of one file", () => {
  test.each<[string, string, string, number, object]>([
    ["a valid token", authJson("Layer5", valid.token), "valid", 0, { provider: "Layer5", refreshable: true }],
    [
      "an API token without an end",
      authJson("Layer5", endless.token),
      "valid",
      0,
      { expiresAt: null, refreshable: false },
    ],
    ["a bare JWT", authJson("Layer5", valid.access), "valid", 0, { refreshable: false }],
    [
      "an expired token that can be renewed",
      authJson("Meshery", refreshable.token),
      "refreshable",
      0,
      { refreshable: true },
    ],
    ["an expired token that cannot", authJson("Layer5", expired.token), "expired", 4, { refreshable: false }],
    ["None", authJson("None", ""), "local", 0, { provider: "None", expiresAt: null }],
    ["T02: nothing, as mesheryctl leaves it", "", "logged-out", 4, { provider: null }],
    ["an empty token of a remote", authJson("Layer5", ""), "logged-out", 4, {}],
    ["T03: half a token", authJson("Layer5", valid.token).slice(0, 200), "damaged", 8, {}],
    ["T03: text behind the object", `${authJson("Layer5", valid.token)}S0tLS0tCg==`, "damaged", 8, {}],
    ["a web page", "<!doctype html><html></html>\n", "damaged", 8, {}],
    ["an error of a server", '{"error":"session expired"}\n', "damaged", 8, {}],
    ["a number for a token", '{"meshery-provider":"Layer5","token":42}', "damaged", 8, {}],
    ["another member that is no text", '{"meshery-provider":"None","token":"","id":1}', "damaged", 8, {}],
    ["null for a token, which Go reads as empty", '{"meshery-provider":"None","token":null}', "local", 0, {}],
    ["T01: a third member", authJson("Layer5", valid.token, { note: "kept" }), "valid", 0, {}],
    ["T04: CRLF", authJson("Layer5", valid.token).replace("\n", "\r\n"), "valid", 0, {}],
    ["a token that cannot be read", authJson("Layer5", "%%%"), "unknown", 4, {}],
  ])("%s", async (_, content, state, exit, more) => {
    const home = offlineHome();
    put(home.authJson, content);
    const before = treeOf(home.path);
    const status = await statusOf(home);
    expect(status.code, status.stderr).toBe(exit);
    expect(status.contexts).toHaveLength(1);
    expect(status.first).toMatchObject({
      name: null,
      state,
      account: null,
      file: home.authJson,
      source: "file",
      ...more,
    });
    expect(treeOf(home.path)).toEqual(before);
  });

  test("no file", async () => {
    const home = offlineHome();
    const status = await statusOf(home);
    expect(status).toMatchObject({
      code: 4,
      current: null,
      contexts: [
        {
          name: null,
          state: "logged-out",
          provider: null,
          account: null,
          expiresAt: null,
          refreshable: false,
          file: home.authJson,
          source: "file",
        },
      ],
    });
    expect(Object.keys(status.first ?? {}).sort()).toEqual(
      ["account", "expiresAt", "file", "name", "provider", "refreshable", "source", "state"].sort(),
    );
  });

  test("the expiry is the token's", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", valid.token));
    const { first } = await statusOf(home);
    const left = Date.parse(first?.expiresAt ?? "") - Date.now();
    expect(left).toBeGreaterThan(3_000_000);
    expect(left).toBeLessThan(3_700_000);
  });

  test.each(["fifo", "folder", "device"])("T11: a %s in the place of the file: 8, at once", async (kind) => {
    const home = offlineHome();
    mkdirSync(home.meshery, { mode: 0o700 });
    if (kind === "fifo") execFileSync("mkfifo", [home.authJson]);
    else if (kind === "folder") mkdirSync(home.authJson);
    else execFileSync("ln", ["-s", "/dev/zero", home.authJson]);
    const status = await statusOf(home);
    expect(status.code).toBe(8);
    expect(["unknown", "damaged"]).toContain(status.first?.state);
  });

  test("T10: a file of 5 GB is not read", async () => {
    const home = offlineHome();
    put(home.authJson, "");
    execFileSync("truncate", ["-s", "5G", home.authJson]);
    const status = await statusOf(home);
    expect(status.code).toBe(8);
  });

  test("for people: one line, on standard output, with no part of the token", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", valid.token));
    const { code, stdout, stderr } = await meshauth(home, ["status"]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stdout).toContain("valid");
    expect(stdout).toContain("Layer5");
    expect(stdout).toContain(home.authJson);
    expect(stdout + stderr).not.toContain("CANARY");
  });

  test("for people: what to do next is on standard error", async () => {
    const { code, stdout, stderr } = await meshauth(offlineHome(), ["status"]);
    expect(code).toBe(4);
    expect(stdout).toContain("logged-out");
    expect(stderr).toContain("meshauth login");
  });

  test("a provider's name with escape codes is shown without them", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Lay\u001b]0;owned\u0007er5\u202e\n", valid.token));
    const { stdout, stderr } = await meshauth(home, ["status"]);
    expect(stdout + stderr).not.toMatch(/[\u0007\u001b\u202e]/);
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });
});

describe.concurrent("several contexts", () => {
  test("the current one first, then those that have a credential, each with its own file", async () => {
    const home = offlineHome();
    putConfig(
      home,
      configText({
        current: { endpoint: NOWHERE },
        other: { endpoint: "http://127.0.0.1:10", location: "other.json" },
        empty: { endpoint: NOWHERE, location: "empty.json" },
        broken: { endpoint: NOWHERE, location: "broken.json" },
      }),
    );
    put(`${home.meshery}/other.json`, authJson("Layer5", valid.token));
    put(`${home.meshery}/broken.json`, "{");
    const status = await statusOf(home);
    expect(status.code).toBe(4);
    expect(status.current).toBe("current");
    expect(status.contexts.map(({ name, state, file }) => [name, state, file])).toEqual([
      ["current", "logged-out", home.authJson],
      ["other", "valid", `${home.meshery}/other.json`],
      ["broken", "damaged", `${home.meshery}/broken.json`],
    ]);
    const other = await statusOf(home, ["--context", "OTHER"]);
    expect(other).toMatchObject({ code: 0, current: "other", first: { name: "other", state: "valid" } });
    const byVariable = await statusOf(home, [], { MESHERY_CONTEXT: "broken" });
    expect(byVariable).toMatchObject({ code: 8, current: "broken" });
    const people = await meshauth(home, ["status"]);
    expect(people.stdout.trim().split("\n")).toHaveLength(3);
  });

  test("contexts may share one file, as they usually do", async () => {
    const home = offlineHome();
    putConfig(home, configText({ a: { endpoint: NOWHERE }, b: { endpoint: NOWHERE } }));
    put(home.authJson, authJson("None", ""));
    const status = await statusOf(home);
    expect(status.contexts.map(({ name, state }) => [name, state])).toEqual([
      ["a", "local"],
      ["b", "local"],
    ]);
  });

  test("a location that mesheryctl reads elsewhere than it writes is warned about", async () => {
    const home = offlineHome();
    putConfig(home, configText({ a: { endpoint: NOWHERE, location: "~/away.json" } }));
    const { stderr } = await meshauth(home, ["status"]);
    expect(stderr).toContain(`${home.path}/away.json`);
    expect(stderr).toContain(`${home.meshery}/~/away.json`);
  });
});

describe.concurrent("a token from the environment", () => {
  test("wins over the file, is said to, and is never written", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const before = treeOf(home.path);
    const env = { MESHERY_API_TOKEN: endless.token, MESHERY_PROVIDER: "Layer5" };
    const status = await statusOf(home, [], env);
    expect(status.code).toBe(0);
    expect(status.first).toMatchObject({ state: "valid", provider: "Layer5", source: "environment" });
    const people = await meshauth(home, ["status"], { env });
    expect(people.stderr).toMatch(/MESHERY_API_TOKEN.*wins/);
    expect(people.stdout + people.stderr).not.toContain("CANARY");
    expect(treeOf(home.path)).toEqual(before);
  });

  test.each([
    ["an expired one", expired.token, "expired", 4],
    ["an expired one with a refresh token", refreshable.token, "expired", 4],
    ["one that cannot be read", "%%%", "unknown", 4],
  ])("%s", async (_, token, state, exit) => {
    const status = await statusOf(offlineHome(), [], {
      MESHERY_API_TOKEN: token,
      MESHERY_PROVIDER: "Layer5",
    });
    expect(status).toMatchObject({ code: exit, first: { state, source: "environment", refreshable: false } });
  });

  test("what to do about it is no login", async () => {
    const env = { MESHERY_API_TOKEN: refreshable.token, MESHERY_PROVIDER: "layer5" };
    const { code, stdout, stderr } = await meshauth(offlineHome(), ["status"], { env });
    expect(code).toBe(4);
    expect(stdout).toMatch(/expired {2}Layer5 /);
    expect(stdout).not.toContain("can be renewed");
    expect(stderr).toContain("Next: Correct or unset MESHERY_API_TOKEN.");
    expect(stderr).not.toContain("meshauth login");
  });

  test("an empty one is none", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    expect((await statusOf(home, [], { MESHERY_API_TOKEN: "" })).first?.source).toBe("file");
  });

  test("a login writes its own credential, not the environment's", async () => {
    const home = offlineHome({ MESHERY_API_TOKEN: valid.token, MESHERY_PROVIDER: "Layer5" });
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    const status = await statusOf(home, [], { MESHERY_API_TOKEN: "" });
    expect(status.first).toMatchObject({ provider: "None", state: "local" });
  });
});

describe.concurrent("after a login of our own", () => {
  test("the account is the confirmed one, until another tool writes the file", async () => {
    const simulator = await startSimulator({ signingKey: await createSigningKey() });
    atEnd(() => simulator.close());
    const home = offlineHome();
    expect((await browserLogin(home, ["--server", simulator.server.url])).code).toBe(0);
    const status = await statusOf(home);
    expect(status.first).toMatchObject({ state: "valid", account: { email: "mira.solberg@example.com" } });
    const checked = await statusOf(home, ["--check", "--server", simulator.server.url]);
    expect(checked.code).toBe(0);
    simulator.faults.set("redirect-auth-login");
    expect((await statusOf(home, ["--check", "--server", simulator.server.url])).code).toBe(4);
    simulator.faults.clear();
    simulator.faults.set("token-html");
    const fooled = await meshauth(home, ["status", "--check", "--server", simulator.server.url]);
    expect(fooled.stdout).not.toMatch(/accepts it/);
    simulator.faults.clear();
    put(home.authJson, authJson("Layer5", valid.token));
    expect((await statusOf(home)).first?.account).toBeNull();
  });

  test("nothing is asked without --check", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
    put(home.authJson, authJson("Layer5", refreshable.token));
    await statusOf(home);
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
  });
});
