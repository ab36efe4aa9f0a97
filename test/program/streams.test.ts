import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { startBrowserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { failureOf } from "../support/failure.js";
import { put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { type Home, meshauth, PROGRAM } from "../support/program.js";
import { authJson } from "../support/tokens.js";

/** Runs a shell line in which "$@" is the program with these arguments; ends after 8 s with 124. */
function shell(home: Home, line: string, args: readonly string[], env: Record<string, string> = {}) {
  return meshauth(home, ["8", "bash", "-c", line, "bash", process.execPath, PROGRAM, ...args], {
    command: ["timeout"],
    env,
  });
}

describe.concurrent("nobody reads what is printed", () => {
  test.each([
    ["standard output is full", '"$@" >/dev/full', ["status", "--json"]],
    ["standard output is full, for a login", '"$@" >/dev/full', ["login", "none", "--json"]],
    ["standard error is full", '"$@" 2>/dev/full', ["login", "none"]],
    ["standard error is full, on failure", '"$@" 2>/dev/full', ["login", "nope"]],
    ["both are full", '"$@" >/dev/full 2>/dev/full', ["login", "none", "--json"]],
    ["standard output is closed", '"$@" >&-', ["status"]],
    ["standard error is closed", '"$@" 2>&-', ["login", "none"]],
    ["everything is closed", '"$@" <&- >&- 2>&-', ["login", "none"]],
  ])("%s: the program ends, without a stack trace", async (_, line, args) => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const outcome = await shell(home, line, args);
    expect(outcome.code, "ended by the test").not.toBe(124);
    expect(outcome.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
    expect(outcome.stderr).not.toMatch(/EPIPE|ENOSPC|EBADF/);
  });

  test.each([
    ["status", ["status"]],
    ["check", ["check"]],
    ["help", ["--help"]],
    ["provider list", ["provider", "list"]],
    ["a failure as JSON", ["login", "nope", "--json"]],
  ])("a reader that leaves at once, as head does: %s", async (_, args) => {
    const home = offlineHome();
    const outcome = await shell(home, '"$@" | true; exit 0', args);
    expect(outcome).toEqual({ code: 0, stdout: "", stderr: expect.not.stringMatching(/EPIPE|^\s+at /m) });
  });

  test("what was asked for and could not be printed is no success", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const outcome = await shell(home, '"$@" >/dev/full', ["status", "--json"]);
    expect(outcome.code).not.toBe(0);
  });

  test.each(["status", "provider list", "check", "whoami", "version", "login none"])(
    "`%s` whose output cannot be printed blames no defect of the program",
    async (words) => {
      const home = offlineHome();
      put(home.authJson, authJson("None", ""));
      const { stderr } = await shell(home, '"$@" >/dev/full', words.split(" "));
      expect(stderr).not.toContain("MESHAUTH_E_UNEXPECTED");
    },
  );

  test("a lot of text into a slow pipe arrives whole", async () => {
    const home = offlineHome();
    const whole = await meshauth(home, ["check", "--json"]);
    const slow = await shell(home, '"$@" | { sleep 1; cat; }', ["check", "--json"]);
    expect(JSON.parse(slow.stdout)).toEqual(JSON.parse(whole.stdout));
  });
});

describe.concurrent("colour", () => {
  test.each<[string, readonly string[], Record<string, string>, boolean]>([
    ["a pipe", [], {}, false],
    ["FORCE_COLOR", [], { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR and NO_COLOR", [], { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["FORCE_COLOR and --no-color", ["--no-color"], { FORCE_COLOR: "1" }, false],
    ["FORCE_COLOR=0", [], { FORCE_COLOR: "0" }, false],
  ])("%s", async (_, args, env, colored) => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    const { stdout } = await meshauth(home, ["status", ...args], { env: { NO_COLOR: undefined, ...env } });
    expect(stdout.includes("\u001b[")).toBe(colored);
  });

  test("never in JSON", async () => {
    const env = { NO_COLOR: undefined, FORCE_COLOR: "3" };
    const { stdout } = await meshauth(offlineHome(), ["check", "--json"], { env });
    expect(stdout).not.toContain("\u001b");
    JSON.parse(stdout);
  });
});

describe.concurrent("a signal while a browser login waits", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s: 130, one document, and nothing is left",
    async (signal) => {
      const simulator = await startSimulator();
      atEnd(() => simulator.close());
      const home = offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url });
      const running = await startBrowserLogin(home, ["--json"]);
      running.kill(signal);
      const outcome = await running.outcome;
      expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_INTERRUPTED", exitCode: 130 });
      expect(existsSync(home.meshery)).toBe(false);
      const source = Buffer.from(
        new URL(running.link).searchParams.get("source") ?? "",
        "base64url",
      ).toString();
      await expect(fetch(source)).rejects.toThrow();
    },
  );

  test("while it is starting: 130 or the signal, and nothing is left", async () => {
    const home = offlineHome();
    for (const wait of [30, 120, 250]) {
      const child = spawn(process.execPath, [PROGRAM, "login", "none"], { env: home.env, stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => void child.once("close", resolve));
      await new Promise((resolve) => setTimeout(resolve, wait));
      child.kill("SIGINT");
      expect([130, null, 0]).toContain(await ended);
      expect(existsSync(`${home.authJson}.lock`)).toBe(false);
    }
  });
});
