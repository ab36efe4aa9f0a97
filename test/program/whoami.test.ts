import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";
import { cloudHome } from "../support/signed-in.js";
import { linkProviders, moduleWith } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { treeOf } from "../support/tree.js";

const MIRA = {
  id: expect.stringMatching(/./),
  name: "Mira Solberg",
  email: "mira.solberg@example.com",
};

describe.concurrent("whoami", () => {
  test("the provider says it, and nothing is touched", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const token = await signIn(cloud.issueToken());
    const before = treeOf(home.path);
    const outcome = await meshauth(home, ["whoami"]);
    expect(outcome).toMatchObject({
      code: 0,
      stdout: "Mira Solberg <mira.solberg@example.com>  Layer5\n",
      stderr: "",
    });
    const json = await meshauth(home, ["whoami", "--json"], { env: { DEBUG: "*" } });
    expect(document(json)).toEqual({
      account: MIRA,
      provider: "Layer5",
      context: null,
      server: "http://127.0.0.1:2",
      source: "file",
      warnings: [],
    });
    expect(leaksOf(json.stdout + json.stderr, [token])).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("the Meshery Server says it where the provider does not", async () => {
    const { home, cloud, server, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    faults.set("profile-html", 1);
    const env = { MESHERY_SERVER_URL: server.url };
    const outcome = await meshauth(home, ["whoami", "--json"], { env });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: MIRA });
    expect(server.requests.map(({ path }) => path)).toContain("/api/user");
  });

  test("the Meshery Server says it for a provider that cannot", async () => {
    const { home, cloud, server } = await cloudHome({ era: "2026-04", remoteName: "Acme" });
    const login = 'return { kind: "local", serverName: "Acme" };';
    const entry = { serverNames: ["Acme"], hosts: ["https://acme.example"] };
    linkProviders(home, [{ id: "acme", module: moduleWith("acme", login), entry }]);
    put(home.authJson, authJson("Acme", cloud.issueToken()));
    const outcome = await meshauth(home, ["whoami", "--json"], { env: { MESHERY_SERVER_URL: server.url } });
    expect(outcome.code, outcome.stdout).toBe(0);
    expect(document(outcome)).toMatchObject({ account: { email: MIRA.email }, provider: "Acme" });
  });

  test("an expired token is renewed first", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true, user: "tomas-okafor" }));
    const outcome = await meshauth(home, ["whoami"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout).toContain("tomas.okafor@example.org");
    expect(readAuth(home.authJson)["token"]).not.toBe(old);
    expect([cloud.refreshes(), cloud.reuses.length]).toEqual([1, 0]);
  });

  test("one that is not accepted any more is renewed once, and asked about again", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    // Twice: as it is stored, and as providers of 2021 know it.
    faults.set("profile-401", 2);
    const outcome = await meshauth(home, ["whoami", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: MIRA });
    expect(cloud.refreshes()).toBe(1);
  });

  test("refused again, or not to be renewed: 4", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    faults.set("profile-401");
    const failure = failureOf(await meshauth(home, ["whoami", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_NOT_AUTHENTICATED", exitCode: 4 });
    expect(failure.next).toContain("meshauth login");
    expect(cloud.refreshes()).toBe(1);
    await signIn(cloud.issueToken({ noRefresh: true }));
    expectFailure(await meshauth(home, ["whoami"]), 4, "MESHAUTH_E_NOT_AUTHENTICATED");
    expect(cloud.refreshes()).toBe(1);
  });

  test("a session that was ended at the provider: 4", async () => {
    const { home, cloud, signIn } = await cloudHome();
    cloud.revoke(await signIn(cloud.issueToken()));
    const outcome = await meshauth(home, ["whoami"]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 4, stdout: "" });
    expect(cloud.reuses).toEqual([]);
  });

  test("nobody can be asked: 7", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    faults.set("down");
    expectFailure(await meshauth(home, ["whoami"]), 7, "MESHAUTH_E_NETWORK");
  });

  test("MESHERY_API_TOKEN: its account, and that it wins is said", async () => {
    const { home, cloud, server, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    const env = {
      MESHERY_API_TOKEN: cloud.apiToken({ user: "yuki-brandt" }),
      MESHERY_SERVER_URL: server.url,
      MESHERY_PROVIDER: "Layer5",
    };
    const outcome = await meshauth(home, ["whoami"], { env });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout).toContain("yuki.brandt@example.net");
    expect(outcome.stderr).toContain("MESHERY_API_TOKEN");
    const json = document(
      await meshauth(home, ["whoami", "--json"], { env: { ...env, MESHERY_PROVIDER: undefined } }),
    );
    expect(json).toMatchObject({ source: "environment", account: { email: "yuki.brandt@example.net" } });
  });

  test("without an account there is nobody to ask", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    expect(await meshauth(home, ["whoami"])).toMatchObject({
      code: 0,
      stdout: "No account: work stays local (None).\n",
    });
    expect(document(await meshauth(home, ["whoami", "--json"]))).toMatchObject({
      account: null,
      provider: "None",
    });
  });

  test.each<[string, string | undefined, number, string]>([
    ["nobody is signed in", undefined, 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["T02: an empty file", "", 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["T03: a damaged file", "{", 8, "MESHAUTH_E_DAMAGED"],
    [
      "an expired token that cannot be renewed",
      authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token),
      4,
      "MESHAUTH_E_EXPIRED",
    ],
  ])("%s", async (_, content, exit, code) => {
    const home = offlineHome();
    if (content !== undefined) put(home.authJson, content);
    expectFailure(await meshauth(home, ["whoami"]), exit, code);
  });

  test("A07: names of a hostile provider come without escape codes", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    faults.set("profile-hostile");
    const outcome = await meshauth(home, ["whoami"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
