import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createSigningKey, type Simulator, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { callbackOf, isListening, LINK, open, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { asked, isProfile, isProviders, MIRA, simulatedHome, TOMAS } from "../support/simulated.js";
import { openTerminal, type TerminalSession } from "../support/terminal.js";
import { pause } from "../support/wait.js";

const signingKey = await createSigningKey();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A login in a terminal that has come to a certain step, and all that was in its home before. */
interface Login {
  readonly terminal: TerminalSession;
  readonly port: number;
  readonly home: Home;
  readonly before: ReturnType<typeof snapshot>;
}

/** Starts a login where Mira is signed in, and takes it to its wait for the browser. */
async function waiting(
  args: readonly string[] = [],
): Promise<Login & { readonly link: string; readonly simulator: Simulator }> {
  const { home, simulator } = await simulatedHome({ signingKey });
  mkdirSync(home.meshery, { mode: 0o700 });
  const token = simulator.cloud.issueToken({ user: MIRA });
  writeFileSync(home.authJson, JSON.stringify({ "meshery-provider": "Layer5", token }), { mode: 0o600 });
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5", ...args]);
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  return { terminal, port: Number(callbackOf(link).port), home, before, link, simulator };
}

async function verifying(): Promise<Login> {
  const login = await waiting();
  const { simulator, link, terminal } = login;
  simulator.faults.set("profile-slow");
  const { callback = "" } = await visitLogin(link, { user: TOMAS, stay: true });
  expect(await open(callback)).toBe(303);
  await asked(simulator.cloud, isProfile, () => terminal.text);
  return login;
}

async function question(): Promise<Login> {
  const login = await waiting();
  const { callback = "" } = await visitLogin(login.link, { user: TOMAS, stay: true });
  expect(await open(callback)).toBe(303);
  await login.terminal.see(/Replace it[\s\S]*● No/);
  await login.terminal.silent();
  return login;
}

async function prompt(): Promise<Login> {
  const { home } = await simulatedHome({ signingKey });
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login"]);
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  return { terminal, port: 0, home, before };
}

async function askingServer(): Promise<Login> {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("providers-slow");
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5"]);
  await asked(simulator.server, isProviders, () => terminal.text);
  return { terminal, port: 0, home, before };
}

/** It ended so, the terminal is as it was, and nothing was written, stays locked or listens. */
async function expectLeft({ terminal, port, home, before }: Login, exit: number, by: string): Promise<void> {
  const ended = await terminal.end();
  expect(ended.code, `${by}:\n${terminal.text}`).toBe(exit);
  expect(ended.after, by).toBe(ended.before);
  expect(terminal.screen.cursorVisible, by).toBe(true);
  expect(terminal.output.match(/\u001b\[\?2004[hl]/g)?.at(-1) ?? "", by).not.toMatch(/h$/);
  expect(terminal.text, by).not.toMatch(/^\s+at .*:\d+/m);
  if (port !== 0) expect(await isListening(port), by).toBe(false);
  expect(snapshot(home.path), by).toEqual(before);
}

test.each([
  ["while the provider is chosen", prompt],
  ["while the server is asked for its providers", askingServer],
  ["while the account is asked for", verifying],
  ["at the question whether to replace a login", question],
])("kill -INT, -TERM and -HUP %s: exit 130, and nothing is left", async (_, reach) => {
  const logins: Login[] = [];
  // One after the other up to the step, so that none has to wait for processors.
  for (const _signal of SIGNALS) logins.push(await reach());
  for (const [index, signal] of SIGNALS.entries()) logins[index]?.terminal.signal(signal);
  for (const [index, signal] of SIGNALS.entries()) {
    const login = logins[index];
    if (login) await expectLeft(login, 130, signal);
  }
});

test("stopped until its time is over, and continued: exit 6, and nothing is left", async () => {
  const login = await waiting(["--timeout", "3s"]);
  login.terminal.signal("SIGSTOP");
  await pause(3_200);
  login.terminal.signal("SIGCONT");
  await expectLeft(login, 6, "SIGCONT");
  expect(login.terminal.text).toContain("MESHAUTH_E_TIMEOUT");
});

test("stopped and continued within its time, it takes the callback that came meanwhile", async () => {
  const { terminal, link, simulator, home } = await waiting(["--force"]);
  const { callback = "" } = await visitLogin(link, { user: TOMAS, stay: true });
  terminal.signal("SIGSTOP");
  const answered = open(callback);
  await pause(300);
  terminal.signal("SIGCONT");
  expect(await answered).toBe(303);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  const { token } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token: string };
  expect(simulator.cloud.userOf(token)?.email).toBe(TOMAS);
});
