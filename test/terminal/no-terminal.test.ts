import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { callbackOf, expectWithout, freed, isListening, LINK, open, snapshot } from "../support/login.js";
import { document, makeHome } from "../support/program.js";
import { start } from "../support/running.js";
import { NO_SERVER, simulatedHome } from "../support/simulated.js";

const signingKey = await createSigningKey();
const STACK = /^\s+at .*:\d+/m;

/** Occupies a port on one family of loopback for the length of a test. */
async function occupy(host: string, port = 0): Promise<number> {
  const server = createServer().listen({ host, port });
  await once(server, "listening");
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

describe("T38: nobody can be asked", () => {
  test.each(["null", "closed", "open"] as const)("login with standard input %s: exit 10", async (stdin) => {
    const home = makeHome(NO_SERVER);
    const before = snapshot(home.path);
    const { code, stdout, stderr } = await start(home, ["login"], { stdin }).end();
    expect([code, stdout]).toEqual([10, ""]);
    for (const command of [
      "login none",
      "login file-import FILE",
      "login layer5 --no-browser",
      "login oidc --issuer URL --client-id ID --start --json",
    ]) {
      expect(stderr).toContain(`meshauth ${command}`);
    }
    expect(stderr).not.toMatch(STACK);
    expect(snapshot(home.path)).toEqual(before);
  });

  test("what stands on standard input answers no prompt", async () => {
    const home = makeHome(NO_SERVER);
    const before = snapshot(home.path);
    const { code } = await start(home, ["login"], { stdin: { text: "\r\n\u001b[B\r" } }).end();
    expect(code).toBe(10);
    expect(snapshot(home.path)).toEqual(before);
  });

  test.each(["closed", "open"] as const)(
    "login layer5 with standard input %s: exit 10 at once, with commands that work",
    async (stdin) => {
      const { home, simulator } = await simulatedHome({ signingKey });
      const before = snapshot(home.path);
      const { code, stdout, stderr } = await start(home, ["login", "layer5"], { stdin }).end();
      expect([code, stdout]).toEqual([10, ""]);
      for (const command of ["login layer5 --no-browser", "login layer5 --token-stdin", "login none"]) {
        expect(stderr).toContain(`meshauth ${command}`);
      }
      expect(stderr).not.toMatch(STACK);
      expect(stderr).not.toMatch(LINK);
      expect(snapshot(home.path)).toEqual(before);
      expect(simulator.cloud.requests).toEqual([]);
    },
  );

  test("with --json it is one document, and nothing on standard error", async () => {
    const home = makeHome(NO_SERVER);
    const outcome = await start(home, ["login", "layer5", "--json"]).end();
    expect(outcome).toMatchObject({ code: 10, stderr: "" });
    expect(document(outcome)).toEqual({
      error: {
        code: "MESHAUTH_E_INTERACTION",
        exitCode: 10,
        message: expect.any(String),
        cause: expect.any(String),
        next: expect.arrayContaining(["meshauth login layer5 --no-browser"]),
      },
    });
  });

  test("--paste without a terminal: exit 10, and what takes a token is named", async () => {
    const home = makeHome(NO_SERVER);
    const { code, stderr } = await start(home, ["login", "layer5", "--paste"]).end();
    expect([code, stderr]).toEqual([10, expect.stringContaining("--token-stdin")]);
  });

  test("the commands that exit 10 names work", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { stderr } = await start(home, ["login"]).end();
    expect(stderr).toContain("meshauth login none");
    expect((await start(home, ["login", "none"], { stdin: "closed" }).end()).code).toBe(0);
    const browser = start(home, ["login", "layer5", "--no-browser"], { stdin: "closed" });
    const [, link = ""] = await browser.see(LINK);
    await visitLogin(link);
    expect((await browser.end()).code).toBe(0);
  });
});

describe("--no-browser without a terminal", () => {
  test("prints the link once and ends when the browser came back", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const { status, page, callback = "" } = await visitLogin(link);
    expect([status, page]).toEqual([200, expect.stringContaining("return to your terminal")]);
    const { code, stdout, stderr } = await program.end();
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr.split(link)).toHaveLength(2);
    expect(stderr).toContain("Signed in with Layer5 as Mira Solberg <mira.solberg@example.com>.");
    expect(stderr).not.toContain("\u001b");
    const token = new URL(callback).searchParams.get("token") ?? "";
    expect(simulator.cloud.isActive(token)).toBe(true);
    expectWithout(token, stderr);
    await freed(Number(callbackOf(link).port));
  });

  test("with --json: the link on standard error, one document on standard output, no token in either", async () => {
    const { home } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser", "--json"]);
    const [, link = ""] = await program.see(LINK);
    const { callback = "" } = await visitLogin(link);
    const outcome = await program.end();
    expect(outcome.code).toBe(0);
    expect(document(outcome)).toEqual({
      provider: {
        id: "layer5",
        name: "Layer5",
        package: "@meshauth/provider-layer5",
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      },
      account: expect.objectContaining({ name: "Mira Solberg", email: "mira.solberg@example.com" }),
      verified: true,
      context: null,
      server: home.env["MESHERY_SERVER_URL"],
      file: home.authJson,
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      refreshable: true,
      warnings: [],
    });
    expectWithout(new URL(callback).searchParams.get("token") ?? "", outcome.stdout + outcome.stderr);
  });

  test("a denied sign-in: the browser gets its page", async () => {
    const { home } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const { status, page } = await visitLogin(link, { decision: "deny" });
    expect([status, page]).toEqual([200, expect.stringContaining("Return to your terminal")]);
    expect((await program.end()).code).toBe(5);
  });

  test("a denied sign-in: exit 5, and the port is free", async () => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const { callback = "" } = await visitLogin(link, { decision: "deny", stay: true });
    await open(callback);
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([5, expect.stringContaining("access_denied")]);
    await freed(Number(callbackOf(link).port));
    expect(snapshot(home.path)).toEqual(before);
  });

  test("T30: a hostile description is printed on one line, without control characters", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("login-error");
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const { callback = "" } = await visitLogin(link, { stay: true });
    await open(callback);
    const { code, stderr } = await program.end();
    expect(code).toBe(5);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u0080-\u009f\u202e]/);
    expect(stderr).not.toMatch(/^Set-Cookie/m);
    expect(stderr).toMatch(/access_denied.*<script>.*Set-Cookie/);
  });

  test("a callback that is refused is told, and the login goes on", async () => {
    const { home } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const callback = callbackOf(link);
    expect(await open(`${callback}?token=bm90LWEtdG9rZW4`)).toBe(400);
    await program.see(/token/);
    expect(await open(`${callback.origin}/cb/layer5/wrong?token=x`)).toBe(404);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
  });

  test("--timeout 2s: exit 6, what to do next, and the port is free", async () => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const program = start(home, ["login", "layer5", "--no-browser", "--timeout", "2s"]);
    const [, link = ""] = await program.see(LINK);
    const { code, stdout, stderr } = await program.end(15_000);
    expect([code, stdout]).toEqual([6, ""]);
    expect(stderr).toContain("MESHAUTH_E_TIMEOUT");
    expect(stderr).toMatch(/Next: +meshauth login/);
    expect(stderr).not.toMatch(STACK);
    expect(await isListening(Number(callbackOf(link).port))).toBe(false);
    expect(snapshot(home.path)).toEqual(before);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s: exit 130, nothing left", async (signal) => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const program = start(home, ["login", "layer5", "--no-browser", "--json"]);
    const [, link = ""] = await program.see(LINK);
    program.kill(signal);
    const outcome = await program.end(8_000);
    expect(outcome.code).toBe(130);
    expect(document(outcome)).toMatchObject({ error: { code: "MESHAUTH_E_INTERRUPTED", exitCode: 130 } });
    expect(await isListening(Number(callbackOf(link).port))).toBe(false);
    expect(snapshot(home.path)).toEqual(before);
  });

  test("a reader of standard error that went away does not keep it for ever", async () => {
    const { home } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser", "--timeout", "2s"]);
    const [, link = ""] = await program.see(LINK);
    program.child.stderr?.destroy();
    expect((await program.end(15_000)).code).toBe(6);
    await freed(Number(callbackOf(link).port));
  });

  test("the file cannot be written: exit 8 before anybody signs in", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    writeFileSync(home.meshery, "not a folder\n");
    const { code, stderr } = await start(home, ["login", "layer5", "--no-browser"]).end();
    expect([code, stderr]).toEqual([8, expect.stringContaining(home.meshery)]);
    expect(stderr).not.toMatch(LINK);
    expect(simulator.cloud.requests).toEqual([]);
  });

  test("a provider that is down does not lose an approved login", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser", "--json"]);
    const [, link = ""] = await program.see(LINK);
    const { callback = "" } = await visitLogin(link, { stay: true });
    simulator.faults.set("down");
    expect(await open(callback)).toBe(303);
    const outcome = await program.end();
    expect(outcome.code).toBe(0);
    expect(document(outcome)).toMatchObject({ verified: false, account: null });
  });
});

describe("--port", () => {
  test("the callback comes to the port that was given", async () => {
    const { home } = await simulatedHome({ signingKey });
    const port = await freePort();
    const program = start(home, ["login", "layer5", "--no-browser", "--port", `${port}`]);
    const [, link = ""] = await program.see(LINK);
    expect(callbackOf(link).port).toBe(`${port}`);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
  });

  test.each(["127.0.0.1", "::1"])("occupied on %s: a code of its own, at once", async (host) => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const port = await occupy(host);
    const outcome = await start(home, [
      "login",
      "layer5",
      "--no-browser",
      "--port",
      `${port}`,
      "--json",
    ]).end();
    expect(outcome.code).toBe(7);
    expect(document(outcome)).toMatchObject({ error: { code: "MESHAUTH_E_PORT_IN_USE" } });
    expect(outcome.stdout).toContain(`${port}`);
    expect(outcome.stderr).not.toMatch(LINK);
    expect(snapshot(home.path)).toEqual(before);
  });

  test.each(["0", "65536", "http"])("%s is no port: exit 2", async (port) => {
    const home = makeHome(NO_SERVER);
    const { code, stderr } = await start(home, ["login", "layer5", "--no-browser", `--port=${port}`]).end();
    expect([code, stderr]).toEqual([2, expect.stringContaining("MESHAUTH_E_USAGE")]);
  });
});

test("two logins of one home at once: both are answered, the file is whole", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  mkdirSync(home.meshery, { mode: 0o700 });
  const programs = [1, 2].map(() => start(home, ["login", "layer5", "--no-browser", "--json"]));
  const links = await Promise.all(programs.map(async (program) => (await program.see(LINK))[1] ?? ""));
  expect(callbackOf(links[0] ?? "").port).not.toBe(callbackOf(links[1] ?? "").port);
  await Promise.all(links.map((link) => visitLogin(link)));
  const outcomes = await Promise.all(programs.map((program) => program.end()));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  const [file] = Object.entries(snapshot(home.meshery)).filter(([name]) => name === "./auth.json");
  const { token } = JSON.parse(Buffer.from(file?.[1].split(" ")[2] ?? "", "base64").toString());
  expect(simulator.cloud.isActive(token)).toBe(true);
  expect(Object.keys(snapshot(home.meshery))).toEqual(["./", "./auth.json"]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
