import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createSigningKey } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { callbackOf, freed, isListening, LINK, snapshot } from "../support/login.js";
import { type Home, makeHome } from "../support/program.js";
import { asked, isProfile, isProviders, NO_SERVER, simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";
import { pause, until } from "../support/wait.js";

const signingKey = await createSigningKey();

const KEYS = [
  ["Ctrl-C", KEY.interrupt],
  ["Ctrl-D", KEY.endOfInput],
  ["Esc", KEY.escape],
] as const;

/** A credential file that no login may touch unless it is complete. */
function writeCredential({ meshery, authJson }: Home): void {
  mkdirSync(meshery, { mode: 0o700 });
  writeFileSync(authJson, '{"meshery-provider":"None","token":""}\n', { mode: 0o600 });
}

/** The terminal is as it was: settings, cursor, and a fresh line for the shell's prompt. */
async function expectLeft(terminal: TerminalSession, exit = 130): Promise<void> {
  const { code, before, after } = await terminal.end();
  expect(code).toBe(exit);
  expect(after).toBe(before);
  expect(before).toMatch(/(?<!-)\becho\b/);
  expect(terminal.screen.cursorVisible).toBe(true);
  expect(terminal.output).toMatch(/\n$|\r\u001b\[K$|\u001b\[\?25h$/);
  expect(terminal.output.match(/\u001b\[\?2004[hl]/g)?.at(-1) ?? "").not.toMatch(/h$/);
  expect(terminal.text).not.toMatch(/^\s+at .*:\d+/m);
}

async function waiting(
  home: Home,
  args: readonly string[] = [],
): Promise<{ terminal: TerminalSession; port: number }> {
  const terminal = openTerminal(home, ["login", "layer5", ...args]);
  const [, link = ""] = await terminal.see(LINK);
  await terminal.see(/Waiting for the sign-in/);
  const port = Number(callbackOf(link).port);
  expect(await isListening(port)).toBe(true);
  await terminal.silent();
  return { terminal, port };
}

test.each(KEYS)("%s in the prompt ends it with 130 and changes nothing", async (_, key) => {
  const home = makeHome(NO_SERVER);
  writeCredential(home);
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login"]);
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  terminal.type(key);
  await expectLeft(terminal);
  expect(snapshot(home.path)).toEqual(before);
});

test.each([...KEYS.filter(([name]) => name !== "Esc"), ["q", "q"] as const, ["Q", "Q"] as const])(
  "%s while waiting for the browser ends it with 130 and changes nothing",
  async (_, key) => {
    const { home } = await simulatedHome({ signingKey });
    writeCredential(home);
    const before = snapshot(home.path);
    const { terminal, port } = await waiting(home);
    terminal.type(key);
    await expectLeft(terminal);
    expect(await isListening(port)).toBe(false);
    expect(snapshot(home.path)).toEqual(before);
  },
);

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s while waiting for the browser ends it with 130 and leaves nothing behind",
  async (name) => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const { terminal, port } = await waiting(home);
    terminal.signal(name);
    await expectLeft(terminal);
    expect(await isListening(port)).toBe(false);
    expect(snapshot(home.path)).toEqual(before);
  },
);

test.each(["SIGTERM", "SIGHUP"] as const)("%s in the prompt gives the terminal back", async (name) => {
  const home = makeHome(NO_SERVER);
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login"]);
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  terminal.signal(name);
  await expectLeft(terminal);
  expect(snapshot(home.path)).toEqual(before);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s twice gives the terminal back, too", async (name) => {
  const home = makeHome(NO_SERVER);
  const terminal = openTerminal(home, ["login"]);
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  terminal.signal(name);
  terminal.signal(name);
  await expectLeft(terminal);
});

test("Ctrl-C with --no-input in a terminal ends the wait", async () => {
  const { home } = await simulatedHome({ signingKey });
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5", "--no-browser", "--no-input"]);
  await terminal.see(/Waiting for the sign-in/);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
  expect(snapshot(home.path)).toEqual(before);
});

test("a closed terminal window ends the wait, and the port is free", async () => {
  const { home } = await simulatedHome({ signingKey });
  writeCredential(home);
  const before = snapshot(home.path);
  const { terminal, port } = await waiting(home);
  const { programId } = terminal;
  terminal.hangUp();
  await until(
    () => !isAlive(programId),
    2_000,
    () => "The program outlives its terminal.",
  );
  await freed(port);
  expect(snapshot(home.path)).toEqual(before);
});

test("Ctrl-C while the server is asked ends it at once", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("providers-slow");
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5"]);
  await asked(simulator.server, isProviders);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
  expect(terminal.text).not.toMatch(LINK);
  expect(snapshot(home.path)).toEqual(before);
});

test("Ctrl-C while the account is asked for, after the browser's part, writes nothing", async () => {
  const { visitLogin } = await import("@meshauth/meshery-simulator");
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("profile-slow");
  const before = snapshot(home.path);
  const { terminal, port } = await waiting(home);
  const [, link = ""] = await terminal.see(LINK);
  await visitLogin(link);
  await asked(simulator.cloud, isProfile);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
  await freed(port);
  expect(snapshot(home.path)).toEqual(before);
});

test("--timeout in a terminal: exit 6, the terminal is given back and the port is free", async () => {
  const { home } = await simulatedHome({ signingKey });
  const before = snapshot(home.path);
  const { terminal, port } = await waiting(home, ["--timeout", "2s"]);
  await expectLeft(terminal, 6);
  expect(await isListening(port)).toBe(false);
  expect(snapshot(home.path)).toEqual(before);
  expect(terminal.text).toContain("MESHAUTH_E_TIMEOUT");
  expect(terminal.text).toMatch(/Next: +meshauth login/);
});

test("Ctrl-Z gives the terminal to the shell, and fg takes it again", async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5"], { jobControl: true });
  const [, link = ""] = await terminal.see(LINK);
  await terminal.see(/Waiting for the sign-in/);
  await terminal.silent();
  terminal.type(KEY.suspend);
  expect(await terminal.stopped()).toMatch(/(?<!-)\becho\b/);
  expect(terminal.output.match(/\u001b\[\?2004[hl]/g)?.at(-1)).toMatch(/l$/);
  // Until every timer is overdue.
  await pause(1_500);
  const from = terminal.output.length;
  terminal.foreground();
  await until(
    () => terminal.output.slice(from).includes("Waiting for the sign-in"),
    5_000,
    () => `It is not drawn again: ${terminal.text}`,
  );
  await terminal.silent();
  expect(terminal.output.match(/\u001b\[\?2004[hl]/g)?.at(-1)).toMatch(/h$/);
  await pause(300);
  const { lines } = terminal.screen;
  expect(lines.filter((line) => /q=leave|\d:\d\d left/.test(line))).toEqual(lines.slice(-2));
  expect(lines.at(-1)).toMatch(/^Waiting for the sign-in: \d:\d\d left$/);
  expect(await isListening(Number(callbackOf(link).port))).toBe(true);
  terminal.type("q");
  await expectLeft(terminal);
});

test("Ctrl-Z where nobody could let it go on changes nothing", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, port } = await waiting(home);
  const from = terminal.output.length;
  terminal.type(KEY.suspend);
  await until(
    () => terminal.output.slice(from).includes("Waiting for the sign-in"),
    5_000,
    () => `It is not drawn again: ${terminal.text}`,
  );
  await terminal.silent();
  expect(await isListening(port)).toBe(true);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
});

test("stopped and continued from outside, it takes what is pasted without echo", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal } = await waiting(home);
  terminal.signal("SIGSTOP");
  await pause(300);
  const from = terminal.output.length;
  terminal.signal("SIGCONT");
  await until(
    () => terminal.output.slice(from).includes("Waiting for the sign-in"),
    5_000,
    () => `It is not drawn again: ${terminal.text}`,
  );
  await terminal.silent();
  terminal.type("typed-after");
  await terminal.see(/11 characters/);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
  expect(terminal.text).not.toContain("typed-after");
});

test("a key that means nothing does not end the wait", async () => {
  const { home } = await simulatedHome({ signingKey });
  const { terminal, port } = await waiting(home);
  terminal.type(`${KEY.up}${KEY.down}${KEY.enter}`);
  await pause(300);
  terminal.type(KEY.escape);
  await pause(1_000);
  expect(await isListening(port)).toBe(true);
  terminal.type(KEY.interrupt);
  await expectLeft(terminal);
});

/** Whether a process still runs; one that only waits to be collected by its parent does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
