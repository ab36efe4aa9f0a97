import { existsSync, readFileSync } from "node:fs";
import { createSigningKey, type Simulator, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { callbackOf, expectWithout, LINK, open, snapshot } from "../support/login.js";
import { type Home, makeHome } from "../support/program.js";
import { type Running, start } from "../support/running.js";
import { MIRA, simulatedHome, TOMAS } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";

const signingKey = await createSigningKey();

/** A login in a terminal, approved in the browser, which has not come back yet. */
interface Approved {
  readonly home: Home;
  readonly terminal: TerminalSession;
  readonly callback: URL;
}

async function approved(home: Home, user: string): Promise<Approved> {
  const terminal = openTerminal(home, ["login", "layer5"]);
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  const { callback = "" } = await visitLogin(link, { user, stay: true });
  expect(callback.startsWith(callbackOf(link).href)).toBe(true);
  return { home, terminal, callback: new URL(callback) };
}

/** Two people's logins at one cloud, in two terminals. */
async function two(): Promise<{ simulator: Simulator; mira: Approved; tomas: Approved }> {
  const { home, simulator } = await simulatedHome({ signingKey });
  const other = makeHome({ MESHERY_SERVER_URL: simulator.server.url });
  return { simulator, mira: await approved(home, MIRA), tomas: await approved(other, TOMAS) };
}

/** The address of one login, at the port of the other. */
function at({ callback: { port } }: Approved, { callback }: Approved): URL {
  return Object.assign(new URL(callback), { port });
}

async function expectSignedIn({ home, terminal }: Approved, simulator: Simulator, email: string) {
  const { code, before, after } = await terminal.end();
  expect([code, after], terminal.text).toEqual([0, before]);
  const { token = "" } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token?: string };
  expect(simulator.cloud.userOf(token)?.email).toBe(email);
}

test("T22: two logins in two terminals, their callbacks crossed: each takes only its own", async () => {
  const { simulator, mira, tomas } = await two();
  expect(await open(at(tomas, mira))).toBe(404);
  expect(await open(at(mira, tomas))).toBe(404);
  expect([existsSync(mira.home.authJson), existsSync(tomas.home.authJson)]).toEqual([false, false]);
  expect(await open(tomas.callback)).toBe(303);
  await expectSignedIn(tomas, simulator, TOMAS);
  expect(existsSync(mira.home.authJson)).toBe(false);
  expect(await open(mira.callback)).toBe(303);
  await expectSignedIn(mira, simulator, MIRA);
});

test("the other login's token at one's own address is what only an account can tell apart, and it is shown", async () => {
  const { simulator, mira, tomas } = await two();
  const swapped = new URL(mira.callback);
  swapped.search = tomas.callback.search;
  expect(await open(swapped)).toBe(303);
  await expectSignedIn(mira, simulator, TOMAS);
  expect(mira.terminal.text).toContain(`Signed in with Layer5 as Tomas Okafor <${TOMAS}>`);
  tomas.terminal.type(KEY.interrupt);
  expect((await tomas.terminal.end()).code).toBe(130);
});

test("an address that is pasted into the other terminal is refused, and both logins go on", async () => {
  const { simulator, mira, tomas } = await two();
  mira.terminal.paste(tomas.callback.href);
  mira.terminal.type(KEY.enter);
  await mira.terminal.see(/That was not taken/);
  tomas.terminal.paste(mira.callback.href);
  tomas.terminal.type(KEY.enter);
  await tomas.terminal.see(/That was not taken/);
  for (const [login, email] of [
    [mira, MIRA],
    [tomas, TOMAS],
  ] as const) {
    login.terminal.paste(login.callback.href);
    login.terminal.type(KEY.enter);
    await expectSignedIn(login, simulator, email);
    for (const { callback } of [mira, tomas]) {
      expectWithout(callback.searchParams.get("token") ?? "", login.terminal.output);
    }
  }
});

test("two logins for one file: the second one to end asks whose login stays, and keeps to the answer", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  const mira = await approved(home, MIRA);
  const others = [await approved(home, TOMAS), await approved(home, TOMAS)] as const;
  expect(await open(mira.callback)).toBe(303);
  await expectSignedIn(mira, simulator, MIRA);
  const written = snapshot(home.meshery);
  for (const { terminal, callback } of others) {
    expect(await open(callback)).toBe(303);
    await terminal.see(/login of mira\.solberg@example\.com \(Layer5\) still works[\s\S]*● No/);
    await terminal.silent();
    expect(snapshot(home.meshery)).toEqual(written);
  }
  const [kept, replaced] = others;
  kept.terminal.type("n");
  const { code, before, after } = await kept.terminal.end();
  expect([code, after]).toEqual([130, before]);
  expect(snapshot(home.meshery)).toEqual(written);
  replaced.terminal.type("y");
  await expectSignedIn(replaced, simulator, TOMAS);
});

test("the same where nobody can be asked: the first one's login stays, and what replaces it is named", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  const login = async (user: string): Promise<{ program: Running; callback: string }> => {
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    const { callback = "" } = await visitLogin(link, { user, stay: true });
    return { program, callback };
  };
  const [mira, tomas] = [await login(MIRA), await login(TOMAS)];
  expect(await open(mira.callback)).toBe(303);
  expect((await mira.program.end()).code).toBe(0);
  const written = snapshot(home.meshery);
  expect(await open(tomas.callback)).toBe(303);
  const { code, stderr } = await tomas.program.end();
  expect([code, stderr]).toEqual([8, expect.stringContaining("MESHAUTH_E_CHANGED")]);
  expect(stderr).toMatch(/meshauth login layer5 .*--force/);
  expect(snapshot(home.meshery)).toEqual(written);
  const { token = "" } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token?: string };
  expect(simulator.cloud.userOf(token)?.email).toBe(MIRA);
});
