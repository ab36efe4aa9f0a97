import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { put, putConfig } from "../support/files.js";
import { LINK, open, snapshot } from "../support/login.js";
import { plainHome } from "../support/offline.js";
import type { Home } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";
import { authJson } from "../support/tokens.js";

const MIRA = "mira.solberg@example.com";
const TOMAS = "tomas.okafor@example.org";
const [first, second] = [await simulated(), await simulated()];

const tokenIn = (file: string): string => JSON.parse(readFileSync(file, "utf8")).token;

/** Two contexts with different servers and one file; Mira is signed in. */
function shared(): { home: Home; config: string; text: string; old: string; own: string } {
  const home = plainHome();
  const text = `contexts:
  prod: {endpoint: "${first.server.url}", token: default}
  lab: {endpoint: "${second.server.url}", token: default}
current-context: lab
tokens:
  - {name: default, location: auth.json}
`;
  const config = putConfig(home, text);
  const old = first.cloud.issueToken({ user: MIRA });
  put(home.authJson, authJson("Layer5", old));
  return { home, config, text, old, own: join(home.meshery, "auth-lab.json") };
}

async function loginAs(home: Home, user: string, env: Record<string, string> = {}): Promise<TerminalSession> {
  const terminal = openTerminal(home, ["login", "layer5"], { env });
  const [, link = ""] = await terminal.see(LINK);
  const { callback = "" } = await visitLogin(link, { user, stay: true });
  expect(await open(callback)).toBe(303);
  await terminal.see(/the context "prod" uses the same file/);
  await terminal.see(/Leave everything as it is/);
  return terminal;
}

describe("another account is signed in, in a file that another context uses", () => {
  test("Enter keeps both logins: this one gets a file of its own", async () => {
    const { home, config, text, old, own } = shared();
    const terminal = await loginAs(home, TOMAS);
    expect(existsSync(own)).toBe(false);
    terminal.type(KEY.enter);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(tokenIn(home.authJson)).toBe(old);
    expect(second.cloud.userOf(tokenIn(own))?.email).toBe(TOMAS);
    expect(readFileSync(config, "utf8")).toBe(
      `${text.replace(`${second.server.url}", token: default`, `${second.server.url}", token: lab`)}  - {name: lab, location: auth-lab.json}\n`,
    );
    expect(terminal.text).toMatch(/File: +\S+auth-lab\.json/);
  });

  test("contexts with the same server are asked about, too", async () => {
    const { home, config, text, old, own } = shared();
    put(config, text.replace(first.server.url, second.server.url));
    const terminal = await loginAs(home, TOMAS);
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).toBe(0);
    expect([tokenIn(home.authJson), second.cloud.userOf(tokenIn(own))?.email]).toEqual([old, TOMAS]);
  });

  test("the first answer replaces the old login, for both contexts", async () => {
    const { home, config, text, own } = shared();
    const terminal = await loginAs(home, TOMAS);
    terminal.type(KEY.up);
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).toBe(0);
    expect(second.cloud.userOf(tokenIn(home.authJson))?.email).toBe(TOMAS);
    expect([existsSync(own), readFileSync(config, "utf8")]).toEqual([false, text]);
  });

  test.each([
    ["the last answer", KEY.down + KEY.enter],
    ["Ctrl-C", KEY.interrupt],
    ["Ctrl-D", KEY.endOfInput],
  ])("%s leaves everything as it was", async (_, keys) => {
    const { home } = shared();
    const untouched = snapshot(home.meshery);
    const terminal = await loginAs(home, TOMAS);
    for (const key of keys === KEY.down + KEY.enter ? [KEY.down, KEY.enter] : [keys]) terminal.type(key);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([130, before]);
    expect(snapshot(home.meshery)).toEqual(untouched);
  });

  test("a terminal that cannot move its cursor gets a numbered list", async () => {
    const { home, old, own } = shared();
    const terminal = await loginAs(home, TOMAS, { TERM: "dumb" });
    await terminal.see(/Number \[2\]:/);
    terminal.type(`2${KEY.enter}`);
    expect((await terminal.end()).code).toBe(0);
    expect(tokenIn(home.authJson)).toBe(old);
    expect(second.cloud.userOf(tokenIn(own))?.email).toBe(TOMAS);
  });
});
