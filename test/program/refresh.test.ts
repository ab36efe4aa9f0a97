import { chmodSync, readFileSync } from "node:fs";
import { decodeEnvelope, type FaultName } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth, startMeshauth } from "../support/program.js";
import { cloudHome } from "../support/signed-in.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

describe.concurrent("refresh", () => {
  test("renews a token that is still good; the old one is worthless then", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken(), { more: { "x-note": "kept" } });
    const outcome = await meshauth(home, ["refresh", "--json"]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(document(outcome)).toEqual({
      refreshed: true,
      provider: "Layer5",
      context: null,
      file: home.authJson,
      expiresAt: expect.stringMatching(/Z$/),
      refreshable: true,
      warnings: [],
    });
    const { token = "", ...others } = readAuth(home.authJson);
    expect(others).toEqual({ "meshery-provider": "Layer5", "x-note": "kept" });
    expect([cloud.isActive(old), cloud.isActive(token)]).toEqual([false, true]);
    expect([modeOf(home.authJson), namesIn(home.meshery)]).toEqual(["0600", ["auth.json"]]);
    expect(leaksOf(outcome.stdout, [old, token])).toEqual([]);
    // What was known about the sign-in is known about the new token.
    const status = document(await meshauth(home, ["status", "--json"]));
    expect(status).toMatchObject({ contexts: [{ account: { email: "mira.solberg@example.com" } }] });
  });

  test("says to people until when it is good", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    const outcome = await meshauth(home, ["refresh"]);
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toMatch(/^Renewed: expires \d{4}-\d\d-\d\d \d\d:\d\d UTC, can be renewed\.\n$/);
  });

  test("of six at once each succeeds, and one asks", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true }));
    const all = Array.from({ length: 6 }, () => startMeshauth(home, ["refresh"]).outcome);
    for (const { code, stderr } of await Promise.all(all)) expect(code, stderr).toBe(0);
    // Whoever starts when another has ended renews again: that is what it was told to do.
    expect(cloud.refreshes()).toBeLessThan(6);
    expect(cloud.reuses).toEqual([]);
    expect(readAuth(home.authJson)["token"]).not.toBe(old);
    expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("a provider that keeps the refresh token: it is kept with the new access token", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    faults.set("refresh-same");
    const old = decodeEnvelope(await signIn(cloud.issueToken({ expired: true })));
    expect((await meshauth(home, ["refresh"])).code).toBe(0);
    const fresh = decodeEnvelope(readAuth(home.authJson)["token"] ?? "");
    if (typeof fresh === "string" || typeof old === "string") throw new Error("no envelope");
    expect(fresh.refresh_token).toBe(old.refresh_token);
    expect(fresh.access_token).not.toBe(old.access_token);
  });

  test("through a Meshery Server that renews by itself: its token is taken, and the provider is asked once", async () => {
    const { home, cloud, server, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true }));
    const env = { MESHERY_SERVER_URL: server.url };
    expect((await meshauth(home, ["refresh"], { env })).code).toBe(0);
    const token = readAuth(home.authJson)["token"] ?? "";
    expect(token).not.toBe(old);
    expect([cloud.refreshes(), cloud.reuses.length, cloud.isActive(token)]).toEqual([1, 0, true]);
  });

  test("MESHERY_API_TOKEN wins over the file: only the file's credential is renewed, and that is said", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    const env = { MESHERY_API_TOKEN: madeUpToken().token };
    const outcome = await meshauth(home, ["refresh"], { env });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain("MESHERY_API_TOKEN");
    expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test.each<[string, string]>([
    ["an API token", authJson("Layer5", madeUpToken({ expiresIn: null, refresh: false }).token)],
    ["a local sign-in", authJson("None", "")],
  ])("%s does not end: nothing to do, nothing written", async (_, content) => {
    const home = offlineHome();
    put(home.authJson, content);
    const before = treeOf(home.path);
    const outcome = await meshauth(home, ["refresh", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ refreshed: false, expiresAt: null });
    expect(treeOf(home.path)).toEqual(before);
  });

  test.each<[string, string | undefined, number, string]>([
    ["nobody is signed in", undefined, 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["T02: signed out by mesheryctl", "", 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["T03: damaged", '{"meshery-provider":"Layer5","tok', 8, "MESHAUTH_E_DAMAGED"],
    [
      "no refresh token, and still good",
      authJson("Layer5", madeUpToken({ refresh: false }).token),
      4,
      "MESHAUTH_E_NOT_RENEWABLE",
    ],
    [
      "no refresh token, and expired",
      authJson("Layer5", madeUpToken({ refresh: false, expiresIn: -60 }).token),
      4,
      "MESHAUTH_E_EXPIRED",
    ],
  ])("%s: an error, and nothing is touched", async (_, content, exit, code) => {
    const home = offlineHome();
    if (content !== undefined) put(home.authJson, content);
    const before = treeOf(home.path);
    expectFailure(await meshauth(home, ["refresh"]), exit, code);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("T15: where the file must not be written nobody is asked", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    chmodSync(home.meshery, 0o777);
    expectFailure(await meshauth(home, ["refresh"]), 8, "MESHAUTH_E_UNSAFE");
    expectFailure(await meshauth(home, ["token"]), 8, "MESHAUTH_E_UNSAFE");
    expect(cloud.requests).toEqual([]);
  });

  test.each<[FaultName, number, string]>([
    ["refresh-401", 4, "MESHAUTH_E_EXPIRED"],
    ["refresh-500", 7, "MESHAUTH_E_NETWORK"],
    ["refresh-html", 7, "MESHAUTH_E_PROTOCOL"],
    ["refresh-empty", 7, "MESHAUTH_E_PROTOCOL"],
    ["refresh-blank", 7, "MESHAUTH_E_PROTOCOL"],
    ["refresh-number", 7, "MESHAUTH_E_PROTOCOL"],
    ["refresh-redirect", 7, "MESHAUTH_E_PROTOCOL"],
    ["cloud-huge", 7, "MESHAUTH_E_PROTOCOL"],
    ["down", 7, "MESHAUTH_E_NETWORK"],
  ])(
    "%s: %i, the file stays as it was, nothing is left, and no secret is told",
    async (fault, exit, code) => {
      const { home, cloud, faults, signIn } = await cloudHome();
      const old = await signIn(cloud.issueToken({ expired: true }));
      const text = readFileSync(home.authJson, "utf8");
      faults.set(fault);
      const outcome = await meshauth(home, ["refresh"], { env: { DEBUG: "meshauth*" } });
      expect(outcome, outcome.stderr).toMatchObject({ code: exit, stdout: "" });
      expect(outcome.stderr).toContain(code);
      expect(leaksOf(outcome.stderr, [old])).toEqual([]);
      expect(readFileSync(home.authJson, "utf8")).toBe(text);
      expect(namesIn(home.meshery)).toEqual(["auth.json"]);
      faults.clear();
      expect((await meshauth(home, ["refresh"])).code).toBe(0);
      expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    },
  );
});
