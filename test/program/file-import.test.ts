import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { treeOf } from "../support/tree.js";

const made = madeUpToken();
const SECRETS = [made.token, made.access, made.refresh];
const AUTH = authJson("Layer5", made.token);

async function importText(home: Home, text: string | Uint8Array, args: readonly string[] = []) {
  const file = put(join(home.path, "Downloads/auth.json"), text);
  return await meshauth(home, ["login", "file-import", file, "--json", ...args]);
}

describe.concurrent("forms that are taken", () => {
  test.each<[string, string, string | undefined]>([
    ["the map of strings", AUTH, undefined],
    ["T04: with CRLF", AUTH.replace("\n", "\r\n"), undefined],
    ["T04: with a byte-order mark, which is told", `\ufeff${AUTH}`, "byte-order mark"],
    [
      "a token record in camel case",
      JSON.stringify({
        id: "1",
        provider: "github",
        accessToken: made.access,
        refreshToken: made.refresh,
        isOauth: true,
      }),
      undefined,
    ],
    [
      "a token record in snake case",
      JSON.stringify({ id: "1", access_token: made.access, refresh_token: made.refresh, is_oauth: false }),
      undefined,
    ],
    [
      "a page with one record",
      JSON.stringify({
        page: 0,
        total_count: 1,
        tokens: [{ name: "x", access_token: made.access, refresh_token: made.refresh }],
      }),
      undefined,
    ],
    ["a bare token envelope", made.token, undefined],
    ["a bare JWT", `${made.access}\n`, undefined],
  ])("%s", async (_, text, told) => {
    const home = offlineHome();
    const outcome = await importText(home, text);
    expect(outcome.code, outcome.stderr).toBe(0);
    const stored = readAuth(home.authJson);
    expect(Object.keys(stored)).toEqual(["meshery-provider", "token"]);
    expect(stored["meshery-provider"]).toBe("Layer5");
    const inside = Buffer.from(stored["token"] ?? "", "base64").toString();
    expect(stored["token"] === made.access || inside.includes(made.access)).toBe(true);
    expect(modeOf(home.authJson)).toBe("0600");
    expect(readFileSync(home.authJson).at(0)).toBe(0x7b);
    expect(document(outcome)).toMatchObject({ provider: { id: "file-import", name: "Layer5" } });
    if (told !== undefined) expect(outcome.stderr).toContain(told);
    expect(leaksOf(outcome.stdout + outcome.stderr, SECRETS)).toEqual([]);
  });

  test("the file's own further members are kept, and the token is not re-encoded", async () => {
    const home = offlineHome();
    const outcome = await importText(
      home,
      authJson("Meshery", made.token, { note: "héé <&>", "z-last": "" }),
    );
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)).toEqual({
      "meshery-provider": "Meshery",
      token: made.token,
      note: "héé <&>",
      "z-last": "",
    });
  });

  test("a login replaces the whole file: members of the one before are gone", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", "", { old: "x" }));
    expect((await importText(home, AUTH)).code).toBe(0);
    expect(Object.keys(readAuth(home.authJson))).toEqual(["meshery-provider", "token"]);
  });

  test("a local one, of which 39 bytes are written", async () => {
    const home = offlineHome();
    const outcome = await importText(home, '{ "token": "", "meshery-provider": "None" }');
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe('{"meshery-provider":"None","token":""}\n');
  });

  test("--provider-name wins over the file's", async () => {
    const home = offlineHome();
    expect((await importText(home, AUTH, ["--provider-name", "Meshery"])).code).toBe(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Meshery");
  });

  test("the server says whose it is, and what it is called", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
    const outcome = await importText(home, simulator.cloud.apiToken());
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({
      provider: { id: "file-import", name: "Layer5" },
      account: { email: "mira.solberg@example.com" },
      verified: true,
    });
  });

  test("a token that the server does not accept: 5, and nothing is written", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
    const outcome = await importText(home, AUTH);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_DENIED", exitCode: 5 });
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("an expired one with a refresh token is taken; without one it needs --force", async () => {
    const home = offlineHome();
    expect((await importText(home, authJson("Layer5", madeUpToken({ expiresIn: -60 }).token))).code).toBe(0);
    const other = offlineHome();
    const dead = authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token);
    const refused = await importText(other, dead);
    expect(failureOf(refused)).toMatchObject({ code: "MESHAUTH_E_EXPIRED", exitCode: 4 });
    expect(existsSync(other.meshery)).toBe(false);
    expect((await importText(other, dead, ["--force"])).code).toBe(0);
  });
});

describe.concurrent("where the file is", () => {
  test.each<[string, (path: string) => string]>([
    ["a relative path", () => "Downloads/my auth.json"],
    ["~", () => "~/Downloads/my auth.json"],
    ["quotes of a drag and drop", (path) => `'${path}'`],
    ["backslashes of a drag and drop", (path) => path.replaceAll(" ", "\\ ")],
    ["file://", (path) => pathToFileURL(path).href],
  ])("%s", async (_, given) => {
    const home = offlineHome();
    const path = put(join(home.path, "Downloads/my auth.json"), AUTH);
    const outcome = await meshauth(home, ["login", "file-import", given(path)]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["token"]).toBe(made.token);
    expect(existsSync(path)).toBe(true);
  });

  test("- is standard input", async () => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "file-import", "-", "--json"], { input: AUTH });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["token"]).toBe(made.token);
  });

  test("-p file-import FILE: the word is the file, not a second provider", async () => {
    const home = offlineHome();
    const file = put(join(home.path, "a.json"), AUTH);
    const outcome = await meshauth(home, ["login", "-p", "file-import", file]);
    expect(outcome.code, outcome.stderr).toBe(0);
  });

  test("auth.json itself: nothing is lost", async () => {
    const home = offlineHome();
    put(home.authJson, AUTH);
    const outcome = await meshauth(home, [
      "login",
      "file-import",
      home.authJson,
      "--remove-source",
      "--json",
    ]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["token"]).toBe(made.token);
  });

  test("--remove-source deletes it once it is stored, and not before", async () => {
    const home = offlineHome();
    const bad = put(join(home.path, "bad.json"), "{");
    expect((await meshauth(home, ["login", "file-import", bad, "--remove-source"])).code).toBe(8);
    expect(existsSync(bad)).toBe(true);
    const good = put(join(home.path, "good.json"), AUTH);
    expect((await meshauth(home, ["login", "file-import", good, "--remove-source"])).code).toBe(0);
    expect(existsSync(good)).toBe(false);
  });
});

describe.concurrent("what is refused, with 8, a reason and no change", () => {
  const token = JSON.stringify(made.token);
  test.each<[string, string | Uint8Array, RegExp]>([
    ["nothing", "", /empty/],
    ["a web page", "<!DOCTYPE html><html></html>", /web page/],
    ["T03: half of it", AUTH.slice(0, 120), /cut off/],
    ["T03: text behind it", `${AUTH}S0tLS0tCg==`, /JSON|after|text/],
    ["T06: a key twice", `{"meshery-provider":"Layer5","token":"x","token":${token}}`, /token/],
    ["T07: null", '{"meshery-provider":"Layer5","token":null}', /token.*null/],
    ["T07: a number", '{"meshery-provider":"Layer5","token":7}', /token.*number/],
    [
      "T07: a boolean in another member",
      `{"meshery-provider":"Layer5","token":${token},"isOauth":true}`,
      /isOauth/,
    ],
    ["T07: an array at the top", "[]", /array/],
    ["T08: __proto__", `{"meshery-provider":"Layer5","token":${token},"__proto__":"x"}`, /__proto__/],
    [
      "T08: __proto__ with an object",
      `{"meshery-provider":"Layer5","token":${token},"__proto__":{"polluted":1}}`,
      /__proto__/,
    ],
    ["T09: 100,000 nested arrays", `{"token":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, /./],
    [
      "padded base64",
      authJson("Layer5", `${Buffer.from('{"access_token":"abcdefgh1"}').toString("base64")}`),
      /padded/,
    ],
    [
      "url-safe base64",
      authJson("Layer5", Buffer.from('{"access_token":"~~~???~~~"}').toString("base64url")),
      /URL-safe/,
    ],
    ["an empty token of a remote", authJson("Layer5", ""), /token/],
    [
      "a page with two records",
      JSON.stringify({ tokens: [{ accessToken: made.access }, { accessToken: made.access }] }),
      /2 tokens/,
    ],
    [
      "invalid UTF-8",
      Buffer.concat([Buffer.from('{"token":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      /UTF-8/,
    ],
    ["1 MiB and a byte", Buffer.alloc(1024 * 1024 + 1, 0x20), /1 MiB/],
  ])("%s", async (_, text, reason) => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const before = treeOf(home.meshery)["auth.json"];
    const outcome = await importText(home, text);
    const failure = failureOf(outcome);
    expect(failure).toMatchObject({ code: "MESHAUTH_E_IMPORT", exitCode: 8 });
    expect(`${failure.message} ${failure.cause}`).toMatch(reason);
    expect(treeOf(home.meshery)["auth.json"]).toBe(before);
    expect(leaksOf(outcome.stdout + outcome.stderr, SECRETS)).toEqual([]);
  });

  test.each([
    ["T11: a FIFO", (path: string) => void execFileSync("mkfifo", [path])],
    ["T11: a folder", (path: string) => void mkdirSync(path)],
    ["T11: a link to /dev/zero", (path: string) => symlinkSync("/dev/zero", path)],
    ["T10: 5 GB of nothing", (path: string) => void execFileSync("truncate", ["-s", "5G", path])],
    ["a link in a circle", (path: string) => symlinkSync(path, path)],
    ["nothing there", () => undefined],
  ])("%s", async (_, make) => {
    const home = offlineHome();
    const path = join(home.path, "source.json");
    make(path);
    expectFailure(await meshauth(home, ["login", "file-import", path]), 8, "MESHAUTH_E_IMPORT");
    expect(existsSync(home.meshery)).toBe(false);
  });

  test("T11: a socket", async () => {
    const home = offlineHome();
    const path = join(home.path, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    atEnd(() => void server.close());
    expectFailure(await meshauth(home, ["login", "file-import", path]), 8, "MESHAUTH_E_IMPORT");
  });

  test.each([
    ["an empty standard input", ""],
    ["more than 1 MiB of standard input", Buffer.alloc(2 * 1024 * 1024, 0x20)],
  ])("%s", async (_, input) => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "file-import", "-"], { input });
    expectFailure(outcome, 8, "MESHAUTH_E_IMPORT");
  });

  test("a name with control characters", async () => {
    const home = offlineHome();
    const failure = failureOf(await importText(home, authJson("Lay\u001b[31mer5", made.token)));
    expect(failure.exitCode).toBe(8);
    expect(JSON.stringify(failure)).not.toMatch(/\\u001b/);
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("standard input that nobody closes ends with the time limit", async () => {
    const home = offlineHome();
    const command = ["sh", "-c", 'sleep 20 | "$0" "$@"', process.execPath] as const;
    const { PROGRAM } = await import("../support/program.js");
    const started = Date.now();
    const run = meshauth(home, [PROGRAM, "login", "file-import", "-", "--timeout", "1s", "--json"], {
      command: ["timeout", "15", ...command],
    });
    // The shell waits for sleep, too: what counts is that the program has said so.
    const outcome = await run;
    expect(outcome.stdout).toContain("MESHAUTH_E_TIMEOUT");
    expect(Date.now() - started).toBeLessThan(40_000);
  });
});
