import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { document, type Home, makeHome, meshauth, PROGRAM } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";

/** A home that is signed in at a server of the test's own. */
async function homeAt(answer: Parameters<typeof createServer>[1]): Promise<{ home: Home; token: string }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const home = makeHome({ MESHERY_SERVER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const { token } = madeUpToken();
  put(home.authJson, authJson("Layer5", token));
  return { home, token };
}

async function signedIn(): Promise<{
  home: Home;
  simulator: Awaited<ReturnType<typeof simulated>>;
  token: string;
}> {
  const simulator = await simulated();
  const home = makeHome({ MESHERY_SERVER_URL: simulator.server.url });
  const token = simulator.cloud.issueToken();
  put(home.authJson, authJson("Layer5", token));
  return { home, simulator, token };
}

/** Runs a line of shell in which `$API` is `meshauth api`. */
async function shell(
  home: Home,
  line: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...home.env, API: `${process.execPath} ${PROGRAM} api` };
  const child = spawn("bash", ["-c", `set -o pipefail; ${line}`], { env, cwd: home.path, timeout: 60_000 });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

test("an answer is printed as it came, and nothing else", async () => {
  const { home } = await signedIn();
  const outcome = await meshauth(home, ["api", "/api/user"]);
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(outcome.stdout)).toMatchObject({ email: "mira.solberg@example.com" });
  const sent = await meshauth(
    home,
    ["api", "post", "api/user/prefs", "-d", "-", "-H", "X-A: 1", "-H", "X-B: 2"],
    {
      input: '{"a":1}',
    },
  );
  expect(document(sent)).toEqual({ received: '{"a":1}' });
});

test("a token in an answer is printed: it was asked for; with --json it is not (A25, T40)", async () => {
  const { home, token } = await signedIn();
  expect((await meshauth(home, ["api", "/api/token"])).stdout).toContain(token);
  const outcome = await meshauth(home, ["api", "/api/token", "--json"]);
  expect(document(outcome)).toMatchObject({
    status: 200,
    headers: { "content-type": expect.stringMatching(/json/) },
    body: { "meshery-provider": "Layer5", token: "[redacted]" },
  });
  expect(leaksOf(outcome.stdout + outcome.stderr, [token])).toEqual([]);
});

test("a refused token of a renewable login is renewed and saved, and its answer is all there is", async () => {
  const { home, simulator, token } = await signedIn();
  simulator.faults.set("redirect-auth-login", 1, { path: "/api/user" });
  const env = { MESHAUTH_PROVIDER_URL: simulator.cloud.url };
  const outcome = await meshauth(home, ["api", "/api/user"], { env });
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(outcome.stdout)).toMatchObject({ email: "mira.solberg@example.com" });
  expect(readAuth(home.authJson)["token"]).not.toBe(token);
  expect(simulator.cloud.refreshes()).toBe(1);
  expect(simulator.cloud.reuses).toEqual([]);
});

test("failures with an answer: data on stdout for people, beside the error for programs", async () => {
  const { home, simulator } = await signedIn();
  const people = await meshauth(home, ["api", "/api/nothing"]);
  expect(people).toMatchObject({ code: 5, stdout: "404 page not found\n" });
  expect(people.stderr).toMatch(/MESHAUTH_E_HTTP/);
  const { error, ...answer } = document(await meshauth(home, ["api", "/api/nothing", "--json"])) as {
    error: { code: string; exitCode: number };
  };
  expect(error).toMatchObject({ code: "MESHAUTH_E_HTTP", exitCode: 5 });
  expect(answer).toEqual({ status: 404, headers: expect.anything(), body: "404 page not found\n" });
  simulator.faults.set("200-html");
  expectFailure(await meshauth(home, ["api", "/api/user"]), 7, "MESHAUTH_E_PROTOCOL");
  expect(failureOf(await meshauth(home, ["api", "/api/user", "--json"])).code).toBe("MESHAUTH_E_PROTOCOL");
});

test("what cannot be understood is a usage error, and nothing is sent (A09)", async () => {
  const { home, simulator } = await signedIn();
  const lines = [
    [],
    ["//evil.example/x"],
    ["https://evil.example/api/user"],
    ["/api/x", "--header", "Cookie: token=x"],
    ["GET", "/api/x", "--data", "x"],
  ];
  const outcomes = await Promise.all(lines.map((args) => meshauth(home, ["api", ...args])));
  for (const outcome of outcomes) expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
  expect(simulator.server.requests).toEqual([]);
});

test("a binary answer of many megabytes goes through a pipe unchanged", async () => {
  const block = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 31) % 256));
  const count = 640;
  const hash = createHash("sha256");
  for (let index = 0; index < count; index += 1) hash.update(block);
  const { home } = await homeAt((request, response) => {
    let left = request.url === "/api/providers" ? 0 : count;
    const push = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        if (!response.write(block)) return void response.once("drain", push);
      }
      response.end();
    };
    push();
  });
  const outcome = await shell(home, "$API /api/blob | sha256sum");
  expect(outcome).toMatchObject({ code: 0, stderr: "", stdout: `${hash.digest("hex")}  -\n` });
});

test("a reader that leaves early ends it quietly", async () => {
  const { home, simulator } = await signedIn();
  simulator.faults.set("huge-body", 1, { path: "/api/user" });
  const outcome = await shell(home, "$API /api/user | head -c 11");
  expect(outcome).toEqual({ code: 0, stdout: '{"filler":"', stderr: "" });
});

test("an answer that is cut off: exit 7 after what came", async () => {
  const { home, simulator } = await signedIn();
  simulator.faults.set("truncated", 1, { path: "/api/user" });
  const outcome = await meshauth(home, ["api", "/api/user"]);
  expect(outcome).toMatchObject({ code: 7, stdout: '{"meshery-provider":"' });
  expect(outcome.stderr).toMatch(/broke off before its end/);
});
