import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { callbackOf, freed } from "../support/login.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth, startMeshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { dataDir, linkProviders, moduleWith } from "../support/third-party.js";
import {
  cloudHome,
  complete,
  endWithTests,
  expectNothingLeft,
  keepersOf,
  pendingDir,
  type Started,
  start,
} from "../support/two-step.js";
import { pause, until } from "../support/wait.js";

describe.concurrent("a login that is started", { timeout: 120_000 }, () => {
  test("starts with one document and leaves, and is completed by the command in it", async () => {
    const { home, server } = await cloudHome();
    const before = Date.now();
    const started = await start(home);
    const members = ["code", "complete", "expiresAt", "link", "provider", "ticket"];
    expect(Object.keys(started).sort()).toEqual(members);
    expect(started.ticket).toMatch(/^[0-9a-z]{6}-[\w-]{32}$/);
    expect(started.complete).toBe(`meshauth login --complete ${started.ticket} --json`);
    expect(started.provider).toEqual({
      id: "layer5",
      package: "@meshauth/provider-layer5",
      version: expect.stringMatching(/^\d/),
    });
    const left = Date.parse(started.expiresAt) - before;
    expect(left).toBeGreaterThan(299_000);
    expect(left).toBeLessThan(330_000);
    expect(existsSync(home.authJson)).toBe(false);

    const pending = failureOf(await complete(home, started));
    expect(pending).toMatchObject({ code: "MESHAUTH_E_PENDING", exitCode: 6 });
    expect(pending.next[0]).toBe(`meshauth login --complete ${started.ticket} --json`);

    expect(await visitLogin(started.link)).toMatchObject({ status: 200 });
    const done = await complete(home, started);
    expect(done, done.stdout).toMatchObject({ code: 0, stderr: "" });
    expect(document(done)).toMatchObject({
      provider: { id: "layer5", name: "Layer5" },
      verified: true,
      server: server.url,
      file: home.authJson,
    });
    const { token = "" } = readAuth(home.authJson);
    await freed(Number(callbackOf(started.link).port));
    await expectNothingLeft(home);
    const again = failureOf(await complete(home, started));
    expect(again).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
    expect(readAuth(home.authJson)["token"]).toBe(token);
  });

  test("for people, in lines on standard error", async () => {
    const { home } = await cloudHome();
    const started = await meshauth(home, ["login", "layer5", "--start"]);
    expect(started).toMatchObject({ code: 0, stdout: "" });
    const [link = ""] = /^http:\S+$/m.exec(started.stderr) ?? [];
    // What the address holds: A26.
    expect(started.stderr).toMatch(
      /last page does not load.*\nThe address holds the token: .*not into a chat/,
    );
    const [, ticket = ""] = /^ {2}meshauth login --complete (\S+)$/m.exec(started.stderr) ?? [];
    expectFailure(await meshauth(home, ["login", "--complete", ticket]), 6, "MESHAUTH_E_PENDING");
    await visitLogin(link);
    const done = await meshauth(home, ["login", "layer5", `--complete=${ticket}`]);
    expect(done).toMatchObject({ code: 0, stdout: "" });
    expect(done.stderr).toMatch(/^Signed in with Layer5 as .+\.$/m);
    await expectNothingLeft(home);
  });

  test("is allowed in CI, and needs no opener", async () => {
    const { home } = await cloudHome();
    const started = await start(home, [], { env: { CI: "true", MESHAUTH_BROWSER: "/nonexistent" } });
    await visitLogin(started.link);
    expect(await complete(home, started, [], { env: { CI: "true" } })).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test("works in a home whose path is too long for a socket", async () => {
    const { server } = await simulated();
    const short = offlineHome();
    const path = join(short.path, "d".repeat(60), "e".repeat(60));
    put(join(path, "x"), "");
    const home = offlineHome({ HOME: path, MESHERY_SERVER_URL: server.url });
    const started = await start(home);
    await visitLogin(started.link);
    expect(await complete(home, started)).toMatchObject({ code: 0 });
  });

  test.each([
    [["--start", "--token-stdin"]],
    [["--start", "--paste"]],
    [["--complete", "1xxxxx-abcdefghijklmnopqrstuvwxyzabcdef", "--start"]],
  ])("%s is a usage error", async (args) => {
    const home = offlineHome();
    const failure = failureOf(await meshauth(home, ["login", "layer5", ...args, "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(existsSync(dataDir(home))).toBe(false);
  });

  test.each([["--start"], ["--complete", "1xxxxx-abcdefghijklmnopqrstuvwxyzabcdef"]])(
    "a provider without a browser has no login in two steps: %s",
    async (...args) => {
      const failure = failureOf(await meshauth(offlineHome(), ["login", "none", ...args, "--json"]));
      expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
      expect(failure.message).toContain("two steps");
    },
  );

  test("a failure before there is a link is told by the start, and nothing is left", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const { port } = callbackOf(started.link);
    const outcome = await meshauth(home, ["login", "layer5", "--start", "--port", port, "--json"]);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_PORT_IN_USE", exitCode: 7 });
    expect(readdirSync(pendingDir(home))).toHaveLength(1);
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });

  test("a provider that ends the process, prints or needs no browser", async () => {
    const home = offlineHome();
    const entry = { flows: ["browser"] };
    linkProviders(home, [
      { id: "exits", module: moduleWith("exits", "process.exit(0);"), entry },
      { id: "asks", module: moduleWith("asks", 'await host.confirm({ message: "Really?" });'), entry },
      {
        id: "instant",
        module: moduleWith("instant", 'console.log("x"); return { kind: "local", serverName: "None" };'),
        entry,
      },
    ]);
    const exits = await meshauth(home, ["login", "exits", "--start", "--json"]);
    expect(failureOf(exits)).toMatchObject({
      code: "MESHAUTH_E_UNEXPECTED",
      next: ["meshauth login exits --no-browser"],
    });
    const asks = await meshauth(home, ["login", "asks", "--start", "--json"]);
    expect(failureOf(asks)).toMatchObject({
      code: "MESHAUTH_E_INTERACTION",
      exitCode: 10,
      next: ["meshauth login asks --help", "meshauth login asks"],
    });
    await expectNothingLeft(home);
    const instant = document(await meshauth(home, ["login", "instant", "--start", "--json"])) as Started;
    expect(instant.link).toBeNull();
    expect(await complete(home, instant)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test.each([
    ["SIGKILL", 0],
    ["SIGKILL", 1_000],
    ["SIGINT", 0],
    ["SIGINT", 1_000],
    ["SIGTERM", 1_000],
    ["SIGHUP", 1_000],
  ] as const)("a start that waits for the link leaves nothing after %s, %i ms on", async (signal, wait) => {
    const home = offlineHome();
    endWithTests(home);
    const entry = { flows: ["browser"] };
    const waits = "await new Promise((resolve) => setTimeout(resolve, 60_000));";
    linkProviders(home, [{ id: "slow", module: moduleWith("slow", waits), entry }]);
    const running = startMeshauth(home, ["login", "slow", "--start", "--json"]);
    await until(
      () => keepersOf(home).length === 1,
      60_000,
      () => "It was not started.",
    );
    await pause(wait);
    running.kill(signal);
    const outcome = await running.outcome;
    if (signal === "SIGKILL") expect(outcome).toMatchObject({ code: null, stdout: "" });
    else expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_INTERRUPTED", exitCode: 130 });
    await expectNothingLeft(home);
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("what a killed process left is swept by the next login of any kind, once its time is up", async () => {
    const home = offlineHome();
    const old = join(pendingDir(home), "0".repeat(32));
    const fresh = join(pendingDir(home), "1".repeat(32));
    const record = (expiresAt: number) =>
      JSON.stringify({ version: 1, input: {}, provider: {}, expiresAt: new Date(expiresAt).toISOString() });
    put(join(old, "login.json"), record(Date.now() - 120_000));
    put(join(fresh, "login.json"), record(Date.now() + 60_000));
    put(join(pendingDir(home), "other"), "");
    expect(await meshauth(home, ["login", "none"])).toMatchObject({ code: 0 });
    expect(readdirSync(pendingDir(home)).sort()).toEqual(["1".repeat(32), "other"]);
  });

  test("a named browser that is not there opens nothing, and the link is printed", async () => {
    const { home } = await cloudHome();
    const env = { MESHAUTH_BROWSER: "/nonexistent/browser" };
    const login = await meshauth(home, ["login", "layer5", "--json", "--timeout", "2s"], { env });
    expect(failureOf(login)).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
    expect(login.stderr).toContain("MESHAUTH_BROWSER names /nonexistent/browser, which is not there.");
    const explained = await meshauth(home, ["login", "layer5", "--explain", "--json"], { env });
    expect(explained.stdout).toContain("MESHAUTH_BROWSER names /nonexistent/browser, which is not there.");
    expect(document(explained)).toMatchObject({ chosen: "link" });
  });
});
