import { spawn } from "node:child_process";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startSimulator } from "../src/index.js";
import { ask, cookies, simulate } from "./help.js";

it("listens on 127.0.0.1, on the ports it is given, and fails when one is taken", async () => {
  const first = await simulate();
  expect(first.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const taken = Number(new URL(first.server.url).port);
  await expect(startSimulator({ serverPort: taken })).rejects.toMatchObject({
    code: "EADDRINUSE",
    port: taken,
  });
  const cloudPort = Number(new URL(first.cloud.url).port);
  await expect(startSimulator({ cloudPort })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
  const second = await simulate({ serverPort: taken, cloudPort });
  expect([second.server.url, second.cloud.url]).toEqual([first.server.url, first.cloud.url]);
});

it("records what it receives, on both sides", async () => {
  const simulator = await simulate();
  const cookie = cookies(simulator, simulator.cloud.issueToken());
  await ask(simulator, "/api/user/prefs?a=1", cookie, {
    method: "POST",
    body: "text",
    headers: { "X-One": "1" },
  });
  expect(simulator.server.requests).toHaveLength(1);
  const [request] = simulator.server.requests;
  expect(request).toMatchObject({
    method: "POST",
    target: "/api/user/prefs?a=1",
    path: "/api/user/prefs",
    body: "text",
  });
  expect(request?.headers).toMatchObject({ cookie, "x-one": "1" });
  expect(`token=${request?.cookies.get("token")}`).toBe(cookie.split("; ")[0]);
  expect(simulator.cloud.requests.map(({ path }) => path)).toContain("/introspect");
  expect(simulator.cloud.requests[0]?.headers["user-agent"]).toBe("Go-http-client/1.1");
});

it("closes although connections are open and requests wait", async () => {
  const simulator = await simulate();
  const idle = connect(Number(new URL(simulator.server.url).port), "127.0.0.1");
  const half = connect(Number(new URL(simulator.cloud.url).port), "127.0.0.1");
  const ended = Promise.all(
    [idle, half].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
  );
  for (const socket of [idle, half]) socket.on("error", () => {});
  await Promise.all([idle, half].map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  half.write("GET /login HTTP/1.1\r\nHos");
  // The server waits for a cloud that does not answer.
  simulator.faults.set("cloud-slow");
  const waiting = ask(simulator, "/api/user", cookies(simulator, simulator.cloud.issueToken())).catch(
    () => "cut",
  );
  while (simulator.cloud.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await simulator.close();
  await ended;
  await waiting;
  await expect(fetch(simulator.server.url)).rejects.toThrow("fetch failed");
});

it("uses the names and addresses of several remotes", async () => {
  const other = await simulate({ remoteName: "Partner" });
  const simulator = await simulate({
    providers: [
      { type: "remote", key: "main" },
      { type: "remote", name: "Partner", key: "partner", url: other.cloud.url },
    ],
  });
  const token = other.cloud.issueToken({ user: "yuki-brandt" });
  const accepted = await ask(simulator, "/api/token", cookies(simulator, token, "partner"));
  expect(await accepted.json()).toEqual({ "meshery-provider": "Partner", token });
  expect((await ask(simulator, "/api/token", cookies(simulator, token, "main"))).status).toBe(302);
  expect((await ask(simulator, "/api/user", "meshery-provider=Local")).headers.get("location")).toBe(
    "/provider?",
  );
});

const SCRIPT = fileURLToPath(new URL("../../../scripts/simulator.mjs", import.meta.url));

/** Runs the starter until it ends; `onText` sees all of stdout so far. */
function run(args: string[], onText?: (text: string, interrupt: () => void) => void) {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onText?.(stdout, () => child.kill("SIGINT"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stdout, stderr })),
  );
}

it("is started by a script that says where it is and ends on Ctrl-C", async () => {
  let status: Promise<number> | undefined;
  const result = await run(
    ["--era", "2024", "--server-port", "0", "--cloud-port", "0", "--fault", "providers-500=1", "--signed-in"],
    (text, interrupt) => {
      const url = /Meshery Server \(2024\) +(http:\S+)\n/.exec(text)?.[1];
      if (url === undefined || !text.includes("Ctrl-C") || status) return;
      status = fetch(`${url}/api/providers`).then((response) => response.status);
      void status.finally(interrupt);
    },
  );
  expect(await status).toBe(500);
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(result.stdout).toContain("meshauth login layer5 --server http://127.0.0.1:");
});

it("is not started with options that make no sense", async () => {
  const results = await Promise.all(
    [
      ["--era", "1999"],
      ["--fault", "nothing"],
      ["--fault", "503=x"],
      ["--server-port", "70000"],
      ["--what"],
    ].map((args) => run(args)),
  );
  expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
  expect(results.every(({ stdout }) => stdout === "")).toBe(true);
  const list = await run(["--list-faults"]);
  expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining("token-wrong-name") });
});
