import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { callbackOf, freed, isListening } from "../support/login.js";
import { meshauth, PROGRAM } from "../support/program.js";
import { storeOf } from "../support/signed-in.js";
import { leaksOf, madeUpToken } from "../support/tokens.js";
import {
  cloudHome,
  complete,
  environmentOf,
  expectNothingLeft,
  keepersOf,
  pendingDir,
  pendingFolder,
  processesOf,
  signalKeepers,
  start,
  startCompletion,
} from "../support/two-step.js";
import { until, within } from "../support/wait.js";

/** The time of a ticket that is to end: enough for a start on a slow machine. */
const SHORT = "25s";

describe.concurrent("the process that keeps a login", { timeout: 120_000 }, () => {
  test("what is kept is for this user alone and holds no secret; neither does a process", async () => {
    const { home } = await cloudHome();
    const started = await start(home, [], { env: { MESHERY_API_TOKEN: madeUpToken().token } });
    const folder = pendingFolder(home);
    expect(started.ticket).not.toContain(basename(folder));
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
    expect(environmentOf(pid).filter((line) => line.startsWith("MESHERY_API_TOKEN"))).toEqual([]);
    const texts = [command.join(" "), environmentOf(pid).join(" ")];
    for (const file of readdirSync(folder)) {
      if (lstatSync(join(folder, file)).isFile()) texts.push(readFileSync(join(folder, file), "latin1"));
    }
    const done = await complete(home, started);
    const { token = "" } = readAuth(home.authJson);
    expect(leaksOf([...texts, done.stdout, done.stderr].join("\n"), [token, started.ticket])).toEqual([]);
    await expectNothingLeft(home);
  });

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

  test("nothing is left when the time is up, and the ticket says so", async () => {
    const { home } = await cloudHome();
    const started = await start(home, ["--timeout", SHORT]);
    const waiting = startCompletion(home, started, ["--timeout", "50s"]);
    expect(failureOf(await waiting.outcome)).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
    await expectNothingLeft(home);
    expect(failureOf(await complete(home, started))).toMatchObject({
      code: "MESHAUTH_E_TIMEOUT",
      exitCode: 6,
    });
    expect(await isListening(Number(callbackOf(started.link).port))).toBe(false);
  });

  test("an approved login goes, too, when the time is up", async () => {
    const { home } = await cloudHome();
    const started = await start(home, ["--timeout", SHORT]);
    await visitLogin(started.link);
    await expectNothingLeft(home);
    expect(failureOf(await complete(home, started)).code).toBe("MESHAUTH_E_TIMEOUT");
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("a removed folder cancels it", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const waiting = startCompletion(home, started, ["--timeout", "50s"]);
    await waiting.seen(/^Waiting for the sign-in/);
    rmSync(pendingDir(home), { recursive: true });
    expect(failureOf(await waiting.outcome)).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
    await freed(Number(callbackOf(started.link).port));
    await expectNothingLeft(home);
  });

  test("kill -9 of the waiting process: the completion says so and the next start works", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    signalKeepers(home, "SIGKILL");
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
      signalKeepers(home, signal);
      await expectNothingLeft(home);
    },
  );

  // The program is killed, and the test fails, when a completion takes as long as it would wait for a provider.
  test.each([["before"], ["after"]])(
    "a waiting process that is stopped %s the sign-in is given up, and nothing is lost",
    async (when) => {
      const { home } = await cloudHome();
      const started = await start(home);
      if (when === "after") await visitLogin(started.link);
      signalKeepers(home, "SIGSTOP");
      for (const more of [[], ["--timeout", "2s"]]) {
        const { outcome } = startCompletion(home, started, more);
        const failure = failureOf(await within(outcome, 25_000, () => "It waits for a stopped process."));
        expect(failure).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
        expect(failure.message).toContain("does not answer");
        expect(failure.next).toEqual([
          ["meshauth login --complete", started.ticket, ...more, "--json"].join(" "),
          "meshauth login layer5 --start --json",
        ]);
      }
      expect(existsSync(home.authJson)).toBe(false);
      signalKeepers(home, "SIGCONT");
      if (when === "before") await visitLogin(started.link);
      expect(await complete(home, started)).toMatchObject({ code: 0 });
      await expectNothingLeft(home);
    },
  );

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
    writeFileSync(join(pendingFolder(home), "login.json"), text);
    const failure = failureOf(await complete(home, started));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_TICKET", exitCode: 2 });
    expect(failure.next).toEqual(["meshauth login layer5 --start --json"]);
    await expectNothingLeft(home);
  });

  test("a FIFO in the place of the record holds up neither a completion nor a start", async () => {
    const { home } = await cloudHome();
    const started = await start(home);
    const record = join(pendingFolder(home), "login.json");
    // In one move: a login without a record is cancelled.
    execFileSync("mkfifo", [`${record}.new`]);
    renameSync(`${record}.new`, record);
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
    const folder = pendingFolder(home);
    signalKeepers(home, "SIGKILL");
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
});
