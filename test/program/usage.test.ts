import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";

const NONE = '{"meshery-provider":"None","token":""}\n';

describe.concurrent("what is typed and does not exist ends with 2", () => {
  test.each<[string, string[], string, RegExp]>([
    ["a command", ["nonsense"], "MESHAUTH_E_UNKNOWN_COMMAND", /nonsense/],
    ["a command, nearly right", ["statsu"], "MESHAUTH_E_UNKNOWN_COMMAND", /meshauth status/],
    ["a command in capitals", ["LOGIN"], "MESHAUTH_E_UNKNOWN_COMMAND", /meshauth login/],
    ["a command below a topic", ["provider", "lsit"], "MESHAUTH_E_UNKNOWN_COMMAND", /meshauth provider list/],
    ["a help topic", ["help", "nonsense"], "MESHAUTH_E_", /nonsense/],
    ["a command for which", ["which", "nonsense"], "MESHAUTH_E_UNKNOWN_COMMAND", /nonsense/],
    ["nothing for which", ["which"], "MESHAUTH_E_", /./],
    ["a flag", ["status", "--nope"], "MESHAUTH_E_USAGE", /--nope/],
    ["a flag before the provider", ["login", "--nope", "none"], "MESHAUTH_E_USAGE", /--nope/],
    ["a flag of another login", ["login", "none", "--no-browser"], "MESHAUTH_E_USAGE", /--no-browser/],
    ["an argument", ["status", "extra"], "MESHAUTH_E_USAGE", /extra/],
    ["an argument after a provider", ["login", "none", "extra"], "MESHAUTH_E_USAGE", /extra/],
    ["two providers", ["login", "layer5", "none"], "MESHAUTH_E_USAGE", /none/],
    ["two providers, one as a flag", ["login", "none", "-p", "Layer5"], "MESHAUTH_E_USAGE", /none.*layer5/],
    ["a flag without its value", ["status", "--context"], "MESHAUTH_E_USAGE", /--context/],
    ["a time without a unit", ["login", "none", "--timeout", "5"], "MESHAUTH_E_USAGE", /5m/],
    ["a time that is none", ["login", "none", "--timeout", "soon"], "MESHAUTH_E_USAGE", /soon/],
    ["a port that is none", ["login", "layer5", "--port", "70000"], "MESHAUTH_E_USAGE", /port/],
    ["port 0", ["login", "layer5", "--port", "0"], "MESHAUTH_E_USAGE", /port/],
    [
      "flags that exclude each other",
      ["login", "none", "--skip-verify", "--expect-account", "x"],
      "MESHAUTH_E_USAGE",
      /skip-verify/,
    ],
    ["an address that is none", ["login", "none", "--server", "nowhere"], "MESHAUTH_E_USAGE", /server/i],
    [
      "a server by file",
      ["status", "--check", "--server", "file:///etc/passwd"],
      "MESHAUTH_E_USAGE",
      /server/i,
    ],
    ["a provider", ["login", "nope"], "MESHAUTH_E_UNKNOWN_PROVIDER", /Did you mean none\?/],
    ["a provider as a flag", ["login", "-p", "nope"], "MESHAUTH_E_UNKNOWN_PROVIDER", /Did you mean none\?/],
    ["a provider, nearly right", ["login", "layer"], "MESHAUTH_E_UNKNOWN_PROVIDER", /meshauth login layer5/],
    ["an empty provider", ["login", ""], "MESHAUTH_E_UNKNOWN_PROVIDER", /provider/],
    ["a provider to show", ["provider", "show", "nope"], "MESHAUTH_E_UNKNOWN_PROVIDER", /none/],
  ])("%s", async (_, args, code, text) => {
    const home = offlineHome();
    const outcome = await meshauth(home, args);
    expectFailure(outcome, 2, code);
    expect(outcome.stderr).toMatch(text);
    expect(existsSync(home.meshery)).toBe(false);
  });

  test("login nope lists the valid ids and the nearest one", async () => {
    const failure = failureOf(await meshauth(offlineHome(), ["login", "nope", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_UNKNOWN_PROVIDER", exitCode: 2 });
    const text = JSON.stringify(failure);
    for (const id of ["layer5", "none", "file-import", "oidc"]) expect(text).toContain(id);
    expect(failure.next[0]).toBe("meshauth login none");
  });

  test.each([
    ["a flag", ["--context", "nope"], {}],
    ["a variable", [], { MESHERY_CONTEXT: "nope" }],
  ])("a context, by %s", async (_, args, env) => {
    const home = offlineHome();
    putConfig(home, configText({ prod: { endpoint: NOWHERE }, local: { endpoint: NOWHERE } }));
    for (const command of [["status"], ["login", "none"], ["provider", "show"]]) {
      const outcome = await meshauth(home, [...command, ...args], { env });
      expectFailure(outcome, 2, "MESHAUTH_E_UNKNOWN_CONTEXT");
      expect(outcome.stderr).toMatch(/nope/);
    }
    expect(existsSync(home.authJson)).toBe(false);
  });

  test("a context without a config", async () => {
    expectFailure(
      await meshauth(offlineHome(), ["status", "--context", "nope"]),
      2,
      "MESHAUTH_E_UNKNOWN_CONTEXT",
    );
  });

  test("flags in front of the command, with --json among them, give one document", async () => {
    const failure = failureOf(await meshauth(offlineHome(), ["--json", "status"]));
    expect(failure.exitCode).toBe(2);
  });

  test("what was typed is shown without its control characters", async () => {
    for (const args of [
      ["login", "x\u001b[31m\u202ey"],
      ["x\u001b[31m\u202ey"],
      ["status", "--x\u001b[31my"],
    ]) {
      const { code, stderr } = await meshauth(offlineHome(), args);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe.concurrent("the ways to name a provider", () => {
  test.each([
    [["login", "none"]],
    [["login", "-p", "local"]],
    [["login", "-p", "None"]],
    [["login", "-p=none"]],
    [["login", "--force", "none"]],
    [["login", "--force", "-p", "none"]],
    [["login", "--server", NOWHERE, "none"]],
    [["login", "None"]],
    [["login", "--", "none"]],
    [["login:none"]],
    [["system", "login", "none"]],
    [["system", "login", "-p", "None"]],
  ])("%j", async (args) => {
    const home = offlineHome();
    const outcome = await meshauth(home, args);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  });

  test.each([
    [["login", "-p", "Meshery"]],
    [["login", "-p", "LAYER5"]],
    [["login", "Meshery"]],
    [["login", "layer5"]],
    [["login", "layer5", "--json"]],
  ])("%j means layer5, which needs a person or --no-browser", async (args) => {
    const home = offlineHome();
    const outcome = await meshauth(
      home,
      [...args, "--json"].slice(0, args.includes("--json") ? -1 : undefined),
    );
    const failure = failureOf(outcome);
    expect(failure).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expect(failure.next).toContain("meshauth login layer5 --no-browser");
    expect(existsSync(home.meshery)).toBe(false);
  });

  test("--json --context x none: the flags reach the provider's command", async () => {
    const home = offlineHome();
    putConfig(home, configText({ y: { endpoint: NOWHERE }, x: { endpoint: NOWHERE, location: "x.json" } }));
    const outcome = await meshauth(home, ["login", "--json", "--context", "x", "none"]);
    expect(document(outcome)).toMatchObject({ context: "x", file: `${home.meshery}/x.json` });
    expect(outcome.code).toBe(0);
    expect(readFileSync(`${home.meshery}/x.json`, "utf8")).toBe(NONE);
  });

  test("a context called like a provider is no provider", async () => {
    const home = offlineHome();
    putConfig(home, configText({ none: { endpoint: NOWHERE } }));
    const failure = failureOf(await meshauth(home, ["login", "--context", "none", "--json"]));
    expect(failure.code).toBe("MESHAUTH_E_INTERACTION");
  });
});

describe.concurrent("nobody to ask", () => {
  test.each([
    ["standard input closed", {}],
    ["a name on standard input, which is no argument", { input: "none\n" }],
    ["an empty standard input", { input: "" }],
    ["CI", { env: { CI: "1" } }],
  ])("login with %s names the commands that work", async (_, options) => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["login"], options);
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
    for (const command of [
      "meshauth login none",
      "meshauth login layer5 --no-browser",
      "meshauth login file-import FILE",
      "meshauth login oidc --issuer URL --client-id ID --start --json",
      "meshauth login oidc --issuer URL --client-id ID --no-browser",
    ]) {
      expect(outcome.stderr).toContain(command);
    }
    expect(existsSync(home.meshery)).toBe(false);
  });

  test("standard input that is not there at all", async () => {
    const home = offlineHome();
    const command = ["sh", "-c", 'exec "$0" "$@" <&-', process.execPath] as const;
    const { PROGRAM } = await import("../support/program.js");
    const outcome = await meshauth(home, [PROGRAM, "login"], { command: [...command] });
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
  });

  test("file-import without a file", async () => {
    const outcome = await meshauth(offlineHome(), ["login", "file-import"]);
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
    expect(outcome.stderr).toContain("meshauth login file-import");
  });

  test("--paste", async () => {
    const outcome = await meshauth(offlineHome(), ["login", "layer5", "--paste"]);
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
  });
});
