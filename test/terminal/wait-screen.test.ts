import { connect as connectTls } from "node:tls";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { callbackOf, isListening, LINK, open, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalOptions, type TerminalSession } from "../support/terminal.js";
import { pause } from "../support/wait.js";

const signingKey = await createSigningKey();
const STATUS = "Waiting for the sign-in: ";

async function waiting(
  home: Home,
  options: TerminalOptions = {},
  args: readonly string[] = [],
): Promise<{ terminal: TerminalSession; link: string; callback: URL }> {
  const terminal = openTerminal(home, ["login", "layer5", ...args], options);
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  return { terminal, link, callback: callbackOf(link) };
}

async function leave(terminal: TerminalSession): Promise<void> {
  terminal.type(KEY.interrupt);
  expect((await terminal.end()).code).toBe(130);
}

const withStatus = ({ screen }: TerminalSession): string[] =>
  screen.lines.filter((line) => line.includes(STATUS));

test("the link stands on a line of its own, above the countdown", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link } = await waiting(home, { columns: 200 }, ["--timeout", "90s"]);
  await terminal.see(/1:(30|2\d) left/);
  await terminal.see(/1:2[0-8] left/);
  const { lines } = terminal.screen;
  expect(lines).toContain(link);
  expect(lines.at(-1)).toMatch(/^Waiting for the sign-in: \d:\d\d left/);
  await leave(terminal);
});

test("40 columns: the countdown stays on one line", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home, { columns: 40 });
  terminal.type("some typed text");
  await pause(1_500);
  expect(withStatus(terminal)).toHaveLength(1);
  await leave(terminal);
});

test("a callback that is refused is told on a line of its own, and the countdown goes on below", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, callback } = await waiting(home, { columns: 200 });
  expect(await open(`${callback}?token=bm90LWEtdG9rZW4`)).toBe(400);
  await terminal.see(/callback('s token| brings)/);
  await terminal.see(/4:5[0-8] left/);
  const notice = terminal.screen.lines.filter((line) => /callback('s token| brings)/.test(line));
  expect(notice).toEqual([expect.stringMatching(/^The callback/)]);
  expect(withStatus(terminal)).toHaveLength(1);
  expect(terminal.screen.lines.at(-1)).toContain(STATUS);
  await leave(terminal);
});

test("T29: a browser that insists on https is told of once, on a line of its own", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, callback, link } = await waiting(home, { columns: 300 });
  for (let count = 0; count < 2; count += 1) {
    await new Promise<void>((resolve) => {
      const socket = connectTls({
        host: "127.0.0.1",
        port: Number(callback.port),
        rejectUnauthorized: false,
      });
      socket.once("error", () => resolve()).once("close", () => resolve());
    });
  }
  await terminal.see(/asked for https/);
  await terminal.see(/4:5[0-8] left/);
  const notices = terminal.screen.lines.filter((line) => line.includes("asked for https"));
  expect(notices).toEqual([expect.stringMatching(/^The browser asked for https/)]);
  await visitLogin(link);
  expect((await terminal.end()).code).toBe(0);
});

test("a terminal that becomes narrower keeps the countdown on one line", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home, { columns: 100 });
  terminal.resize(30, 20);
  await pause(200);
  const from = terminal.output.length;
  await terminal.see(/4:5[0-7]/);
  const redraws = terminal.output.slice(from).split("\r").slice(1, -1);
  expect(redraws.length).toBeGreaterThan(0);
  for (const redraw of redraws) expect(redraw.replace("\u001b[K", "").length).toBeLessThan(30);
  await leave(terminal);
});

test("the provider is chosen with the arrow keys when the server lists several", async () => {
  const { home, simulator } = await simulatedHome({
    signingKey,
    providers: [
      { type: "local" },
      { type: "remote", key: "first", name: "First", url: "http://127.0.0.1:1" },
      { type: "remote", key: "second", name: "Second" },
    ],
  });
  const terminal = openTerminal(home, ["login", "layer5"]);
  await terminal.see(/Which remote provider\?[\s\S]*Second/);
  terminal.type(KEY.down);
  await terminal.see(/● Second/);
  terminal.type(KEY.enter);
  const [, link = ""] = await terminal.see(LINK);
  expect(link.startsWith(`${simulator.cloud.url}/login?`)).toBe(true);
  await visitLogin(link);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(terminal.text).toContain("Signed in with Second");
});

test.each([
  ["Ctrl-C", KEY.interrupt, "5m", 130],
  ["the end of the time", "", "3s", 6],
])("%s while the remote provider is chosen ends it", async (_, key, timeout, exit) => {
  const { home } = await simulatedHome({
    signingKey,
    providers: [
      { type: "remote", key: "a", name: "A" },
      { type: "remote", key: "b", name: "B" },
    ],
  });
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5", "--timeout", timeout]);
  await terminal.see(/Which remote provider\?/);
  await terminal.silent();
  terminal.type(key);
  const ended = await terminal.end();
  expect([ended.code, ended.after]).toEqual([exit, ended.before]);
  expect(terminal.screen.cursorVisible).toBe(true);
  expect(snapshot(home.path)).toEqual(before);
});

test("A07: a name from the provider is printed without control characters", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("profile-hostile");
  const { terminal, link } = await waiting(home);
  const { callback = "" } = await visitLogin(link, { stay: true });
  await open(callback);
  expect((await terminal.end()).code).toBe(0);
  expect(terminal.text).toMatch(/Signed in with .*<script>/);
  expect(terminal.output).not.toMatch(/\u001b\]|\u0007|\u202e|^Set-Cookie/m);
});

test("A07: names from the server reach no prompt with control characters", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("providers-hostile");
  const { terminal } = await waiting(home, {}, ["--provider-url", simulator.cloud.url]);
  await leave(terminal);
  expect(terminal.output).not.toMatch(/\u001b\]|\u0007|\u202e|^Set-Cookie/m);
});

test("the port is free when the program has ended", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link, callback } = await waiting(home);
  await visitLogin(link);
  expect((await terminal.end()).code).toBe(0);
  expect(await isListening(Number(callback.port))).toBe(false);
});
