import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type SimulatorOptions, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, modeOf, put, putConfig, readAuth } from "../support/files.js";
import { callbackOf, freed, isListening } from "../support/login.js";
import { offlineHome } from "../support/offline.js";
import {
  document,
  type Home,
  meshauth,
  PROGRAM,
  type RunOptions,
  startMeshauth,
} from "../support/program.js";
import { start as startProgram } from "../support/running.js";
import { storeOf } from "../support/signed-in.js";
import { simulated } from "../support/simulated.js";
import { dataDir, linkProviders, moduleWith } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { pause, until } from "../support/wait.js";

/** The document of `--start`. */
interface Started {
  readonly ticket: string;
  readonly link: string;
  readonly expiresAt: string;
  readonly complete: string;
  readonly provider: Readonly<Record<string, string>>;
}

/** The processes that were started below a home, by what they have in their environment. */
function processesOf(home: Home): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => environment(pid).includes(`HOME=${home.path}`))
    .map(Number);
}

function environment(pid: string | number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** Those of them that wait for a sign-in. */
function keepersOf(home: Home): number[] {
  return processesOf(home).filter((pid) =>
    environment(pid).some((line) => line.startsWith("MESHAUTH_PENDING_LOGIN=")),
  );
}

const pendingDir = (home: Home): string => join(dataDir(home), "pending");

/** Nothing is left of any pending login. */
async function expectNothingLeft(home: Home): Promise<void> {
  await until(
    () => processesOf(home).length === 0 && !existsSync(pendingDir(home)),
    60_000,
    () => `Processes live on: ${processesOf(home)}; the folder is there: ${existsSync(pendingDir(home))}`,
  );
}

async function cloudHome(options: SimulatorOptions = {}) {
  const simulator = await simulated(options);
  const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
  atEnd(() => {
    for (const pid of processesOf(home)) process.kill(pid, "SIGKILL");
  });
  return { ...simulator, home };
}

async function start(home: Home, args: readonly string[] = [], options: RunOptions = {}): Promise<Started> {
  const outcome = await meshauth(home, ["login", "layer5", "--start", "--json", ...args], options);
  expect(outcome, outcome.stderr + outcome.stdout).toMatchObject({ code: 0, stderr: "" });
  return document(outcome) as Started;
}

/** Runs the command that the document names, as it stands there. */
function complete(home: Home, { complete }: Started, more: readonly string[] = [], options: RunOptions = {}) {
  const [program, ...words] = complete.split(" ");
  expect(program).toBe("meshauth");
  return meshauth(home, [...words, ...more], options);
}

describe.concurrent("login in two steps", { timeout: 120_000 }, () => {
  test("starts with one document and leaves, and is completed by the command in it", async () => {
    const { home, server } = await cloudHome();
    const before = Date.now();
    const started = await start(home);
    expect(Object.keys(started).sort()).toEqual(["complete", "expiresAt", "link", "provider", "ticket"]);
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
    const [, ticket = ""] = /^ {2}meshauth login --complete (\S+)$/m.exec(started.stderr) ?? [];
    expectFailure(await meshauth(home, ["login", "--complete", ticket]), 6, "MESHAUTH_E_PENDING");
    await visitLogin(link);
    const done = await meshauth(home, ["login", "layer5", `--complete=${ticket}`]);
    expect(done).toMatchObject({ code: 0, stdout: "" });
    expect(done.stderr).toMatch(/^Signed in with Layer5 as .+\.$/m);
    await expectNothingLeft(home);
  });

  test("what is kept is for this user alone and holds no secret; neither does a process", async () => {
    const { home } = await cloudHome();
    const started = await start(home, [], { env: { MESHERY_API_TOKEN: madeUpToken().token } });
    const [name = ""] = readdirSync(pendingDir(home));
    const folder = join(pendingDir(home), name);
    expect(started.ticket).not.toContain(name);
    expect([modeOf(pendingDir(home)), modeOf(folder)]).toEqual(["0700", "0700"]);
    for (const file of readdirSync(folder)) expect(modeOf(join(folder, file))).toBe("0600");
    await visitLogin(started.link);
    const [pid = 0] = processesOf(home);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    expect(command.slice(2)).toEqual(["login", "layer5", "--start", ""]);
    // No terminal, and a session of its own.
    expect(
      execFileSync("ps", ["-o", "tty=,sid=", "-p", String(pid)], { encoding: "utf8" }).split(/\s+/),
    ).toContain(String(pid));
    expect(environment(pid).filter((line) => line.startsWith("MESHERY_API_TOKEN"))).toEqual([]);
    const texts = [command.join(" "), environment(pid).join(" ")];
    for (const file of readdirSync(folder)) {
      if (lstatSync(join(folder, file)).isFile()) texts.push(readFileSync(join(folder, file), "latin1"));
    }
    const done = await complete(home, started);
    const { token = "" } = readAuth(home.authJson);
    expect(leaksOf([...texts, done.stdout, done.stderr].join("\n"), [token, started.ticket])).toEqual([]);
    await expectNothingLeft(home);
  });

  test("with --timeout the completion waits for the sign-in", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    expect(failureOf(await complete(home, started, ["--timeout", "1s"])).code).toBe("MESHAUTH_E_PENDING");
    const waiting = complete(home, started, ["--timeout", "40s"]);
    await pause(1_500);
    await visitLogin(started.link);
    expect(await waiting).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test("a completion that waits is left with 130, and the login goes on", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const waiting = startMeshauth(home, ["login", "--complete", started.ticket, "--timeout", "50s"]);
    await until(
      () => processesOf(home).length === 2,
      15_000,
      () => "It was not started.",
    );
    await pause(3_000);
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
    expect(wrong).toMatchObject({ code: "MESHAUTH_E_IMPORT" });
    expect(failureOf(await complete(home, started, [], { input: "" })).code).toBe("MESHAUTH_E_PENDING");
    const done = await complete(home, started, [], { input: `\n  ${callback}\n` });
    expect(done, done.stdout).toMatchObject({ code: 0, stderr: "" });
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

  test("of two completions at once exactly one wins", async () => {
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
      expect.stringContaining(`meshauth login --complete ${started.ticket} --expect-account ACCOUNT --json`),
      expect.stringContaining("meshauth login layer5 --start --json"),
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
    const other = failureOf(await complete(home, started, ["--context", "first"]));
    expect(other).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    const bare = await meshauth(home, ["login", "--complete", started.ticket, "--json"]);
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

  test("nothing is left when the time is up, and the ticket says so", async () => {
    const { home } = await cloudHome();
    const started = await start(home, ["--timeout", "3s"]);
    const waiting = await complete(home, started, ["--timeout", "30s"]);
    expect(failureOf(waiting)).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
    await expectNothingLeft(home);
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_TIMEOUT",
      exitCode: 6,
    });
    expect(await isListening(Number(callbackOf(started.link).port))).toBe(false);
  });

  test("an approved login goes, too, when the time is up", async () => {
    const { home } = await cloudHome();
    const started = await start(home, ["--timeout", "4s"]);
    await visitLogin(started.link);
    await expectNothingLeft(home);
    expect(failureOf(await complete(home, started)).code).toBe("MESHAUTH_E_TIMEOUT");
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("a removed folder cancels it", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const waiting = complete(home, started, ["--timeout", "30s"]);
    await pause(1_500);
    rmSync(pendingDir(home), { recursive: true });
    expect(failureOf(await waiting)).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
    await freed(Number(callbackOf(started.link).port));
    await expectNothingLeft(home);
  });

  test("kill -9 of the waiting process: the completion says so and the next start works", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    for (const pid of processesOf(home)) process.kill(pid, "SIGKILL");
    expect(existsSync(pendingDir(home))).toBe(true);
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_TICKET",
      exitCode: 2,
    });
    await expectNothingLeft(home);
    const next = await start(home);
    await visitLogin(next.link);
    expect(await complete(home, next)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
    "%s of the waiting process leaves nothing",
    async (signal) => {
      const { home } = await cloudHome();
      await start(home);
      for (const pid of processesOf(home)) process.kill(pid, signal);
      await expectNothingLeft(home);
    },
  );

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

  test("is allowed in CI, and needs no opener", async () => {
    const { home } = await cloudHome();
    const started = await start(home, [], { env: { CI: "true", MESHAUTH_BROWSER: "/nonexistent" } });
    await visitLogin(started.link);
    expect(await complete(home, started, [], { env: { CI: "true" } })).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
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

  test("a completion takes no flag that belongs to the start", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const failure = failureOf(
      await meshauth(home, ["login", "layer5", "--complete", started.ticket, "--port", "1234", "--json"]),
    );
    expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(failure.message).toContain("--port");
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });

  test.each(["", "nonsense", "zzzzzz-abcdefghijklmnopqrstuvwxyzabcdef", "../../etc", "--json"])(
    "a ticket %j is none",
    async (ticket) => {
      const home = offlineHome();
      const outcome = await meshauth(home, ["login", `--complete=${ticket}`, "--json"]);
      expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
      expect(existsSync(dataDir(home))).toBe(false);
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
    expect(failureOf(exits).exitCode).not.toBe(0);
    const asks = await meshauth(home, ["login", "asks", "--start", "--json"]);
    expect(failureOf(asks)).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    await expectNothingLeft(home);
    const instant = document(await meshauth(home, ["login", "instant", "--start", "--json"])) as Started;
    expect(instant.link).toBeNull();
    expect(await complete(home, instant)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test.each([0, 1_000])(
    "a start that is killed before it has printed the ticket leaves no process: %i ms",
    async (wait) => {
      const home = offlineHome();
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
      running.kill("SIGKILL");
      await expectNothingLeft(home);
    },
  );

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

  test.each(["0".repeat(32), "nonsense", ""])(
    "with the variable that names a pending login, %j, no login begins",
    async (id) => {
      const { home } = await cloudHome();
      for (const more of [[], ["--start"]]) {
        const outcome = await meshauth(home, ["login", "layer5", ...more, "--json"], {
          env: { MESHAUTH_PENDING_LOGIN: id },
        });
        expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
      }
      expect(await storeOf(home).look()).toMatchObject({ state: { state: "missing" } });
      await expectNothingLeft(home);
    },
  );

  test("a process that is to keep a login which is gone starts no other", async () => {
    const { home } = await cloudHome();
    const child = spawn(process.execPath, [PROGRAM, "login", "layer5", "--start"], {
      env: { ...home.env, MESHAUTH_PENDING_LOGIN: "0".repeat(32) },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(2);
    await expectNothingLeft(home);
  });

  test.each([["{}"], ['{"version":1}']])("a record %s is no defect, and ends the login", async (text) => {
    const { home } = await cloudHome();
    const started = await start(home);
    const [name = ""] = readdirSync(pendingDir(home));
    writeFileSync(join(pendingDir(home), name, "login.json"), text);
    const failure = failureOf(await complete(home, started));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
    expect(failure.next).toEqual(["meshauth login layer5 --start --json"]);
    await expectNothingLeft(home);
  });

  test("a FIFO in the place of the record holds up neither a completion nor a start", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const [name = ""] = readdirSync(pendingDir(home));
    const record = join(pendingDir(home), name, "login.json");
    rmSync(record);
    execFileSync("mkfifo", [record]);
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_TICKET",
      exitCode: 2,
    });
    const next = await start(home);
    await visitLogin(next.link);
    expect(await complete(home, next)).toMatchObject({ code: 0 });
    await expectNothingLeft(home);
  });

  test("an answer without a credential is none", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const [name = ""] = readdirSync(pendingDir(home));
    const folder = join(pendingDir(home), name);
    for (const pid of keepersOf(home)) process.kill(pid, "SIGKILL");
    await until(
      () => processesOf(home).length === 0,
      10_000,
      () => "It lives on.",
    );
    rmSync(join(folder, "s"), { force: true });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write('{"kind":"approved"}\n'));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_TICKET",
      exitCode: 2,
    });
    server.close();
    expect(existsSync(home.authJson)).toBe(false);
    await expectNothingLeft(home);
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

  test.each([["--start"], ["--complete", "1xxxxx-abcdefghijklmnopqrstuvwxyzabcdef"]])(
    "a provider without a browser has no login in two steps: %s",
    async (...args) => {
      const failure = failureOf(await meshauth(offlineHome(), ["login", "none", ...args, "--json"]));
      expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
      expect(failure.message).toContain("two steps");
    },
  );

  test("what waits is nowhere, and holds no descriptor of whoever started it", async () => {
    const { home } = await cloudHome();
    const path = join(home.path, "held");
    put(path, "");
    const script = `exec 9<${path}; exec 30<${path}; exec "$0" "$@"`;
    await start(home, [], { command: ["bash", "-c", script, process.execPath, PROGRAM] });
    const [pid = 0] = keepersOf(home);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    expect(held).not.toContain(path);
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });

  test("a standard input that drips ends in time", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const drip = 'for i in $(seq 100); do printf x; sleep 0.3; done | exec "$0" "$@"';
    const outcome = await meshauth(
      home,
      ["login", "--complete", started.ticket, "--timeout", "2s", "--json"],
      { command: ["bash", "-c", drip, process.execPath, PROGRAM] },
    );
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_IMPORT" });
    rmSync(pendingDir(home), { recursive: true });
    await expectNothingLeft(home);
  });
});

describe("login in two steps, one test after the other", { timeout: 120_000 }, () => {
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
