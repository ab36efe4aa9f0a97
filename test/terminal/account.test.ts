import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, type Simulator, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectWithout, LINK, open, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { start } from "../support/running.js";
import { MIRA, simulatedHome, TOMAS } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";
import { pause } from "../support/wait.js";

const signingKey = await createSigningKey();

const stored = ({ authJson }: Home): { token: string } => JSON.parse(readFileSync(authJson, "utf8"));

/** Mira is signed in, as mesheryctl would have left it. */
async function signedIn(): Promise<{ home: Home; simulator: Simulator; old: string }> {
  const { home, simulator } = await simulatedHome({ signingKey });
  const old = simulator.cloud.issueToken({ user: MIRA });
  mkdirSync(home.meshery, { mode: 0o700 });
  writeFileSync(home.authJson, JSON.stringify({ "meshery-provider": "Layer5", token: old }), { mode: 0o600 });
  return { home, simulator, old };
}

async function loginAs(home: Home, user: string, args: readonly string[] = []): Promise<TerminalSession> {
  const terminal = openTerminal(home, ["login", "layer5", ...args]);
  const [, link = ""] = await terminal.see(LINK);
  const { callback = "" } = await visitLogin(link, { user, stay: true });
  expect(await open(callback)).toBe(303);
  return terminal;
}

async function loginElsewhere(home: Home, user: string, args: readonly string[] = []) {
  const program = start(home, ["login", "layer5", "--no-browser", ...args]);
  const [, link = ""] = await program.see(LINK);
  const { callback = "" } = await visitLogin(link, { user, stay: true });
  expect(await open(callback)).toBe(303);
  return await program.end();
}

describe("another account is signed in", () => {
  test("in a terminal the person is asked: yes replaces it", async () => {
    const { home, simulator, old } = await signedIn();
    const terminal = await loginAs(home, TOMAS);
    await terminal.see(/Replace it with tomas\.okafor@example\.org/);
    expect(stored(home).token).toBe(old);
    terminal.type("y");
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(simulator.cloud.userOf(stored(home).token)?.email).toBe(TOMAS);
  });

  test("no leaves everything as it was", async () => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    const terminal = await loginAs(home, TOMAS);
    await terminal.see(/Replace it with/);
    terminal.type("n");
    const { code, before, after } = await terminal.end();
    expect(code).not.toBe(0);
    expect(after).toBe(before);
    expect(terminal.text).toContain("Nothing was changed.");
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test("a question that is answered after the time for the login changes nothing about it", async () => {
    const { home, simulator } = await signedIn();
    const terminal = await loginAs(home, TOMAS, ["--timeout", "5s"]);
    await terminal.see(/Replace it with/);
    await pause(5_000);
    terminal.type("y");
    expect((await terminal.end()).code).toBe(0);
    expect(terminal.text).toContain("Signed in with Layer5 as Tomas Okafor");
    expect(terminal.text).not.toMatch(/The time is up/);
    expect(simulator.cloud.userOf(stored(home).token)?.email).toBe(TOMAS);
  });

  test("Enter alone is no", async () => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    const terminal = await loginAs(home, TOMAS);
    await terminal.see(/Replace it with/);
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).not.toBe(0);
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test.each([
    ["Ctrl-C", KEY.interrupt],
    ["Ctrl-D", KEY.endOfInput],
    ["Esc", KEY.escape],
  ])("%s at the question exits 130 and changes nothing", async (_, key) => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    const terminal = await loginAs(home, TOMAS);
    await terminal.see(/Replace it with/);
    terminal.type(key);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([130, before]);
    expect(terminal.screen.cursorVisible).toBe(true);
    expect(terminal.screen.lines.filter((line) => /^\s*Yes\s*$/.test(line))).toEqual([]);
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test("the question names who is signed in, when that is known", async () => {
    const { home } = await simulatedHome({ signingKey });
    expect((await loginElsewhere(home, MIRA)).code).toBe(0);
    const terminal = await loginAs(home, TOMAS);
    await terminal.see(/Signed in so far: mira\.solberg@example\.com \(Layer5\), since \d{4}-\d\d-\d\d\./);
    await terminal.see(
      /The login of mira\.solberg@example\.com[\s\S]* still works\.\s+Replace it with\s+tomas\.okafor@example\.org/,
    );
    terminal.type("n");
    expect((await terminal.end()).code).not.toBe(0);
  });

  test("--force replaces it without a question", async () => {
    const { home, simulator } = await signedIn();
    const terminal = await loginAs(home, TOMAS, ["--force"]);
    expect((await terminal.end()).code).toBe(0);
    expect(terminal.text).not.toContain("Replace it");
    expect(simulator.cloud.userOf(stored(home).token)?.email).toBe(TOMAS);
  });

  test("without a terminal it is exit 10, and --force is named", async () => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    const { code, stderr, stdout } = await loginElsewhere(home, TOMAS);
    expect([code, stdout]).toEqual([10, ""]);
    expect(stderr).toContain("--force");
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test("without a terminal --force replaces it", async () => {
    const { home, simulator } = await signedIn();
    const { code, stderr } = await loginElsewhere(home, TOMAS, ["--force"]);
    expect(code).toBe(0);
    // Whom it replaces is said all the same, and first.
    expect(stderr).toMatch(/^Signed in so far: an account at Layer5\.\n/);
    expect(stderr).toContain(
      "Replacing the login of an account at Layer5 with tomas.okafor@example.org (Layer5).",
    );
    expect(simulator.cloud.userOf(stored(home).token)?.email).toBe(TOMAS);
  });

  test("login none in its place asks as well", async () => {
    const { home, old } = await signedIn();
    const terminal = openTerminal(home, ["login", "none"]);
    await terminal.see(/Replace it with/);
    terminal.type("n");
    expect((await terminal.end()).code).not.toBe(0);
    expect(stored(home).token).toBe(old);
  });

  test("the same account is replaced without a question", async () => {
    const { home, old } = await signedIn();
    const terminal = await loginAs(home, MIRA);
    expect((await terminal.end()).code).toBe(0);
    expect(stored(home).token).not.toBe(old);
  });

  test.each([
    ["an expired one", { user: MIRA, expired: true, noRefresh: true }],
    ["a login without an account", undefined],
    ["a logged-out one", "logged-out"],
  ])("%s is replaced without a question", async (_, kind) => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const content =
      kind === "logged-out"
        ? ""
        : typeof kind === "object"
          ? JSON.stringify({ "meshery-provider": "Layer5", token: simulator.cloud.issueToken(kind) })
          : '{"meshery-provider":"None","token":""}\n';
    mkdirSync(home.meshery, { mode: 0o700 });
    writeFileSync(home.authJson, content, { mode: 0o600 });
    const { code, stderr } = await loginElsewhere(home, TOMAS);
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor")]);
  });
});

describe("--expect-account", () => {
  test.each([
    ["the address", "tomas.okafor@example.org"],
    ["the address in other letters", "Tomas.Okafor@Example.org"],
    ["the id", "9c4a2d70-3e5b-4f18-8a7c-6b2f0d8e4c02"],
  ])("the right account by %s is taken", async (_, expected) => {
    const { home } = await simulatedHome({ signingKey });
    const { code, stderr } = await loginElsewhere(home, TOMAS, ["--expect-account", expected]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor <tomas.okafor@example.org>")]);
  });

  test("another account is exit 5 and nothing is written, with or without --force", async () => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    for (const more of [[], ["--force"]]) {
      const { code, stderr } = await loginElsewhere(home, TOMAS, ["--expect-account", MIRA, ...more]);
      expect([code, stderr]).toEqual([5, expect.stringContaining("MESHAUTH_E_WRONG_ACCOUNT")]);
      expect(stderr).toContain(TOMAS);
    }
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test("the browser gets its page all the same", async () => {
    const { home } = await simulatedHome({ signingKey });
    const args = ["login", "layer5", "--no-browser", "--expect-account", MIRA];
    const program = start(home, args);
    const [, link = ""] = await program.see(LINK);
    const { status, page } = await visitLogin(link, { user: TOMAS });
    expect([status, page]).toEqual([200, expect.stringContaining("return to your terminal")]);
    expect((await program.end()).code).toBe(5);
  });

  test("in a terminal it fails without a question", async () => {
    const { home } = await signedIn();
    const untouched = snapshot(home.path);
    const terminal = await loginAs(home, TOMAS, ["--expect-account", MIRA]);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([5, before]);
    expect(terminal.text).not.toContain("Replace it");
    expect(snapshot(home.path)).toEqual(untouched);
  });

  test("an account that cannot be asked for is exit 5", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("profile-503");
    simulator.faults.set("user-html");
    const untouched = snapshot(home.path);
    const { code } = await loginElsewhere(home, TOMAS, ["--expect-account", TOMAS]);
    expect(code).toBe(5);
    expect(snapshot(home.path)).toEqual(untouched);
  });
});

test("--skip-verify asks nobody who signed in, and says that it was not verified", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  const { code, stdout } = await loginElsewhere(home, TOMAS, ["--skip-verify", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ account: null, verified: false });
  const asked = [...simulator.cloud.requests, ...simulator.server.requests].filter(
    ({ path, headers }) =>
      /\/(user|profile)$/.test(path) && String(headers["user-agent"]).startsWith("meshauth"),
  );
  expect(asked).toEqual([]);
});

test("a provider that cannot say who signed in: saved, not verified, with a warning", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("profile-503");
  simulator.faults.set("user-html");
  const { code, stdout, stderr } = await loginElsewhere(home, TOMAS, ["--json"]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ account: null, verified: false });
  expect(report.warnings.join("\n")).toMatch(/could not be confirmed who signed in/);
  expect(stderr).toContain("Warning: ");
  expect(simulator.cloud.userOf(stored(home).token)?.email).toBe(TOMAS);
});

describe("warnings are for people too, not only in the document of --json", () => {
  test("that nobody could confirm who signed in", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("profile-503");
    simulator.faults.set("user-html");
    const { code, stderr } = await loginElsewhere(home, TOMAS);
    expect([code, stderr]).toEqual([0, expect.stringContaining("could not be confirmed who signed in")]);
  });

  test("that the file was damaged, and where its content is kept", async () => {
    const { home } = await simulatedHome({ signingKey });
    mkdirSync(home.meshery, { mode: 0o700 });
    writeFileSync(home.authJson, '{"meshery-provider":"Layer5","tok', { mode: 0o600 });
    const { code, stderr } = await loginElsewhere(home, TOMAS);
    expect(code).toBe(0);
    const [, copy = ""] = /damaged[^\n]* (\/\S+?)\.?$/m.exec(stderr) ?? [];
    expect(readFileSync(copy, "utf8")).toBe('{"meshery-provider":"Layer5","tok');
  });

  test("that the file was open to others", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    mkdirSync(home.meshery, { mode: 0o700 });
    const old = { "meshery-provider": "Layer5", token: simulator.cloud.issueToken({ user: TOMAS }) };
    writeFileSync(home.authJson, JSON.stringify(old), { mode: 0o644 });
    const terminal = await loginAs(home, TOMAS);
    expect((await terminal.end()).code).toBe(0);
    expect(terminal.text).toMatch(/Warning: The file was open to other users until now/);
  });
});

test("a provider that denies the new token: exit 5 and nothing written", async () => {
  const { home, simulator } = await simulatedHome({ signingKey });
  simulator.faults.set("profile-401");
  const untouched = snapshot(home.path);
  const { code } = await loginElsewhere(home, TOMAS);
  expect(code).toBe(5);
  expect(snapshot(home.path)).toEqual(untouched);
});

describe("the file cannot be written when the login is approved", () => {
  /** The folder of the credential file has become a file meanwhile. */
  function spoil({ path, meshery }: Home): void {
    rmSync(meshery, { recursive: true, force: true });
    writeFileSync(join(path, "blocker"), "in the way\n");
    renameSync(join(path, "blocker"), meshery);
  }

  async function approved(home: Home): Promise<TerminalSession> {
    const terminal = openTerminal(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    spoil(home);
    await visitLogin(link, { user: TOMAS });
    await terminal.see(/not saved\. Another file to save it to/);
    return terminal;
  }

  test("in a terminal another path is taken", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const terminal = await approved(home);
    terminal.type(`other/auth.json${KEY.enter}`);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    const { token } = JSON.parse(readFileSync(join(home.path, "other/auth.json"), "utf8"));
    expect(simulator.cloud.userOf(token)?.email).toBe(TOMAS);
    expect(terminal.text).toContain(join(home.path, "other/auth.json"));
    expectWithout(token, terminal.output);
  });

  test("~ in the path is the home directory", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = await approved(home);
    terminal.type(`~/kept.json${KEY.enter}`);
    expect((await terminal.end()).code).toBe(0);
    expect(readFileSync(join(home.path, "kept.json"), "utf8")).toContain("Layer5");
  });

  test("a path that cannot be written either asks again", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = await approved(home);
    const from = terminal.text.length;
    terminal.type(`${home.meshery}/auth.json${KEY.enter}`);
    await terminal.see(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*\\n[\\s\\S]*Another file to save it to`));
    terminal.type(`kept.json${KEY.enter}`);
    expect((await terminal.end()).code).toBe(0);
    expect(readFileSync(join(home.path, "kept.json"), "utf8")).toContain("Layer5");
  });

  test("an empty answer gives up: exit 8", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = await approved(home);
    terminal.type(KEY.enter);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([8, before]);
  });

  test("without a terminal: exit 8, the cause is named and the blocker is left alone", async () => {
    const { home } = await simulatedHome({ signingKey });
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    spoil(home);
    await visitLogin(link, { user: TOMAS });
    const { code, stderr } = await program.end();
    expect(code).toBe(8);
    expect(stderr).toContain(home.meshery);
    expect(readFileSync(home.meshery, "utf8")).toBe("in the way\n");
  });
});
