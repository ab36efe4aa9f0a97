import { connect as connectTls } from "node:tls";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { callbackOf, isListening, LINK, open, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalOptions, type TerminalSession } from "../support/terminal.js";
import { pause, until } from "../support/wait.js";

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

const KEYS = /^(?:Enter=open )?(?:c=copy )?q=leave \?=help$/;
const withKeys = ({ screen }: TerminalSession): string[] => screen.lines.filter((line) => KEYS.test(line));

/** Waits until the keys and the status stand once each, as the lowest lines. */
async function expectBlock(
  terminal: TerminalSession,
  status = /^Waiting for the sign-in: \d:\d\d left$/,
): Promise<void> {
  await until(
    () => status.test(terminal.screen.lines.at(-1) ?? ""),
    5_000,
    () => `No status at the bottom:\n${terminal.screen.lines.join("\n")}`,
  );
  const { lines } = terminal.screen;
  expect(withKeys(terminal)).toEqual([lines.at(-2)]);
  expect(lines.filter((line) => /\d:\d\d left$/.test(line))).toEqual([lines.at(-1)]);
}

/** What is written in the next redraws of the lowest line. The last of them may be incomplete, and is left out. */
async function nextRedraws(terminal: TerminalSession): Promise<string[]> {
  const from = terminal.output.length;
  const redraws = (): string[] => terminal.output.slice(from).split("\r").slice(1, -1);
  await until(
    () => redraws().length > 1,
    15_000,
    () => `Nothing is redrawn:\n${terminal.screen.lines.join("\n")}`,
  );
  return redraws();
}

test.each([
  [80, 24],
  [40, 10],
])("%s columns and %s rows: keys and countdown stand once each, whatever is typed", async (columns, rows) => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home, { columns, rows });
  await terminal.see(/4:5[0-8] left/);
  await expectBlock(terminal);
  terminal.type("some typed text");
  await terminal.see(/15 characters taken/);
  await pause(1_500);
  await expectBlock(terminal, /^15 characters taken, \d:\d\d left$/);
  for (const line of terminal.screen.lines) expect(line).not.toMatch(/\u001b/);
  await leave(terminal);
  expect(withKeys(terminal)).toEqual([]);
  expect(terminal.output).not.toMatch(/\u001b\[[\d;]*m|\u001b\]/);
});

test("the countdown redraws its own line only, and only when it changes", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home, { columns: 80, rows: 24 });
  await expectBlock(terminal);
  const redraws = await nextRedraws(terminal);
  for (const redraw of redraws) expect(redraw).toMatch(/^\u001b\[KWaiting for the sign-in: \d:\d\d left$/);
  expect(new Set(redraws).size).toBe(redraws.length);
  await leave(terminal);
});

test("ACCESSIBLE: the time is told in minutes, and nothing is redrawn meanwhile", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home, { env: { ACCESSIBLE: "1" } }, ["--timeout", "4m"]);
  await terminal.see(/Waiting for the sign-in: 4 minutes left/);
  const from = terminal.output.length;
  await pause(2_500);
  expect(terminal.output.slice(from)).toBe("");
  await leave(terminal);
});

test("where the terminal shows hyperlinks the link is one, and its text is the link", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link } = await waiting(home, { env: { FORCE_HYPERLINK: "1" } });
  expect(terminal.output).toContain(`\u001b]8;id=meshauth;${link}\u001b\\${link}\u001b]8;;\u001b\\`);
  await leave(terminal);
});

test("c copies the link, and says so", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link } = await waiting(home);
  terminal.type("c");
  await terminal.see(/The link was copied, if your terminal allows it/);
  expect(terminal.output).toContain(`\u001b]52;c;${Buffer.from(link).toString("base64")}\u0007`);
  await expectBlock(terminal);
  await leave(terminal);
});

test("? explains the keys and shows the link again; r says why there is no QR code", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link } = await waiting(home, { columns: 80, rows: 24 });
  terminal.type("?");
  await terminal.see(/Ctrl-U clears it/);
  expect(terminal.text.split(link)).toHaveLength(3);
  terminal.type("r");
  await terminal.see(/QR code is of no use here/);
  await expectBlock(terminal);
  await leave(terminal);
});

test("resized narrower and wider, the block stands once, at the bottom", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, link } = await waiting(home, { columns: 100, rows: 30 });
  await terminal.see(/left/);
  for (const [columns, keys] of [
    [60, KEYS],
    [40, KEYS],
    [12, /^\?=help$/],
    [30, KEYS],
    [120, KEYS],
  ] as const) {
    const from = terminal.output.length;
    terminal.resize(columns, 24);
    await until(
      () => /left$/.test(terminal.output.slice(from)),
      5_000,
      () => `Nothing is redrawn at ${columns} columns.`,
    );
    const { lines } = terminal.screen;
    expect(lines.filter((line) => line.includes("help"))).toEqual([lines.at(-2)]);
    expect(lines.at(-2)).toMatch(keys);
    expect(lines.filter((line) => / left$/.test(line))).toEqual([lines.at(-1)]);
  }
  await expectBlock(terminal);
  expect(terminal.screen.lines.join("")).toContain(link);
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
  await expectBlock(terminal);
  terminal.resize(30, 20);
  await expectBlock(terminal, /^\d:\d\d left$/);
  for (const redraw of await nextRedraws(terminal)) expect(redraw).toMatch(/^\u001b\[K\d:\d\d left$/);
  await expectBlock(terminal, /^\d:\d\d left$/);
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
  ["the end of the time", "", "5s", 6],
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
