import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openerCommands, openLink } from "../src/browser.js";

const LINK = 'https://login.example/?a=1&b="$(touch x)"';

describe("openerCommands", () => {
  test.each([
    ["firefox", [["firefox", LINK]]],
    ["firefox --new-tab", [["firefox", "--new-tab", LINK]]],
    ["firefox -url %s -private", [["firefox", "-url", LINK, "-private"]]],
    [
      "first:second %s",
      [
        ["first", LINK],
        ["second", LINK],
      ],
    ],
    ['"/opt/my browser/run" --app', [["/opt/my browser/run", "--app", LINK]]],
    ["open --rate=100%%", [["open", "--rate=100%", LINK]]],
    ["", []],
    [":", []],
  ])("%j", (value, commands) => {
    expect(openerCommands(value, LINK, "linux")).toEqual(commands);
  });

  test("a colon does not separate on Windows, where it follows a drive", () => {
    expect(openerCommands("C:\\browser.exe", LINK, "win32")).toEqual([["C:\\browser.exe", LINK]]);
  });
});

describe("openLink", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "meshauth browser-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function opener(script: string): string {
    const path = join(folder, "opener.sh");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test("hands the link over as one argument, through no shell, to a program whose path has a space", async () => {
    const path = opener(`printf '%s\\n' "$#" "$1" > "${folder}/args"`);
    expect(await openLink(LINK, { env: { BROWSER: path }, platform: "linux" })).toBe(true);
    expect(readFileSync(join(folder, "args"), "utf8")).toBe(`1\n${LINK}\n`);
  });

  test("MESHAUTH_BROWSER comes before BROWSER", async () => {
    const env = { MESHAUTH_BROWSER: opener(`touch "${folder}/ours"`), BROWSER: "/nonexistent/browser" };
    expect(await openLink(LINK, { env, platform: "linux" })).toBe(true);
  });

  test("goes on to the next alternative when one is missing or fails", async () => {
    const value = `/nonexistent/one:false:"${opener("exit 0")}"`;
    expect(await openLink(LINK, { env: { BROWSER: value }, platform: "linux" })).toBe(true);
  });

  test("says so when none can be started", async () => {
    expect(await openLink(LINK, { env: { BROWSER: "/nonexistent/one:false" }, platform: "linux" })).toBe(
      false,
    );
  });

  test("takes a browser that stays in the foreground for opened", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const opened = openLink(LINK, { env: { BROWSER: opener("sleep 5") }, platform: "linux" });
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    expect(await opened).toBe(true);
  });
});
