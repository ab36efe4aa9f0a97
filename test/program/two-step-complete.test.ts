import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, put, putConfig, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth, PROGRAM, startMeshauth } from "../support/program.js";
import { start as startProgram } from "../support/running.js";
import { dataDir, linkProviders, moduleWith } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import {
  cloudHome,
  complete,
  endWithTests,
  expectNothingLeft,
  pendingDir,
  pendingFolder,
  processesOf,
  type Started,
  start,
  startCompletion,
} from "../support/two-step.js";
import { pause, until } from "../support/wait.js";

describe.concurrent("a login that is completed", { timeout: 120_000 }, () => {
  test("with --timeout the completion waits for the sign-in, and says so once", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const early = await complete(home, started, ["--timeout", "1s"]);
    expect(failureOf(early).code).toBe("MESHAUTH_E_PENDING");
    expect(early.stderr).toBe("Waiting for the sign-in: 0:01 left.\n");
    const waiting = startCompletion(home, started, ["--timeout", "50s"]);
    await waiting.seen(/^Waiting for the sign-in: 0:\d\d left\.$/m);
    await visitLogin(started.link);
    const done = await waiting.outcome;
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Waiting.+\n$/) });
    expect(document(done)).toMatchObject({ verified: true });
    await expectNothingLeft(home);
  });

  test("a completion that waits is left with 130, and the login goes on", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const waiting = startMeshauth(home, ["login", "--complete", started.ticket, "--timeout", "50s"]);
    await waiting.seen(/^Waiting for the sign-in/);
    waiting.kill("SIGINT");
    expect(await waiting.outcome).toMatchObject({ code: 130, stdout: "" });
    await visitLogin(started.link);
    expect(await complete(home, started)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test("takes the final address from standard input, and a wrong one ends nothing", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const { callback = "" } = await visitLogin(started.link, { stay: true });
    const wrong = failureOf(await complete(home, started, [], { input: "http://localhost:1/elsewhere\n" }));
    const command = `meshauth login --complete ${started.ticket} --json`;
    // What the address holds: A26.
    const care = expect.stringMatching(/^FILE: .*holds the token: .*not into a chat, and delete the file/);
    expect(wrong).toMatchObject({
      code: "MESHAUTH_E_IMPORT",
      exitCode: 8,
      next: [`${command} < FILE`, care],
    });
    const pending = failureOf(await complete(home, started, [], { input: "" }));
    expect(pending.code).toBe("MESHAUTH_E_PENDING");
    expect(pending.next).toEqual([command, `${command} < FILE`, care]);
    const done = await complete(home, started, [], { input: `\n  ${callback}\n` });
    expect(done, done.stdout).toMatchObject({ code: 0 });
    expect(leaksOf(done.stdout, [readAuth(home.authJson)["token"] ?? ""])).toEqual([]);
    await expectNothingLeft(home);
  });

  test("takes a token from standard input", async () => {
    const { home, cloud } = await cloudHome();
    const started = await start(home, ["--skip-verify", "--provider-url", cloud.url]);
    const { token } = madeUpToken();
    expect(await complete(home, started, [], { input: token })).toMatchObject({ code: 0 });
    expect(readAuth(home.authJson)["token"]).toBe(token);
    await expectNothingLeft(home);
  });

  test("of three completions at once exactly one wins", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    await visitLogin(started.link);
    const outcomes = await Promise.all([1, 2, 3].map(() => complete(home, started)));
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 2, 2]);
    for (const outcome of outcomes) {
      if (outcome.code === 2) expect(failureOf(outcome).code).toBe("MESHAUTH_E_TICKET");
    }
    await expectNothingLeft(home);
  });

  test("another account is not replaced without --force, and the login is not lost", async () => {
    const { home } = await cloudHome();
    const { token } = madeUpToken({ subject: "someone-else" });
    put(home.authJson, authJson("Layer5", token));
    const started = await start(home);
    await visitLogin(started.link);
    const refused = failureOf(await complete(home, started));
    expect(refused).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expect(refused.next).toContain(`meshauth login --complete ${started.ticket} --json --force`);
    const wrong = failureOf(await complete(home, started, ["--expect-account", "nobody@example.com"]));
    expect(wrong).toMatchObject({ code: "MESHAUTH_E_WRONG_ACCOUNT", exitCode: 5 });
    expect(wrong.next).toEqual([
      `meshauth login --complete ${started.ticket} --expect-account ACCOUNT --json`,
      "meshauth login layer5 --start --json",
    ]);
    expect(readAuth(home.authJson)["token"]).toBe(token);
    expect(await complete(home, started, ["--force"])).toMatchObject({ code: 0 });
    expect(readAuth(home.authJson)["token"]).not.toBe(token);
    await expectNothingLeft(home);
  });

  test("--force and --expect-account of the start hold for the completion", async () => {
    const { home } = await cloudHome();
    put(home.authJson, authJson("Layer5", madeUpToken({ subject: "someone-else" }).token));
    const forced = await start(home, ["--force"]);
    await visitLogin(forced.link);
    expect(await complete(home, forced)).toMatchObject({ code: 0 });
    const expecting = await start(home, ["--expect-account", "nobody@example.com"]);
    await visitLogin(expecting.link);
    expect(failureOf(await complete(home, expecting)).code).toBe("MESHAUTH_E_WRONG_ACCOUNT");
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });

  test("the target is the one of the start, whatever the context and the folder are by then", async () => {
    const { home, server } = await cloudHome();
    const contexts = {
      first: { endpoint: server.url, location: "first.json" },
      second: { endpoint: server.url, location: "second.json" },
    };
    const config = putConfig(home, configText(contexts));
    const started = await start(home, ["--config", "config.yaml", "--context", "second"], {
      cwd: home.meshery,
    });
    expect(started.complete).toContain(` --config ${config} --context second --json`);
    await visitLogin(started.link);
    const bareCommand = ["login", "--complete", started.ticket, "--json"];
    const other = failureOf(await meshauth(home, [...bareCommand, "--context", "first"]));
    expect(other).toMatchObject({
      code: "MESHAUTH_E_USAGE",
      exitCode: 2,
      message: `This ticket is for ${join(home.meshery, "second.json")}.`,
      next: [
        `meshauth login --complete ${started.ticket} --config ${config} --context second --json`,
        "meshauth login layer5 --start --json --context first",
      ],
    });
    // Without flags only the file can have changed.
    const text = readFileSync(config, "utf8");
    writeFileSync(config, text.replaceAll("second.json", "third.json"));
    expect(failureOf(await meshauth(home, bareCommand))).toMatchObject({
      code: "MESHAUTH_E_USAGE",
      next: ["meshauth login layer5 --start --json"],
    });
    writeFileSync(config, text);
    const bare = await meshauth(home, bareCommand);
    expect(document(bare)).toMatchObject({ context: "second", file: join(home.meshery, "second.json") });
    await expectNothingLeft(home);
  });

  test("a sign-in that was refused is told once", async () => {
    const { home, faults } = await cloudHome();
    const started = await start(home);
    faults.set("login-error");
    await visitLogin(started.link);
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_DENIED",
      exitCode: 5,
      next: ["meshauth login layer5 --start --json"],
    });
    await expectNothingLeft(home);
    expect(failureOf(await complete(home, started)).code).toBe("MESHAUTH_E_TICKET");
  });

  test("a completion that is killed, or ends without success, gives the login back", async () => {
    const { home, faults } = await cloudHome();
    const started = await start(home);
    await visitLogin(started.link);
    const refused = await complete(home, started, ["--expect-account", "nobody@example.com"]);
    expect(failureOf(refused).code).toBe("MESHAUTH_E_WRONG_ACCOUNT");
    faults.set("profile-slow");
    const hanging = startMeshauth(home, ["login", "--complete", started.ticket]);
    await until(
      () => faults.active().length === 1 && processesOf(home).length === 2,
      15_000,
      () => "It was not started.",
    );
    await pause(2_500);
    hanging.kill("SIGKILL");
    await hanging.outcome;
    faults.clear();
    const done = await complete(home, started);
    expect(done, done.stdout).toMatchObject({ code: 0 });
    expect(document(done)).toMatchObject({ verified: true });
    await expectNothingLeft(home);
  });

  test("two logins at once do not take each other's outcome", async () => {
    const { home } = await cloudHome();
    const [a, b] = await Promise.all([start(home), start(home)]);
    if (!a || !b) throw new Error("unreachable");
    expect(a.ticket).not.toBe(b.ticket);
    await visitLogin(b.link);
    expect(failureOf(await complete(home, a)).code).toBe("MESHAUTH_E_PENDING");
    expect(await complete(home, b)).toMatchObject({ code: 0 });
    await visitLogin(a.link);
    expect(await complete(home, a)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test("a completion takes no flag that belongs to the start", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const typed = ["login", "layer5", "--complete", started.ticket];
    expect(failureOf(await meshauth(home, [...typed, "--port", "1234", "--json"]))).toMatchObject({
      code: "MESHAUTH_E_USAGE",
      exitCode: 2,
      message: "--complete does not take --port.",
      next: [
        `meshauth login --complete ${started.ticket} --json`,
        "meshauth login layer5 --start --port 1234 --json",
      ],
    });
    // Nor would the start.
    const paste = await meshauth(home, [...typed, "--paste"]);
    expectFailure(paste, 2, "MESHAUTH_E_USAGE");
    expect(paste.stderr).toContain("--complete does not take --paste.");
    expect(paste.stderr).not.toContain("--start");
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });

  test("a ticket is for one provider, and for one package's", async () => {
    const home = offlineHome();
    endWithTests(home);
    const entry = { flows: ["browser"] };
    const module = moduleWith("acme", 'return { kind: "local", serverName: "None" };');
    linkProviders(home, [{ id: "acme", module, entry }]);
    const started = document(await meshauth(home, ["login", "acme", "--start", "--json"])) as Started;
    const command = ["login", "layer5", "--complete", started.ticket, "--json"];
    expect(failureOf(await meshauth(home, command))).toMatchObject({
      code: "MESHAUTH_E_USAGE",
      exitCode: 2,
      next: [`meshauth login --complete ${started.ticket} --json`],
    });
    const record = join(pendingFolder(home), "login.json");
    const text = readFileSync(record, "utf8");
    writeFileSync(record, text.replace('"package":"acme-package"', '"package":"another-package"'));
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_PROVIDER_MISSING",
      exitCode: 9,
      message: "The provider acme of another-package is not installed.",
    });
    writeFileSync(record, text);
    expect(await complete(home, started)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test.each(["nonsense", "zzzzzz-abcdefghijklmnopqrstuvwxyzabcdef", "../../etc", "-c"])(
    "a ticket %j is none",
    async (ticket) => {
      const home = offlineHome();
      const outcome = await meshauth(home, ["login", `--complete=${ticket}`, "--json"]);
      expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
      expect(existsSync(dataDir(home))).toBe(false);
    },
  );

  test.each([[["--complete"]], [["--complete="]], [["--complete", "--json"]]])(
    "%s without a ticket is a usage error",
    async (args) => {
      const home = offlineHome();
      const outcome = await meshauth(home, ["login", "--json", ...args]);
      expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
      expect(existsSync(dataDir(home))).toBe(false);
    },
  );

  test("a standard input that drips ends in time", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const drip = 'for i in $(seq 100); do printf x; sleep 0.3; done | exec "$0" "$@"';
    const outcome = await meshauth(
      home,
      ["login", "--complete", started.ticket, "--timeout", "2s", "--json"],
      { command: ["bash", "-c", drip, process.execPath, PROGRAM] },
    );
    const failure = failureOf(outcome);
    expect(failure).toMatchObject({ code: "MESHAUTH_E_IMPORT", exitCode: 8 });
    expect(failure.cause).toContain("did not end in time");
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });
});

describe("a login that is completed, one test after the other", { timeout: 120_000 }, () => {
  test("a pipe on standard input that nobody writes to does not stop it", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const waiting = startProgram(home, ["login", "--complete", started.ticket], { stdin: "open" });
    expectFailure(await waiting.end(), 6, "MESHAUTH_E_PENDING");
    const closed = startProgram(home, ["login", "--complete", started.ticket], { stdin: "closed" });
    expectFailure(await closed.end(), 6, "MESHAUTH_E_PENDING");
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });
});
