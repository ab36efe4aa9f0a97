import type { FaultName } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";

import { configText, put, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome, plainHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { linkProviders } from "../support/third-party.js";
import { authJson, madeUpToken } from "../support/tokens.js";

const IDS = [
  "config.readable",
  "config.context",
  "credential.location",
  "credential.exists",
  "credential.mode",
  "credential.shape",
  "credential.token",
  "credential.expiry",
  "provider.installed",
  "server.reachable",
  "server.version",
  "server.provider-known",
  "server.accepts",
  "provider.reachable",
  "account",
];

interface Check {
  readonly id: string;
  readonly result: "pass" | "warn" | "fail" | "skip";
  readonly message: string;
  readonly next: string | null;
}

/** Runs `check --json` and checks what holds for every document. */
async function checked(home: Home, args: readonly string[] = [], env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["check", "--json", ...args], { env });
  const report = document(outcome) as { ok: boolean; checks: Check[] };
  expect(Object.keys(report).sort()).toEqual(["checks", "ok"]);
  expect(report.checks.map(({ id }) => id)).toEqual(IDS);
  for (const check of report.checks) {
    expect(Object.keys(check).sort()).toEqual(["id", "message", "next", "result"]);
    expect(check.message).toMatch(/^[^\n\u001b]+[.?]$/);
    if (check.result === "pass") expect(check.next, check.id).toBeNull();
    if (check.result === "fail" || check.result === "warn") expect(check.next, check.id).toMatch(/./);
  }
  const failed = report.checks.filter(({ result }) => result === "fail");
  expect(report.ok).toBe(failed.length === 0);
  expect(outcome.code === 0).toBe(report.ok);
  const results = Object.fromEntries(report.checks.map(({ id, result }) => [id, result]));
  return { ...outcome, ...report, results, first: failed[0]?.id };
}

const everything = (result: string) => Object.fromEntries(IDS.map((id) => [id, result]));

describe.concurrent("all is well", () => {
  test.each(["2021", "2024", "2026-04", "2026-06"] as const)("with a server of %s", async (era) => {
    const { cloud, server, remoteName } = await simulated({ era });
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson(remoteName, cloud.issueToken()));
    const check = await checked(home);
    expect(check.results).toEqual(everything("pass"));
    expect(check.code).toBe(0);
    expect(cloud.refreshes()).toBe(0);
  });

  test("without an account", async () => {
    const { server, cloud } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Local", ""));
    const check = await checked(home);
    expect(check.code, check.stdout).toBe(0);
    expect(check.results).toMatchObject({ "server.accepts": "pass", "server.provider-known": "pass" });
    expect(Object.values(check.results)).not.toContain("warn");
    expect(cloud.requests).toEqual([]);
  });

  test("for people: a line for each check and a summary, on standard output", async () => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("None", ""));
    const { code, stdout, stderr } = await meshauth(home, ["check"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const id of IDS) expect(stdout).toContain(id);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/15|passed/);
  });

  test("an API token in the environment", async () => {
    const { server, cloud } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    const env = { MESHERY_API_TOKEN: cloud.apiToken(), MESHERY_PROVIDER: "Layer5" };
    const check = await checked(home, [], env);
    expect(check.code, check.stdout).toBe(0);
    expect(check.results).toMatchObject({ "server.accepts": "pass", account: "pass" });
    const exists = check.checks.find(({ id }) => id === "credential.exists");
    expect(exists?.message).toContain("MESHERY_API_TOKEN");
  });

  test("no server configured: if none is there, its checks are skipped, and nothing fails", async () => {
    const home = plainHome();
    put(home.authJson, authJson("None", ""));
    // A Meshery Server may well run on the machine that tests this.
    const isThere = await fetch("http://localhost:9081/api/providers", {
      signal: AbortSignal.timeout(5_000),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    const check = await checked(home);
    expect(check.code, check.stdout).toBe(0);
    const result = isThere ? "pass" : "skip";
    expect(check.results).toMatchObject({ "server.reachable": result, "server.accepts": result });
  });
});

describe.concurrent("nobody is signed in", () => {
  test.each([
    ["no file", undefined],
    ["an empty file", ""],
  ])("%s: 4, and what depends on it is skipped", async (_, content) => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    if (content !== undefined) put(home.authJson, content);
    const check = await checked(home);
    expect(check).toMatchObject({ code: 4, first: "credential.exists" });
    expect(check.results).toMatchObject({
      "credential.shape": "skip",
      "credential.token": "skip",
      "credential.expiry": "skip",
      "server.reachable": "pass",
      "server.version": "pass",
      "server.provider-known": "skip",
      "server.accepts": "skip",
      account: "skip",
    });
  });
});

describe.concurrent("the file", () => {
  test.each([
    ["half a file", authJson("Layer5", madeUpToken().token).slice(0, 100)],
    ["a web page", "<html></html>"],
    ["an error", '{"error":"no"}'],
    ["a number", '{"meshery-provider":"Layer5","token":1}'],
    ["T04: a byte-order mark, which mesheryctl refuses", `\ufeff${authJson("None", "")}`],
  ])("%s: 8", async (_, content) => {
    const home = offlineHome();
    put(home.authJson, content);
    const check = await checked(home);
    expect(check).toMatchObject({ code: 8, first: "credential.shape" });
    expect(check.results).toMatchObject({ "credential.exists": "pass", "credential.token": "skip" });
  });

  test("T12: open to others is a warning with the command that mends it", async () => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("None", ""), 0o644);
    const check = await checked(home);
    expect(check.code).toBe(0);
    expect(check.checks.find(({ id }) => id === "credential.mode")).toMatchObject({
      result: "warn",
      next: `chmod 600 ${home.authJson}`,
    });
  });

  test("the key is there twice: a warning", async () => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, '{"meshery-provider":"None","token":"","token":""}');
    const check = await checked(home);
    expect(check.results["credential.shape"]).toBe("warn");
  });

  test("an expired token that cannot be renewed: 4", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token));
    expect(await checked(home)).toMatchObject({ code: 4, first: "credential.expiry" });
  });

  test("an expired token that can be renewed is not shown to the server, which would renew it", async () => {
    const { server, cloud } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Layer5", cloud.issueToken({ expired: true })));
    const check = await checked(home);
    expect(check.results).toMatchObject({ "credential.expiry": "warn", "server.accepts": "skip" });
    expect([check.code, cloud.refreshes()]).toEqual([0, 0]);
    const people = await meshauth(home, ["check"]);
    expect(people.stdout).toMatch(/^It works, with 1 warning: /m);
  });

  test("the server's clock decides about the expiry", async () => {
    const { server, cloud } = await simulated({ now: () => new Date(Date.now() + 2 * 3_600_000) });
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    // By this machine's clock it is good for another hour.
    put(home.authJson, authJson("Layer5", madeUpToken({ refresh: false }).token));
    const check = await checked(home);
    expect(check.results["credential.expiry"]).toBe("fail");
    expect(cloud.refreshes()).toBe(0);
  });

  test("a token with no readable form: 8", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", "%%%"));
    expect(await checked(home)).toMatchObject({ code: 8, first: "credential.token" });
  });

  test("no token for a remote: 4", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", ""));
    expect(await checked(home)).toMatchObject({ code: 4, first: "credential.token" });
  });
});

describe.concurrent("the config", () => {
  test("no YAML: 8, and the checks of the credential are skipped", async () => {
    const home = offlineHome();
    putConfig(home, "contexts: [\n");
    const check = await checked(home);
    expect(check).toMatchObject({ code: 8, first: "config.readable" });
    expect(check.results).toMatchObject({ "config.context": "skip", "credential.exists": "skip" });
  });

  test("a context that was typed and is not there: 2", async () => {
    const home = offlineHome();
    putConfig(home, configText({ a: { endpoint: NOWHERE } }));
    const check = await checked(home, ["--context", "nope"]);
    expect(check).toMatchObject({ code: 2, first: "config.context" });
    expect(check.results["config.readable"]).toBe("pass");
  });

  test("a current context that is not there: 8", async () => {
    const home = offlineHome();
    putConfig(
      home,
      configText({ a: { endpoint: NOWHERE } }).replace("current-context: a", "current-context: b"),
    );
    const check = await checked(home);
    expect(check.code).toBe(8);
    expect(["config.readable", "config.context"]).toContain(check.first);
  });

  test("mesheryctl would read another file than it writes: a warning that names both", async () => {
    const home = offlineHome();
    putConfig(home, configText({ a: { endpoint: NOWHERE, location: "~/away.json" } }));
    const check = await checked(home);
    const location = check.checks.find(({ id }) => id === "credential.location");
    expect(location?.result).toBe("warn");
    expect(location?.message).toContain(`${home.path}/away.json`);
    expect(location?.message).toContain(`${home.meshery}/~/away.json`);
  });
});

describe.concurrent("the server", () => {
  test("is down: 7, and what needs it is skipped", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const check = await checked(home);
    expect(check).toMatchObject({ code: 7, first: "server.reachable" });
    expect(check.results).toMatchObject({
      "server.version": "skip",
      "server.provider-known": "skip",
      "server.accepts": "skip",
    });
  });

  test.each(["200-html", "200-empty", "500-text", "close-connection", "slow"] as const)(
    "%s: not a Meshery Server: 7",
    async (fault) => {
      const simulator = await simulated();
      simulator.faults.set(fault);
      const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
      put(home.authJson, authJson("None", ""));
      expect(await checked(home)).toMatchObject({ code: 7, first: "server.reachable" });
    },
  );

  test.each<[FaultName, number]>([
    ["token-html", 7],
    ["token-empty", 7],
    ["token-json-error", 7],
    ["token-blank", 7],
    ["redirect-provider", 4],
    ["redirect-auth-login", 4],
    ["redirect-login", 4],
    ["redirect-foreign", 7],
    ["503", 7],
    ["401-json", 4],
    ["404-empty", 7],
  ])("%s does not pass for acceptance: %i", async (fault, exit) => {
    const { cloud, faults, server } = await simulated();
    faults.set(fault);
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Layer5", cloud.issueToken()));
    const check = await checked(home);
    expect(check).toMatchObject({ code: exit, first: "server.accepts" });
  });

  test("does not know the name (older servers match it exactly): 4", async () => {
    const { cloud, server } = await simulated({ era: "2024" });
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Layer5", cloud.issueToken()));
    const check = await checked(home);
    expect(check).toMatchObject({ code: 4, first: "server.provider-known" });
    const known = check.checks.find(({ id }) => id === "server.provider-known");
    expect(known?.message).toContain("Meshery");
  });

  test("does not accept a token that was revoked: 4", async () => {
    const { cloud, server } = await simulated();
    const token = cloud.issueToken();
    cloud.revoke(token);
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Layer5", token));
    const check = await checked(home);
    expect(check).toMatchObject({ code: 4, first: "server.accepts" });
    expect(check.results["account"]).toBe("fail");
  });

  test("T07: a name with escape codes in the file reaches the terminal without them", async () => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("\u001b[31mLayer5\u0007", madeUpToken().token));
    const { stdout } = await meshauth(home, ["check"]);
    expect(stdout).not.toMatch(/[\u0007\u001b]/);
  });
});

describe.concurrent("the provider", () => {
  test("is not installed, and no server lists it: 9", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Elsewhere", madeUpToken().token));
    const check = await checked(home);
    expect(check).toMatchObject({ code: 9, first: "provider.installed" });
    expect(check.results).toMatchObject({ "provider.reachable": "skip", account: "skip" });
  });

  test("cannot be reached: 7", async () => {
    const { server, cloud, faults } = await simulated();
    faults.set("down");
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    put(home.authJson, authJson("Layer5", cloud.issueToken()));
    const check = await checked(home);
    expect(check.code).toBe(7);
    expect(check.results["provider.reachable"]).toBe("fail");
  });

  test("a plugin that cannot be used is a warning", async () => {
    const { server } = await simulated();
    const home = offlineHome({ MESHERY_SERVER_URL: server.url });
    linkProviders(home, [{ id: "broken", module: "", entry: { id: "Not An Id" } }]);
    put(home.authJson, authJson("None", ""));
    const check = await checked(home);
    expect(check.code).toBe(0);
    expect(check.results["provider.installed"]).toBe("warn");
  });
});
