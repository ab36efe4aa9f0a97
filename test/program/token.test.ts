import { readFileSync } from "node:fs";
import { decodeEnvelope, type FaultName } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { type Home, meshauth, startMeshauth } from "../support/program.js";
import { cloudHome } from "../support/signed-in.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

const MINUTE = 60;

function accessOf(token: string): string {
  const envelope = decodeEnvelope(token);
  return typeof envelope === "string" ? token : envelope.access_token;
}

/** The token that `meshauth token` prints; it must end well and say nothing else. */
async function printed(home: Home, args: readonly string[] = [], env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["token", ...args], { env });
  expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: "" });
  return outcome.stdout.replace(/\n$/, "");
}

describe.concurrent("token: formats, without asking anybody", () => {
  test("a token that is good for long is printed in each form, and nobody is asked", async () => {
    const { home, cloud, server, signIn } = await cloudHome();
    const token = await signIn(cloud.issueToken());
    const env = { MESHERY_SERVER_URL: server.url };
    const before = treeOf(home.path);
    expect(await printed(home, [], env)).toBe(token);
    expect(await printed(home, ["--format", "access"], env)).toBe(accessOf(token));
    expect(await printed(home, ["--format", "header"], env)).toBe(`Authorization: Bearer ${accessOf(token)}`);
    expect(await printed(home, ["--format", "cookie"], env)).toBe(`token=${token}; meshery-provider=Layer5`);
    expect(await printed(home, ["--format", "env"], env)).toBe(
      `MESHERY_API_TOKEN=${token}\nMESHERY_PROVIDER=Layer5`,
    );
    const json = await printed(home, ["--format", "json"], env);
    expect(JSON.parse(json)).toEqual({
      token,
      accessToken: accessOf(token),
      tokenType: "Bearer",
      provider: "Layer5",
      expiresAt: expect.stringMatching(/^\d{4}-.+Z$/),
      refreshable: true,
      context: null,
      server: server.url,
      file: home.authJson,
      source: "file",
    });
    expect(await printed(home, ["--json"], env)).toBe(json);
    expect(json.split("\n")).toHaveLength(1);
    expect([...cloud.requests, ...server.requests]).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("what env prints can be given back, and another form of system token works too", async () => {
    const home = offlineHome();
    const { token } = madeUpToken();
    put(home.authJson, authJson("Layer5", token));
    const lines = (await printed(home, ["--format", "env"])).split("\n");
    const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
      string,
      string
    >;
    expect(await printed(offlineHome(), [], env)).toBe(token);
    expect((await meshauth(home, ["system", "token"])).stdout).toBe(`${token}\n`);
  });

  test("T40: the token is on standard output and nowhere else, with everything that can be made to talk", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true }));
    const env = { DEBUG: "*", NODE_DEBUG: "http,net,fs,undici,fetch" };
    const outcome = await meshauth(home, ["token"], { env });
    const token = readAuth(home.authJson)["token"] ?? "";
    expect(outcome.stdout).toBe(`${token}\n`);
    expect(outcome.stderr.length).toBeGreaterThan(2_000);
    expect(leaksOf(outcome.stderr, [old, token, accessOf(old), accessOf(token)])).toEqual([]);
  });

  test.each([
    ["a format that there is not", ["--format", "yaml"]],
    ["a time that is none", ["--min-validity", "soon"]],
    ["a time beyond a day", ["--min-validity", "25h"]],
  ])("%s is a mistake of usage", async (_, args) => {
    expectFailure(await meshauth(offlineHome(), ["token", ...args]), 2, "MESHAUTH_E_USAGE");
  });
});

test("tokens that live shorter than what is wanted are renewed at half of their life, not on every call", async () => {
  const { home, cloud, signIn } = await cloudHome({ tokenLifetime: 60 });
  const token = await signIn(cloud.issueToken());
  expect(await printed(home)).toBe(token);
  expect(cloud.refreshes()).toBe(0);
  await signIn(cloud.issueToken({ expiresIn: 20 }));
  const renewed = await printed(home);
  expect(cloud.refreshes()).toBe(1);
  expect(await printed(home)).toBe(renewed);
  expect(cloud.refreshes()).toBe(1);
});

describe.concurrent("token: what cannot be printed", () => {
  test.each<[string, string | undefined, readonly string[], number, string]>([
    ["no file", undefined, [], 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["T02: an empty file", "", [], 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["an empty token of a remote", authJson("Layer5", ""), [], 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["a local sign-in", authJson("None", ""), [], 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    [
      "a local sign-in, as header",
      authJson("Local", ""),
      ["--format", "header"],
      4,
      "MESHAUTH_E_NOT_AUTHENTICATED",
    ],
    [
      "an expired token without a refresh token",
      authJson("Layer5", madeUpToken({ expiresIn: -30, refresh: false }).token),
      [],
      4,
      "MESHAUTH_E_EXPIRED",
    ],
    [
      "a provider's name that would make another line",
      authJson("L5\nLD_PRELOAD=/evil.so", madeUpToken().token),
      ["--format", "env"],
      8,
      "MESHAUTH_E_DAMAGED",
    ],
    [
      "a token that would make another header",
      authJson("Layer5", "opaque-1234\r\nX-Evil: 1"),
      ["--format", "header"],
      8,
      "MESHAUTH_E_DAMAGED",
    ],
    ["T03: half a file", authJson("Layer5", madeUpToken().token).slice(0, 200), [], 8, "MESHAUTH_E_DAMAGED"],
    ["T07: a token that is a number", '{"meshery-provider":"Layer5","token":1}', [], 8, "MESHAUTH_E_DAMAGED"],
  ])("%s", async (_, content, args, exit, code) => {
    const home = offlineHome();
    if (content !== undefined) put(home.authJson, content);
    const before = treeOf(home.path);
    expectFailure(await meshauth(home, ["token", ...args]), exit, code);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("a local sign-in is something, as json and as cookie", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const json: unknown = JSON.parse(await printed(home, ["--format", "json"]));
    expect(json).toMatchObject({ token: "", accessToken: null, tokenType: null, provider: "None" });
    expect(await printed(home, ["--format", "cookie"])).toBe("token=; meshery-provider=None");
  });

  test("a token that ends soon and cannot be renewed is printed with a warning", async () => {
    const home = offlineHome();
    const soon = madeUpToken({ expiresIn: 200, refresh: false });
    put(home.authJson, authJson("Layer5", soon.token));
    const outcome = await meshauth(home, ["token"]);
    expect(outcome).toMatchObject({ code: 0, stdout: `${soon.token}\n` });
    expect(outcome.stderr).toMatch(/^Warning: .*sign in again/);
    expect(await printed(home, ["--min-validity", "10s"])).toBe(soon.token);
  });
});

describe.concurrent("token: MESHERY_API_TOKEN", () => {
  test("wins over the file, in every form of a token, and is never written or renewed", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    const before = treeOf(home.path);
    const soon = madeUpToken({ expiresIn: 60 });
    const tokens = [cloud.apiToken(), cloud.apiToken({ bare: true }), "an-opaque-api-token", soon.token];
    for (const token of tokens)
      expect(await printed(home, [], { MESHERY_API_TOKEN: token, MESHERY_PROVIDER: "Layer5" })).toBe(token);
    const json = JSON.parse(await printed(home, ["--json"], { MESHERY_API_TOKEN: soon.token })) as object;
    expect(json).toMatchObject({ source: "environment", provider: null, token: soon.token });
    expect(cloud.requests).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("that has expired is an error, and the file is no way out", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token));
    const env = { MESHERY_API_TOKEN: madeUpToken({ expiresIn: -60 }).token };
    const outcome = await meshauth(home, ["token"], { env });
    expectFailure(outcome, 4, "MESHAUTH_E_EXPIRED");
    expect(outcome.stderr).toContain("MESHERY_API_TOKEN");
  });

  test("is nothing when it is blank; without a provider's name there is no cookie", async () => {
    const home = offlineHome();
    const { token } = madeUpToken();
    put(home.authJson, authJson("Layer5", token));
    expect(await printed(home, [], { MESHERY_API_TOKEN: "  " })).toBe(token);
    const outcome = await meshauth(home, ["token", "--format", "cookie"], {
      env: { MESHERY_API_TOKEN: token },
    });
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
  });
});

describe.concurrent("token: renewed when it is about to end", () => {
  test.each<[string, number, readonly string[], boolean]>([
    ["ten minutes left", 10 * MINUTE, [], false],
    ["four minutes left", 4 * MINUTE, [], true],
    ["ten minutes left and 15 wanted", 10 * MINUTE, ["--min-validity", "15m"], true],
    ["one minute left and none wanted", MINUTE, ["--min-validity", "0"], false],
    ["none left and none wanted", -MINUTE, ["--min-validity", "0s"], true],
  ])("%s", async (_, expiresIn, args, renewed) => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expiresIn }));
    const token = await printed(home, args);
    expect(token !== old).toBe(renewed);
    expect(cloud.refreshes()).toBe(renewed ? 1 : 0);
    expect(cloud.isActive(token)).toBe(true);
    expect(readAuth(home.authJson)["token"]).toBe(token);
    expect(cloud.reuses).toEqual([]);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test("T01 T12: a file of mesheryctl: what else is in it stays, and its mode becomes 0600", async () => {
    const { home, cloud, server } = await cloudHome();
    const old = cloud.issueToken({ expired: true });
    put(home.authJson, authJson("Layer5", old, { "x-note": "kept" }), 0o644);
    // The Meshery Server tells where the provider is.
    const token = await printed(home, [], { MESHERY_SERVER_URL: server.url });
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Layer5", token, "x-note": "kept" });
    expect(modeOf(home.authJson)).toBe("0600");
    expect([cloud.refreshes(), cloud.isActive(token), cloud.reuses.length]).toEqual([1, true, 0]);
  });

  test("T19 A16: twelve processes at once ask once, and all print the same", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    const all = Array.from({ length: 12 }, () => startMeshauth(home, ["token"]).outcome);
    const outcomes = await Promise.all(all);
    expect(outcomes.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(Array(12).fill("0"));
    expect(new Set(outcomes.map(({ stdout }) => stdout))).toEqual(
      new Set([`${readAuth(home.authJson)["token"]}\n`]),
    );
    expect([cloud.refreshes(), cloud.reuses.length]).toEqual([1, 0]);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });
});

describe.concurrent("token: a renewal that fails", () => {
  test("refused: said once more without asking, until a refresh insists or someone signs in", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true }));
    faults.set("refresh-401");
    const asked = () => cloud.requests.filter(({ path }) => path === "/refresh").length;
    expectFailure(await meshauth(home, ["token"]), 4, "MESHAUTH_E_EXPIRED");
    expect(asked()).toBe(1);
    expectFailure(await meshauth(home, ["token"]), 4, "MESHAUTH_E_EXPIRED");
    expectFailure(await meshauth(home, ["credential", "get"]), 4, "MESHAUTH_E_EXPIRED");
    expect(asked()).toBe(1);
    expect(readAuth(home.authJson)["token"]).toBe(old);
    expectFailure(await meshauth(home, ["refresh"]), 4, "MESHAUTH_E_EXPIRED");
    expect(asked()).toBe(2);
    faults.clear();
    await signIn(cloud.issueToken({ expired: true }));
    expect(cloud.isActive(await printed(home))).toBe(true);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test("a token that is still good is printed all the same, with a warning", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    const token = await signIn(cloud.issueToken({ expiresIn: MINUTE }));
    const text = readFileSync(home.authJson, "utf8");
    for (const fault of ["refresh-503", "refresh-401", "down"] as const) {
      faults.clear();
      faults.set(fault);
      const outcome = await meshauth(home, ["token"]);
      expect(outcome).toMatchObject({ code: 0, stdout: `${token}\n` });
      expect(outcome.stderr).toMatch(/^Warning: The token is still valid, but could not be renewed: /);
    }
    expect(readFileSync(home.authJson, "utf8")).toBe(text);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test.each<[FaultName, string]>([
    ["refresh-503", "MESHAUTH_E_NETWORK"],
    ["down", "MESHAUTH_E_NETWORK"],
    ["refresh-html", "MESHAUTH_E_PROTOCOL"],
    ["refresh-redirect", "MESHAUTH_E_PROTOCOL"],
  ])("an expired one with %s: 7, the file stays, and it works when that is over", async (fault, code) => {
    const { home, cloud, faults, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expired: true }));
    const text = readFileSync(home.authJson, "utf8");
    faults.set(fault);
    expectFailure(await meshauth(home, ["token"]), 7, code);
    expect(readFileSync(home.authJson, "utf8")).toBe(text);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    faults.clear();
    expect(cloud.isActive(await printed(home))).toBe(true);
    expect(modeOf(home.authJson)).toBe("0600");
  });
});

describe.concurrent("token: clocks and time zones", () => {
  const HOURS = 2 * 3_600_000;
  const preload = new URL("../support/shift-clock.mjs", import.meta.url).href;
  const shifted = (shift: number, more: Record<string, string> = {}) => ({
    NODE_OPTIONS: `--import=${preload}`,
    CLOCK_SHIFT: String(shift),
    ...more,
  });

  test("two hours ahead: renewed once, then known to be good", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    const env = shifted(HOURS);
    const first = await printed(home, [], env);
    const refreshes = cloud.refreshes();
    expect(refreshes).toBeLessThanOrEqual(1);
    for (let turn = 0; turn < 2; turn += 1) expect(await printed(home, [], env)).toBe(first);
    expect(cloud.refreshes()).toBe(refreshes);
    expect(cloud.isActive(first)).toBe(true);
    expect(cloud.reuses).toEqual([]);
  });

  test("two hours behind: a token that has ended is renewed where the provider's clock is known", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expired: true }), { details: { clockSkew: HOURS } });
    const token = await printed(home, [], shifted(-HOURS));
    expect(token).not.toBe(old);
    expect(cloud.isActive(token)).toBe(true);
    expect(await printed(home, [], shifted(-HOURS))).toBe(token);
    expect([cloud.refreshes(), cloud.reuses.length]).toEqual([1, 0]);
  });

  test.each(["Asia/Kolkata", "Pacific/Apia", "America/St_Johns"])("TZ=%s changes nothing", async (TZ) => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken({ expiresIn: 10 * MINUTE }));
    const [here, there] = [
      await printed(home, ["--json"], { TZ: "UTC" }),
      await printed(home, ["--json"], { TZ }),
    ];
    expect(there).toBe(here);
    await printed(home, ["--min-validity", "11m"], { TZ });
    expect(cloud.refreshes()).toBe(1);
  });

  test.each([
    ["the hour that is skipped", "2027-03-14T06:55:00Z"],
    ["the hour that comes twice", "2027-11-07T05:55:00Z"],
  ])("%s in New York: ten minutes are ten minutes", async (_, time) => {
    const shift = Date.parse(time) - Date.now();
    const { home, cloud, signIn } = await cloudHome({ now: () => new Date(Date.now() + shift) });
    const env = shifted(shift, { TZ: "America/New_York" });
    const token = await signIn(cloud.issueToken({ expiresIn: 10 * MINUTE }));
    expect(await printed(home, ["--min-validity", "8m"], env)).toBe(token);
    expect(cloud.refreshes()).toBe(0);
    expect(await printed(home, ["--min-validity", "12m"], env)).not.toBe(token);
    expect(cloud.refreshes()).toBe(1);
  });
});
