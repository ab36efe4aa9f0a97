import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { LINK } from "../support/login.js";
import type { Home } from "../support/program.js";
import { start } from "../support/running.js";
import { simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal } from "../support/terminal.js";
import { until } from "../support/wait.js";

const signingKey = await createSigningKey();

/** A program that writes its arguments down, one a line, and then does something. */
function recorder(home: Home, name = "recorder", then = ""): { path: string; calls: () => string[] } {
  const path = join(home.path, name);
  const log = `${path}.log`;
  mkdirSync(join(path, ".."), { recursive: true });
  const lines = ["#!/bin/sh", `for word; do printf '%s\\n' "$word"; done >>'${log}'`, then];
  writeFileSync(path, `${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
  return {
    path,
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []),
  };
}

/** Runs a login with an opener and signs in with the link that it printed. */
async function loginWith(home: Home, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const program = start(home, ["login", "layer5", ...args], { env });
  const [, link = ""] = await program.see(LINK);
  return { program, link };
}

describe("the opener that the environment names", () => {
  test.each([
    ["MESHAUTH_BROWSER", (path: string) => ({ MESHAUTH_BROWSER: path, BROWSER: "false" })],
    ["BROWSER", (path: string) => ({ BROWSER: path })],
  ])("%s gets the link, whole and as its only argument", async (_, env) => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home);
    const { program, link } = await loginWith(home, env(path));
    await until(
      () => calls().length > 0,
      10_000,
      () => "Nothing was opened.",
    );
    expect(calls()).toEqual([link]);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
    expect(calls()).toEqual([link]);
  });

  test.each([
    ["%s and arguments", "PATH --new-window %s --quiet", ["--new-window", "LINK", "--quiet"]],
    ["%s inside a word", "PATH --url=%s", ["--url=LINK"]],
    ["%% for a percent sign", "PATH 100%% %s", ["100%", "LINK"]],
    ["arguments and no %s", "PATH --new-window", ["--new-window", "LINK"]],
    ["quoted words", "PATH 'two words' \"\" %s", ["two words", "", "LINK"]],
    ["what a shell would act on", "PATH $(touch owned) ;touch owned %s", null],
    ["alternatives, the first of which is missing", "/nowhere/browser:PATH", ["LINK"]],
    ["alternatives, the first of which fails", "false:PATH", ["LINK"]],
  ])("BROWSER with %s", async (_, value, expected) => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home);
    const { program, link } = await loginWith(home, { BROWSER: value.replace("PATH", path) });
    await until(
      () => calls().length > 0,
      10_000,
      () => "Nothing was opened.",
    );
    const words = expected ?? ["$(touch", "owned)", ";touch", "owned", "LINK"];
    expect(calls()).toEqual(words.map((word) => word.replace("LINK", link)));
    expect(existsSync(join(home.path, "owned"))).toBe(false);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
  });

  test.each([
    ["a path with spaces", (path: string) => path],
    ["a quoted path with spaces and arguments", (path: string) => `"${path}" %s`],
  ])("%s is one program", async (_, value) => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home, "my browser/open it");
    const { program, link } = await loginWith(home, { MESHAUTH_BROWSER: value(path) });
    await until(
      () => calls().length > 0,
      10_000,
      () => "Nothing was opened.",
    );
    expect(calls()).toEqual([link]);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
  });

  test("the link is printed once, and before the browser is opened", async () => {
    const { home } = await simulatedHome({ signingKey });
    const errors = join(home.path, "errors");
    const { path, calls } = recorder(
      home,
      "recorder",
      `grep -cxF "$1" '${errors}' >>'${home.path}/recorder.log'`,
    );
    const file = openSync(errors, "w");
    onTestFinished(() => closeSync(file));
    const program = start(home, ["login", "layer5"], { env: { BROWSER: path }, stderr: file });
    await until(
      () => calls().length === 2,
      15_000,
      () => "Nothing was opened.",
    );
    const [link = "", seen] = calls();
    expect(seen).toBe("1");
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
    expect(readFileSync(errors, "utf8").split(link)).toHaveLength(2);
  });

  test("what it prints does not mix with ours", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { path } = recorder(home, "recorder", "echo NOISE; echo NOISE >&2");
    const { program, link } = await loginWith(home, { BROWSER: path }, ["--json"]);
    await visitLogin(link);
    const { code, stdout, stderr } = await program.end();
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("NOISE");
  });

  test("--no-browser wins over it", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home);
    const { program, link } = await loginWith(home, { BROWSER: path }, ["--no-browser"]);
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
    expect(calls()).toEqual([]);
  });

  test("it is obeyed over SSH too", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home);
    const { program, link } = await loginWith(home, {
      BROWSER: path,
      SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22",
    });
    await until(
      () => calls().length > 0,
      10_000,
      () => "Nothing was opened.",
    );
    await visitLogin(link);
    expect((await program.end()).code).toBe(0);
  });
});

describe("T38: an opener that does not work does not end the login", () => {
  test.each([
    ["is missing", "/nowhere/browser", /MESHAUTH_BROWSER names \/nowhere\/browser, which is not there\./],
    ["exits 1", "false", /No browser could be opened: open the link yourself\./],
    ["is a folder", "/tmp", /MESHAUTH_BROWSER names \/tmp, which is not there\./],
  ])("one that %s: it is said, and the link still works", async (_, value, said) => {
    const { home } = await simulatedHome({ signingKey });
    const { program, link } = await loginWith(home, { MESHAUTH_BROWSER: value });
    await program.see(said);
    await visitLogin(link);
    const { code, stderr } = await program.end();
    expect(code).toBe(0);
    expect(stderr.split(link)).toHaveLength(2);
    expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  });

  test("one that hangs delays neither the login nor the end of the program", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home, "recorder", 'echo $$ >>"$0.log"\nexec sleep 60');
    const { program, link } = await loginWith(home, { MESHAUTH_BROWSER: path });
    await until(
      () => calls().length === 2,
      10_000,
      () => "Nothing was opened.",
    );
    const opener = Number(calls()[1]);
    onTestFinished(() => void process.kill(opener, "SIGKILL"));
    await visitLogin(link);
    expect((await program.end(10_000)).code).toBe(0);
  });

  test("one that hangs does not keep an interrupted login", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { path, calls } = recorder(home, "recorder", 'echo $$ >>"$0.log"\nexec sleep 60');
    const { program } = await loginWith(home, { MESHAUTH_BROWSER: path });
    await until(
      () => calls().length === 2,
      10_000,
      () => "Nothing was opened.",
    );
    const opener = Number(calls()[1]);
    onTestFinished(() => void process.kill(opener, "SIGKILL"));
    program.kill("SIGINT");
    expect((await program.end(3_000)).code).toBe(130);
  });

  test("in a terminal it is said on a line of its own", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openTerminal(home, ["login", "layer5"], { env: { BROWSER: "false" } });
    await terminal.see(/No browser could be opened/);
    expect(terminal.screen.lines).toContain("No browser could be opened: open the link yourself.");
    terminal.type(KEY.interrupt);
    expect((await terminal.end()).code).toBe(130);
  });

  test.each([
    ["over SSH", { SSH_TTY: "/dev/pts/9" }, /SSH session/],
    ["without a display", {}, /no display|container/],
  ])("%s none is opened, and the reason is given", async (_, env, reason) => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openTerminal(home, ["login", "layer5"], { env });
    await terminal.see(/Waiting for the sign-in/);
    expect(terminal.text).toMatch(reason);
    expect(terminal.text).not.toContain("Your browser should show");
    terminal.type(KEY.interrupt);
    expect((await terminal.end()).code).toBe(130);
  });
});
