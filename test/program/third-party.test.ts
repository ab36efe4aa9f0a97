import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth, PROGRAM, type RunOptions } from "../support/program.js";
import { linkProviders, moduleWith, packageName, type ThirdParty } from "../support/third-party.js";
import { canary, leaksOf } from "../support/tokens.js";
import { namesIn } from "../support/tree.js";

const ID = "acme";
const OK = 'return { kind: "local", serverName: "Acme" };';
const NOISE = `
console.log("NOISE"); console.info("NOISE"); console.error("NOISE"); console.warn("NOISE");
process.stdout.write("NOISE\\n"); process.stdout.write(new Uint8Array([0x4e, 0x4f, 0x49, 0x53, 0x45, 0x0a]));
process.stdout.end?.name; process.stderr.write("NOISE\\n"); console.table?.([["NOISE"]]); console.dir({ a: "NOISE" });
process.emitWarning("NOISE");
`;

function homeWith(module: string, more: Partial<ThirdParty> = {}): Home {
  const home = offlineHome();
  linkProviders(home, [{ id: ID, module, ...more }]);
  return home;
}

/** A provider whose login runs this code, after which other methods may follow. */
function homeWithLogin(login: string, methods = ""): Home {
  return homeWith(`export default { api: { major: 1, minor: 0 }, id: "${ID}",
  async login(request, host) { ${login} },
  ${methods} };`);
}

/** `login acme --json`, ended after 25 s with 124. */
function loginAcme(home: Home, args: readonly string[] = [], options: RunOptions = {}) {
  return meshauth(home, ["25", process.execPath, PROGRAM, "login", ID, "--json", ...args], {
    command: ["timeout"],
    ...options,
  });
}

function expectNothingWritten(home: Home): void {
  expect(existsSync(home.authJson)).toBe(false);
  expect(existsSync(home.meshery) ? namesIn(home.meshery) : []).toEqual([]);
}

describe.concurrent("a provider that works", () => {
  test("is used like one of our own", async () => {
    const home = homeWith(moduleWith(ID, OK));
    const outcome = await loginAcme(home);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({
      provider: { id: ID, name: "Acme", package: packageName(ID), version: "1.2.3" },
    });
    expect(readFileSync(home.authJson, "utf8")).toBe('{"meshery-provider":"Acme","token":""}\n');
    expect(modeOf(home.authJson)).toBe("0600");
  });

  test("without an account, as its login says: status and check take it for signed in", async () => {
    const home = homeWith(moduleWith(ID, OK), { entry: { serverNames: ["Acme"] } });
    expect((await loginAcme(home)).code).toBe(0);
    const status = await meshauth(home, ["status", "--json"]);
    expect(status.code, status.stdout).toBe(0);
    expect(document(status)).toMatchObject({ contexts: [{ state: "local", provider: "Acme" }] });
    const { checks } = document(await meshauth(home, ["check", "--json"])) as {
      checks: { id: string; result: string }[];
    };
    expect(checks.filter(({ id, result }) => result === "fail" && !id.startsWith("server."))).toEqual([]);
  });

  test("prints wherever it can, at import and in login: JSON stays one document", async () => {
    const home = homeWith(moduleWith(ID, NOISE + OK, NOISE));
    for (const env of [{}, { DEBUG: "*" }]) {
      const outcome = await loginAcme(home, ["--force"], { env });
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(document(outcome)).toMatchObject({ provider: { id: ID } });
    }
    const people = await meshauth(home, ["login", ID]);
    expect(people).toMatchObject({ code: 0, stdout: "" });
    expect(people.stderr).toContain("NOISE");
  });

  test("prints, and then fails: still one document", async () => {
    const home = homeWith(moduleWith(ID, `${NOISE} throw new Error("NOISE");`, NOISE));
    expect(failureOf(await loginAcme(home)).code).toBe("MESHAUTH_E_PROVIDER_BROKEN");
  });

  test("its tokens are kept out of what it prints itself", async () => {
    const secret = canary();
    const print = `console.log(${JSON.stringify(secret)}); console.error("x" + ${JSON.stringify(secret)} + "y");`;
    const home = homeWithLogin(
      `host.secret(${JSON.stringify(secret)}); ${print} setTimeout(() => { ${print} }, 1);
       return { kind: "token", serverName: "Acme", token: ${JSON.stringify(secret)} };`,
    );
    const outcome = await loginAcme(home, ["--skip-verify"], { env: { DEBUG: "*" } });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(leaksOf(outcome.stdout + outcome.stderr, [secret])).toEqual([]);
    expect(readAuth(home.authJson)["token"]).toBe(secret);
  });

  test("warns with escape codes: they are taken out, in JSON too", async () => {
    const home = homeWithLogin(
      `host.report({ type: "warning", message: "red \\u001b[31m\\u202e\\nline" }); host.report({ type: "step", message: "\\u001b]0;x\\u0007step" }); ${OK}`,
    );
    const outcome = await loginAcme(home);
    expect(outcome.stderr).not.toMatch(/[\u0007\u001b\u202e]/);
    const { warnings } = document(outcome) as { warnings: string[] };
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toMatch(/[\u001b\u202e\n]/);
  });

  test("cannot ask, and is told so", async () => {
    const home = homeWithLogin(`await host.ask({ message: "Name?" }); ${OK}`);
    expect(failureOf(await loginAcme(home))).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expectNothingWritten(home);
  });

  test("sets an exit code of its own: the program's counts", async () => {
    const home = homeWithLogin(`process.exitCode = 7; ${OK}`);
    expect((await loginAcme(home)).code).toBe(0);
  });
});

describe.concurrent("a provider whose login is broken: 9, one message that names the package, nothing written", () => {
  const fake = 'Symbol.for("meshauth.ProviderError")';
  test.each([
    ["throws an error", 'throw new Error("oh no");'],
    ["throws nothing", "throw undefined;"],
    [
      "throws what cannot be shown",
      'throw { toString() { throw new Error("x"); }, get message() { throw new Error("y"); } };',
    ],
    [
      "throws a provider error of no known code",
      `throw Object.assign(new Error("m"), { [${fake}]: true, code: "nonsense", next: [] });`,
    ],
    ["throws a provider error without members", `throw { [${fake}]: true };`],
    ["throws an error of the program's own kind", 'throw { [Symbol.for("meshauth.MeshauthError")]: true };'],
    [
      "throws an error of the store's kind",
      'throw { [Symbol.for("meshauth.StoreError")]: true, code: "x" };',
    ],
    [
      "throws an oclif exit",
      "throw Object.assign(new Error('EEXIT'), { code: 'EEXIT', oclif: { exit: 0 } });",
    ],
    ["ends the process with 0", "process.exit(0);"],
    [
      "rejects in the background",
      'Promise.reject(new Error("x")); await new Promise((r) => setTimeout(r, 300));',
    ],
    [
      "throws in the background",
      'setTimeout(() => { throw new Error("x"); }, 1); await new Promise((r) => setTimeout(r, 300));',
    ],
    ["waits for nothing", "await new Promise(() => {});"],
  ])("%s", async (what, login) => {
    const home = homeWithLogin(login);
    const outcome = await loginAcme(home, what === "waits for nothing" ? ["--timeout", "2s"] : []);
    const failure = failureOf(outcome);
    if (what === "waits for nothing")
      expect(failure).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
    else {
      expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_BROKEN", exitCode: 9 });
      expect(`${failure.message} ${failure.cause}`).toContain(packageName(ID));
    }
    expect(outcome.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
    expectNothingWritten(home);
  });

  test("blocks for longer than the time limit: 6, and nothing is written", async () => {
    const home = homeWithLogin(`const end = Date.now() + 3000; while (Date.now() < end); ${OK}`);
    expect(failureOf(await loginAcme(home, ["--timeout", "1s"]))).toMatchObject({ exitCode: 6 });
    expectNothingWritten(home);
  });

  test("a denial of its own is 5, without the escape codes of its text", async () => {
    const home = homeWithLogin(
      `throw Object.assign(new Error("no \\u001b[31mway\\nSet: x"), { [${fake}]: true, code: "denied", reason: "be\\u202ecause\\u0007", next: ["do \\u001b[2Jthis"] });`,
    );
    const outcome = await loginAcme(home);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_DENIED", exitCode: 5 });
    expect(outcome.stdout).not.toMatch(/\\u001b|\\u0007|\u202e|\\n/);
    const people = await meshauth(home, ["login", ID]);
    expect(people.stderr).not.toMatch(/[\u0007\u001b\u202e]|^Set: x/m);
  });
});

describe.concurrent("a provider that returns what is no credential: 9, nothing written", () => {
  test.each([
    ["nothing", "undefined"],
    ["no kind", '{ serverName: "Acme", token: "abcdefgh" }'],
    ["an empty token", '{ kind: "token", serverName: "Acme", token: "" }'],
    ["a web page for a token", '{ kind: "token", serverName: "Acme", token: "<html></html>" }'],
    [
      "padded base64 for a token",
      '{ kind: "token", serverName: "Acme", token: btoa(JSON.stringify({ access_token: "abcdefgh1" })) }',
    ],
    ["a token of a megabyte", '{ kind: "token", serverName: "Acme", token: "x".repeat(1 << 20) }'],
    [
      "an expiry that is no time",
      '{ kind: "oauth2", serverName: "Acme", accessToken: "abcdefgh", expiry: "soon" }',
    ],
    [
      "a refresh token that is a number",
      '{ kind: "oauth2", serverName: "Acme", accessToken: "abcdefgh", refreshToken: 5 }',
    ],
    [
      "an access token with a line break",
      '{ kind: "oauth2", serverName: "Acme", accessToken: "abc\\ndefgh" }',
    ],
    ["an empty name", '{ kind: "local", serverName: "" }'],
    ["a name with a line break", '{ kind: "local", serverName: "A\\nb" }'],
    ["a name with a cookie in it", '{ kind: "local", serverName: "A; token=x" }'],
    ["a member of ours", '{ kind: "local", serverName: "Acme", members: { token: "x" } }'],
    [
      "__proto__ as a member",
      '{ kind: "local", serverName: "Acme", members: JSON.parse("{\\"__proto__\\":\\"x\\"}") }',
    ],
    ["an origin that is a number", '{ kind: "local", serverName: "Acme", origin: 5 }'],
    ["an object that throws when it is looked at", '{ get kind() { throw new Error("x"); } }'],
    [
      "an object that changes",
      '{ kind: "token", serverName: "Acme", n: 0, get token() { return this.n++ ? "<html>" : "abcdefgh"; } }',
    ],
  ])("%s", async (what, value) => {
    const home = homeWithLogin(`return ${value};`);
    const outcome = await loginAcme(home, ["--skip-verify"]);
    if (what === "an object that changes" && outcome.code === 0) {
      expect(readAuth(home.authJson)["token"]).toBe("abcdefgh");
      return;
    }
    const failure = failureOf(outcome);
    expect(failure, outcome.stdout).toMatchObject({ code: "MESHAUTH_E_PROVIDER_BROKEN", exitCode: 9 });
    expect(failure.message).toContain(packageName(ID));
    expectNothingWritten(home);
  });
});

describe.concurrent("a provider whose module is broken: 9, nothing written, and only its own login suffers", () => {
  test.each([
    ["throws at import", 'throw new Error("oh no");'],
    ["cannot be parsed", "export default {{"],
    ["is of another id", moduleWith("other", OK)],
    ["is for another contract", moduleWith(ID, OK).replace("major: 1", "major: 2")],
    ["ends the process at import", `process.exit(0);\n${moduleWith(ID, OK)}`],
    ["exports a proxy that throws", 'export default new Proxy({}, { get() { throw new Error("x"); } });'],
  ])("%s", async (_, module) => {
    const home = homeWith(module);
    const failure = failureOf(await loginAcme(home));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_BROKEN", exitCode: 9 });
    expect(failure.message).toContain(packageName(ID));
    expectNothingWritten(home);
  });

  test("never finishes its import: 6 by --timeout, and other logins go on", async () => {
    const home = homeWith(`await new Promise(() => {});\n${moduleWith(ID, OK)}`);
    expect(failureOf(await loginAcme(home, ["--timeout", "2s"]))).toMatchObject({ exitCode: 6 });
    expectNothingWritten(home);
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
  });

  test("for people: the message names the package and the way without it", async () => {
    const home = homeWith('throw new Error("oh no");');
    const outcome = await meshauth(home, ["login", ID]);
    expectFailure(outcome, 9, "MESHAUTH_E_PROVIDER_BROKEN");
    expect(outcome.stderr).toContain(`meshauth plugins uninstall ${packageName(ID)}`);
  });

  test("MESHAUTH_SAFE_MODE leaves it out", async () => {
    const home = homeWith(moduleWith(ID, OK));
    const failure = failureOf(await loginAcme(home, [], { env: { MESHAUTH_SAFE_MODE: "1" } }));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_UNKNOWN_PROVIDER", exitCode: 2 });
  });
});

describe.concurrent("a provider that fails after its login", () => {
  const token = 'return { kind: "token", serverName: "Acme", token: "opaque-token-1" };';

  test.each([
    ["identify throws", 'async identify() { throw new Error("x"); }'],
    ["identify returns nothing", "async identify() {}"],
    ["identify returns no id", "async identify() { return { name: 'x' }; }"],
    ["identify returns an id that is no text", "async identify() { return { id: { a: 1 } }; }"],
    ["identify ends the process", "async identify() { process.exit(0); }"],
  ])("%s: 9, nothing written", async (_, methods) => {
    const home = homeWithLogin(token, methods);
    const outcome = await loginAcme(home);
    expect(failureOf(outcome), outcome.stdout).toMatchObject({
      code: "MESHAUTH_E_PROVIDER_BROKEN",
      exitCode: 9,
    });
    expectNothingWritten(home);
  });

  test("identify never answers: the time limit ends it", async () => {
    const home = homeWithLogin(token, "identify() { return new Promise(() => {}); }");
    const outcome = await loginAcme(home, ["--timeout", "2s"]);
    expect(outcome.code).not.toBe(124);
    JSON.parse(outcome.stdout);
  });

  test("saved throws: the login stands, with a warning", async () => {
    const home = homeWithLogin(OK, 'async saved() { throw new Error("x"); }');
    const outcome = await loginAcme(home);
    expect(outcome.code).toBe(0);
    expect((document(outcome) as { warnings: string[] }).warnings).toHaveLength(1);
  });

  test("saved never ends: the login stands, and the program ends", async () => {
    const home = homeWithLogin(OK, "saved() { return new Promise((r) => setTimeout(r, 3_600_000)); }");
    const outcome = await loginAcme(home, ["--timeout", "2s"]);
    expect(outcome.code).toBe(0);
    expect(document(outcome)).toMatchObject({ provider: { id: ID } });
  });

  test("saved ends the process: the login is reported all the same", async () => {
    const home = homeWithLogin(OK, "saved() { process.exit(0); }");
    const outcome = await loginAcme(home);
    expect(existsSync(home.authJson)).toBe(true);
    JSON.parse(outcome.stdout);
    expect([0, 9]).toContain(outcome.code);
  });

  test("it leaves timers and sockets open: the program ends at once", async () => {
    const home = homeWithLogin(
      `setInterval(() => {}, 1000); (await import("node:net")).createServer().listen(0); ${OK}`,
    );
    expect((await loginAcme(home)).code).toBe(0);
  });
});

describe.concurrent("T39: code that nobody asked for", () => {
  test("hooks, install scripts and modules run for no command but the login", async () => {
    const home = offlineHome();
    const marker = join(home.path, "marker");
    const mark = `(await import("node:fs")).appendFileSync(${JSON.stringify(marker)}, import.meta.url + "\\n");\n`;
    linkProviders(home, [
      {
        id: ID,
        module: mark + moduleWith(ID, OK),
        entry: { summary: "Sign in at Acme", serverNames: ["Acme"] },
        pjson: {
          main: "./index.js",
          exports: "./index.js",
          scripts: Object.fromEntries(
            ["preinstall", "install", "postinstall", "prepare"].map((name) => [name, `touch ${marker}`]),
          ),
          oclif: {
            commands: "./commands",
            helpClass: "./help.js",
            hooks: Object.fromEntries(
              [
                "init",
                "prerun",
                "preparse",
                "postrun",
                "finally",
                "command_not_found",
                "jit_plugin_not_installed",
                "plugins:postinstall",
              ].map((name) => [name, "./hook.js"]),
            ),
            plugins: ["./more"],
            topics: { acme: { description: "Acme" } },
          },
        },
        files: {
          "hook.js": `${mark}export default async function () {};\n`,
          "help.js": `${mark}export default class {};\n`,
          "commands/acme.js": `${mark}export default class { static id = "acme"; static async run() {} }\n`,
          "index.cjs": `require("node:fs").appendFileSync(${JSON.stringify(marker)}, "cjs");`,
          ".oclifrc.mjs": mark,
          "oclif.manifest.json": JSON.stringify({ version: "1.2.3", commands: {} }),
        },
      },
    ]);
    put(home.authJson, '{"meshery-provider":"None","token":""}\n');
    for (const args of [
      ["--help"],
      ["--version"],
      ["version"],
      ["help", "login"],
      ["help", "login", ID],
      ["login", "--help"],
      ["login", ID, "--help"],
      ["provider", "list"],
      ["provider", "list", "--json"],
      ["provider", "show", ID],
      ["status"],
      ["status", "--check"],
      ["check"],
      ["which", "login", ID],
      ["plugins"],
      ["plugins", "inspect", packageName(ID)],
      ["autocomplete", "bash"],
      ["autocomplete", "--refresh-cache"],
      ["nonsense"],
      ["login", ID, "--nope"],
      ["login", "none"],
    ]) {
      await meshauth(home, args);
      expect({ args, marker: existsSync(marker) }).toEqual({ args, marker: false });
    }
    const list = await meshauth(home, ["provider", "list"]);
    expect(list.stdout).toContain(packageName(ID));
    expect((await meshauth(home, ["login", ID])).code).toBe(0);
    expect(readFileSync(marker, "utf8").trim().split("\n")).toHaveLength(1);
  }, 60_000);
});
