import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultName } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, modeOf, put, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { cloudHome, storeOf } from "../support/signed-in.js";
import { dataDir, linkProviders } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

interface Report {
  readonly outcome: string | null;
  readonly files: readonly {
    readonly contexts: readonly string[];
    readonly file: string;
    readonly provider: string | null;
    readonly outcome: string | null;
    readonly page: string | null;
    readonly message: string;
  }[];
  readonly warnings: readonly string[];
}

/** Logs out with `--json`; that must end well. */
async function logout(home: Home, args: readonly string[] = []): Promise<Report> {
  const outcome = await meshauth(home, ["logout", "--json", ...args]);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  return document(outcome) as Report;
}

function expectEmpty(file: string): void {
  expect(readFileSync(file, "utf8")).toBe("");
  expect(modeOf(file)).toBe("0600");
}

describe.concurrent("logout", () => {
  test("revokes, leaves zero bytes with mode 0600, and removes every copy of a token", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const first = await signIn(cloud.issueToken({ user: "tomas-okafor" }));
    const token = await signIn(cloud.issueToken());
    chmodSync(home.authJson, 0o644);
    expect(namesIn(dataDir(home)).join()).toContain("previous.json");
    const report = await logout(home);
    expect(report).toEqual({
      outcome: "revoked",
      files: [
        {
          contexts: [],
          file: home.authJson,
          provider: "Layer5",
          outcome: "revoked",
          page: null,
          message: expect.stringMatching(/./),
        },
      ],
      warnings: [],
    });
    expectEmpty(home.authJson);
    expect(cloud.isEnded(token)).toBe(true);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    const left = namesIn(dataDir(home)).filter((name) => /json$|refused|tmp/.test(name));
    expect(left).toEqual([]);
    expect(leaksOf(JSON.stringify(report), [token, first])).toEqual([]);
    expectFailure(await meshauth(home, ["token"]), 4, "MESHAUTH_E_NOT_AUTHENTICATED");
    expectFailure(await meshauth(home, ["restore"]), 4, "MESHAUTH_E_NO_PREVIOUS");
  });

  test("copies of damaged files go too", async () => {
    const { home, cloud, signIn } = await cloudHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token).slice(0, 300));
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect(namesIn(dataDir(home)).join()).toContain("damaged");
    await signIn(cloud.issueToken());
    await logout(home);
    expect(namesIn(dataDir(home)).join()).not.toContain("damaged");
  });

  test("tells people what became of it", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    const outcome = await meshauth(home, ["logout"]);
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toMatch(/^Signed out of Layer5: revoked\.\n/);
  });

  test("tells people that they are signed out here when it was not revoked", async () => {
    const { home, cloud, faults, signIn } = await cloudHome();
    faults.set("down");
    await signIn(cloud.issueToken());
    const outcome = await meshauth(home, ["logout"]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toMatch(
      /^Signed out of Layer5 on this machine; the token was not revoked \(failed\)\.\n/,
    );
  });

  test("a token that has ended for good: nothing is left to revoke, which --strict accepts", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(madeUpToken({ expiresIn: -60, refresh: false }).token);
    const { outcome, files } = await logout(home, ["--strict"]);
    expect(outcome).toBeNull();
    expect(files[0]).toMatchObject({ outcome: null, message: expect.stringContaining("had ended") });
    expectEmpty(home.authJson);
    expect(cloud.requests).toEqual([]);
  });

  test("a provider that ends the process: the next step is the same command without it, which empties the file", async () => {
    const home = offlineHome();
    const module = `export default { api: { major: 1, minor: 0 }, id: "acme", async login() {},
      async revoke() { process.exit(0); } };`;
    linkProviders(home, [{ id: "acme", module, entry: { serverNames: ["Acme"] } }]);
    put(home.authJson, authJson("Acme", madeUpToken().token));
    const failure = failureOf(await meshauth(home, ["logout", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_BROKEN", exitCode: 9 });
    expect(failure.next.at(-1)).toBe("MESHAUTH_SAFE_MODE=1 meshauth logout");
    expect(readFileSync(home.authJson, "utf8")).not.toBe("");
    const again = await meshauth(home, ["logout"], { env: { MESHAUTH_SAFE_MODE: "1" } });
    expect(again.code, again.stderr).toBe(0);
    expectEmpty(home.authJson);
  });

  test("an expired token is revoked as well: its refresh token is good for longer", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const token = await signIn(cloud.issueToken({ expired: true }));
    expect((await logout(home, ["--strict"])).outcome).toBe("revoked");
    expect([cloud.isEnded(token), cloud.refreshes()]).toEqual([true, 0]);
  });

  test("an API token is for its owner to delete: the page is named, and it does not count as strict", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.apiToken());
    const [file] = (await logout(home)).files;
    expect(file).toMatchObject({ outcome: "not-supported", page: `${cloud.url}/security/tokens` });
    expect(file?.message).toContain(`${cloud.url}/security/tokens`);
    expectEmpty(home.authJson);
    await signIn(cloud.apiToken());
    const failure = failureOf(await meshauth(home, ["logout", "--strict", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_NOT_REVOKED", exitCode: 5 });
    expect(failure.next.join()).toContain("/security/tokens");
    expectEmpty(home.authJson);
  });

  test.each<[FaultName, string, number, string]>([
    ["revoke-500", "failed", 7, "MESHAUTH_E_NETWORK"],
    ["down", "failed", 7, "MESHAUTH_E_NETWORK"],
    ["revoke-404", "not-supported", 5, "MESHAUTH_E_NOT_REVOKED"],
    ["cloud-html", "failed", 7, "MESHAUTH_E_NETWORK"],
  ])("%s: %s, but signed out here; --strict: %i", async (fault, expected, exit, code) => {
    const { home, cloud, faults, signIn } = await cloudHome();
    faults.set(fault);
    await signIn(cloud.issueToken());
    expect((await logout(home)).outcome).toBe(expected);
    expectEmpty(home.authJson);
    const token = await signIn(cloud.issueToken());
    const outcome = await meshauth(home, ["logout", "--strict"]);
    expectFailure(outcome, exit, code);
    expect(outcome.stderr).toContain("Signed out on this machine");
    expectEmpty(home.authJson);
    expect(cloud.isEnded(token)).toBe(false);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test.each([
    ["without an account", authJson("None", ""), "None"],
    ["nobody", "", null],
  ])("%s: 0 with --strict, and the file is empty", async (_, content, provider) => {
    const home = offlineHome();
    put(home.authJson, content);
    const report = await logout(home, ["--strict"]);
    expect(report).toMatchObject({ outcome: null, files: [{ provider, outcome: null, page: null }] });
    expectEmpty(home.authJson);
    expect((await meshauth(home, ["logout"])).code).toBe(0);
  });

  test("where there is no file: 0, and no token appears from nowhere", async () => {
    const home = offlineHome();
    expect((await logout(home, ["--strict"])).outcome).toBe(null);
    if (existsSync(home.authJson)) expectEmpty(home.authJson);
  });

  test("a damaged file: 8, and it stays for whoever can still read it", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token).slice(0, 300));
    const before = treeOf(home.meshery);
    expectFailure(await meshauth(home, ["logout"]), 8, "MESHAUTH_E_DAMAGED");
    const { ".": _, ...files } = treeOf(home.meshery);
    expect(files).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => name !== ".")));
  });

  test("MESHERY_API_TOKEN stays in force, which is said", async () => {
    const { home, cloud, signIn } = await cloudHome();
    await signIn(cloud.issueToken());
    const env = { MESHERY_API_TOKEN: cloud.apiToken() };
    const outcome = await meshauth(home, ["logout", "--json"], { env });
    expect(document(outcome)).toMatchObject({
      outcome: "revoked",
      warnings: [expect.stringContaining("MESHERY_API_TOKEN")],
    });
    expectEmpty(home.authJson);
  });

  test("no secret is told, with everything that can be made to talk", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const token = await signIn(cloud.issueToken());
    const env = { DEBUG: "*", NODE_DEBUG: "http,net,fs,undici,fetch" };
    const outcome = await meshauth(home, ["logout"], { env });
    expect(outcome.code).toBe(0);
    expect(leaksOf(outcome.stdout + outcome.stderr, [token])).toEqual([]);
  });
});

describe.concurrent("logout of several contexts", () => {
  async function threeContexts() {
    const parts = await cloudHome();
    const { home, cloud, signIn } = parts;
    const other = join(home.meshery, "other.json");
    putConfig(
      home,
      configText({
        one: { endpoint: NOWHERE },
        two: { endpoint: NOWHERE },
        three: { endpoint: NOWHERE, location: "other.json" },
      }),
    );
    const tokens = [
      await signIn(cloud.issueToken()),
      await signIn(cloud.issueToken(), { file: other }),
    ] as const;
    const revocations = () => cloud.requests.filter(({ path }) => path === "/revoke").length;
    return { ...parts, other, tokens, revocations };
  }

  test("those that share the file are signed out together, and it is revoked once", async () => {
    const { home, cloud, other, tokens, revocations } = await threeContexts();
    const { files } = await logout(home, ["--context", "two"]);
    expect(files.map(({ contexts }) => contexts)).toEqual([["two", "one"]]);
    expectEmpty(home.authJson);
    expect(revocations()).toBe(1);
    expect([cloud.isEnded(tokens[0]), cloud.isEnded(tokens[1])]).toEqual([true, false]);
    expect((await storeOf(home, other).read()).state).toBe("present");
  });

  test("--all: each file once", async () => {
    const { home, cloud, other, tokens, revocations } = await threeContexts();
    const { outcome, files } = await logout(home, ["--all"]);
    expect(outcome).toBe("revoked");
    expect(files.map(({ contexts, file }) => [contexts, file])).toEqual([
      [["one", "two"], home.authJson],
      [["three"], other],
    ]);
    for (const file of [home.authJson, other]) expectEmpty(file);
    expect(revocations()).toBe(2);
    expect(tokens.map((token) => cloud.isEnded(token))).toEqual([true, true]);
    expect(namesIn(home.meshery)).toEqual(["auth.json", "config.yaml", "other.json"]);
  });

  test("--all with one that is damaged: 8, and the others are signed out all the same", async () => {
    const { home, cloud, other, tokens } = await threeContexts();
    put(home.authJson, "{");
    const failed = await meshauth(home, ["logout", "--all"]);
    expectFailure(failed, 8, "MESHAUTH_E_DAMAGED");
    expect(failed.stderr).toMatch(/Cause: .* Signed out all the same: three\.\n/);
    expect(readFileSync(home.authJson, "utf8")).toBe("{");
    expectEmpty(other);
    expect(cloud.isEnded(tokens[1])).toBe(true);
  });

  test("--all: the worst outcome is the outcome", async () => {
    const { home, cloud, other, signIn } = await threeContexts();
    await signIn(cloud.apiToken(), { file: other });
    const { outcome, files } = await logout(home, ["--all"]);
    expect(outcome).toBe("not-supported");
    expect(files.map((file) => file.outcome)).toEqual(["revoked", "not-supported"]);
  });
});
