import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { ERAS, type VisitOptions, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { browserLogin, openCallback, startBrowserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

interface Report {
  readonly provider: Record<string, string>;
  readonly account: { readonly id: string; readonly email: string } | null;
  readonly verified: boolean;
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly warnings: readonly string[];
}

/** Nothing may be left of a login that failed. */
function expectUntouched(home: Home): void {
  expect(existsSync(home.meshery), "the Meshery folder was made").toBe(false);
}

describe.concurrent("a Meshery Server of its time", () => {
  test.each(ERAS)("%s: the credential is one that the server takes", async (era) => {
    const simulator = await simulated({ era });
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url, "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.visit.status).toBe(200);
    const stored = readAuth(home.authJson);
    expect(Object.keys(stored)).toEqual(["meshery-provider", "token"]);
    expect(stored["meshery-provider"]).toBe(simulator.remoteName);
    expect(simulator.cloud.isActive(stored["token"] ?? "")).toBe(true);
    expect(modeOf(home.authJson)).toBe("0600");
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    const report = document(outcome) as Report;
    expect(report).toMatchObject({
      provider: { id: "layer5", name: simulator.remoteName, package: "@meshauth/provider-layer5" },
      account: {
        id: expect.any(String),
        name: "Mira Solberg",
        email: "mira.solberg@example.com",
      },
      verified: true,
      context: null,
      file: home.authJson,
      refreshable: true,
      warnings: [],
    });
    expect(Date.parse(report.expiresAt ?? "")).toBeGreaterThan(Date.now());
    const check = await meshauth(home, ["check", "--server", simulator.server.url]);
    expect(check.code, check.stdout).toBe(0);
  });

  test("that lists two remotes needs --provider-name, and names the commands", async () => {
    const other = await simulated();
    const simulator = await simulated({
      providers: [
        { type: "local" },
        { type: "remote" },
        { type: "remote", name: "Acme", url: other.cloud.url },
      ],
    });
    const home = offlineHome();
    const args = ["--server", simulator.server.url];
    const failure = failureOf(await meshauth(home, ["login", "layer5", "--no-browser", "--json", ...args]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expect(failure.next).toEqual(expect.arrayContaining([expect.stringContaining("--provider-name Acme")]));
    expectUntouched(home);
    const outcome = await browserLogin(home, [...args, "--provider-name", "acme"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Acme");
    expect(other.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("that lists no such name: the valid names are said", async () => {
    const simulator = await simulated();
    const outcome = await meshauth(offlineHome(), [
      "login",
      "layer5",
      "--no-browser",
      "--server",
      simulator.server.url,
      "--provider-name",
      "Nobody",
    ]);
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
    expect(outcome.stderr).toContain("Layer5");
  });

  test("that has not reached its remote yet (the name is a host) ends with the name that it returns", async () => {
    const simulator = await simulated();
    simulator.faults.set("providers-unprobed");
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Layer5");
  });

  test("that lists an address which cannot be used", async () => {
    const simulator = await simulated({
      providers: [{ type: "local" }, { type: "remote", name: "Layer5", url: "http://cloud.example" }],
    });
    const outcome = await meshauth(offlineHome(), [
      "login",
      "layer5",
      "--no-browser",
      "--server",
      simulator.server.url,
    ]);
    expectFailure(outcome, 7, "MESHAUTH_E_PROTOCOL");
  });
});

describe.concurrent("no Meshery Server", () => {
  test("a login at the cloud alone", async () => {
    const simulator = await simulated();
    const home = offlineHome();
    const outcome = await browserLogin(home, [
      "--provider-url",
      `${simulator.cloud.url}/`,
      "--provider-name",
      "Layer5",
      "--json",
    ]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({
      provider: { name: "Layer5" },
      account: { email: "mira.solberg@example.com" },
      verified: true,
      warnings: [],
    });
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    expect(simulator.server.requests).toEqual([]);
  });

  test("the link goes to /login with the version that every client sends, and back to loopback", async () => {
    const simulator = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: `${simulator.cloud.url}/base/` });
    const { link, kill, outcome } = await startBrowserLogin(home, []);
    kill("SIGTERM");
    await outcome;
    const url = new URL(link);
    expect(`${url.origin}${url.pathname}`).toBe(`${simulator.cloud.url}/base/login`);
    expect(url.searchParams.get("provider_version")).toBe("v0.3.14");
    const source = Buffer.from(url.searchParams.get("source") ?? "", "base64url").toString();
    expect(source).toMatch(/^http:\/\/localhost:\d+\/cb\/layer5\/[\w-]{43}$/);
    expect([...url.searchParams.keys()].sort()).toEqual(["provider_version", "source"]);
  });

  test("an unknown name is taken for Layer5, with a warning", async () => {
    const simulator = await simulated({ remoteName: "Acme" });
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--provider-url", simulator.cloud.url, "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect((document(outcome) as Report).warnings.join("\n")).toContain("--provider-name");
  });
});

describe.concurrent("who signed in", () => {
  test.each([
    ["an e-mail address", "Mira.Solberg@example.com"],
    ["an id", "5b1f7c1e-8f0a-4c2b-9d5e-1a6d3c9b7e01"],
  ])("--expect-account with %s", async (_, expected) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, ["--provider-name", "Layer5", "--expect-account", expected]);
    expect(outcome.code, outcome.stderr).toBe(0);
  });

  test("--expect-account and another account: 5, and nothing is written", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, ["--expect-account", "tomas.okafor@example.org", "--json"]);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_WRONG_ACCOUNT", exitCode: 5 });
    expectUntouched(home);
  });

  test("--expect-account that cannot be checked: 5, and nothing is written", async () => {
    const { cloud, faults } = await simulated();
    faults.set("profile-503");
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, ["--expect-account", "mira.solberg@example.com"]);
    expectFailure(outcome, 5, "MESHAUTH_E_WRONG_ACCOUNT");
    expectUntouched(home);
  });

  test("--skip-verify asks nobody", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, ["--skip-verify", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: null, verified: false });
    expect(cloud.requests.map(({ path }) => path)).not.toContain("/api/identity/users/profile");
  });

  test("another account is signed in: 10 and nothing is written; --force replaces it", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const args = ["--provider-name", "Layer5"];
    expect((await browserLogin(home, args)).code).toBe(0);
    const before = treeOf(home.meshery)["auth.json"];
    const other = { person: { user: "tomas-okafor" } };
    const refused = await browserLogin(home, [...args, "--json"], other);
    const failure = failureOf(refused);
    expect(failure).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expect(failure.message).toContain("mira.solberg@example.com");
    expect(failure.message).toContain("tomas.okafor@example.org");
    expect(failure.next.join("\n")).toContain("--force");
    expect(treeOf(home.meshery)["auth.json"]).toBe(before);
    const replaced = await browserLogin(home, [...args, "--force", "--json"], other);
    expect(document(replaced)).toMatchObject({ account: { email: "tomas.okafor@example.org" } });
  });

  test("the same account never asks", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    expect((await browserLogin(home, [])).code).toBe(0);
    const first = readAuth(home.authJson)["token"];
    expect((await browserLogin(home, [])).code).toBe(0);
    expect(readAuth(home.authJson)["token"]).not.toBe(first);
  });

  test("login none over a valid credential of an account needs --force", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token));
    const before = treeOf(home.meshery)["auth.json"];
    expectFailure(await meshauth(home, ["login", "none"]), 10, "MESHAUTH_E_INTERACTION");
    expect(treeOf(home.meshery)["auth.json"]).toBe(before);
    expect((await meshauth(home, ["login", "none", "--force"])).code).toBe(0);
    expect(readAuth(home.authJson)["token"]).toBe("");
  });

  test.each([
    ["local", authJson("None", "")],
    ["expired", authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token)],
    ["damaged", '{"meshery-provider":"Layer5","tok'],
    ["logged out", ""],
  ])("a credential that is %s is replaced without asking", async (_, content) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    put(home.authJson, content);
    const outcome = await browserLogin(home, []);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("names with escape codes reach the terminal without them", async () => {
    const { cloud, faults } = await simulated();
    faults.set("profile-hostile");
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, []);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).not.toMatch(/[\u0007\u001b\u202e\r]/);
    const status = await meshauth(home, ["status"]);
    expect(status.stdout).not.toMatch(/[\u0007\u001b\u202e\r]/);
    expect(status.stdout.trim().split("\n")).toHaveLength(1);
  });
});

describe.concurrent("the person says no, or nothing", () => {
  test("a denial: 5, and nothing is written", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, ["--json"], { person: { decision: "deny" } });
    const failure = failureOf(outcome);
    expect(failure).toMatchObject({ code: "MESHAUTH_E_DENIED", exitCode: 5 });
    expect(failure.cause).toContain("The request was denied.");
    expectUntouched(home);
  });

  test("T30: a hostile error description is shown on one line without its codes", async () => {
    const { cloud, faults } = await simulated();
    faults.set("login-error");
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, []);
    expectFailure(outcome, 5, "MESHAUTH_E_DENIED");
    expect(outcome.stderr).not.toMatch(/[\u0007\u001b\u202e\r]/);
    expect(outcome.stderr).not.toMatch(/^Set-Cookie/m);
    expect(outcome.visit.page ?? "").not.toContain("alert(1)");
    expectUntouched(home);
  });

  test.each<[string, string[], VisitOptions]>([
    ["denied", [], { decision: "deny" }],
    ["of another account", ["--expect-account", "nobody@example.com"], {}],
  ])("a login that is %s: the browser gets its last page", async (_, args, person) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, args, { person });
    expect(outcome.code).toBe(5);
    expect(outcome.visit.error).toBeUndefined();
    expect(outcome.visit).toMatchObject({
      status: 200,
      page: expect.stringMatching(/return to your terminal/i),
    });
  });

  test("nobody comes: 6 after --timeout, the link is printed once, and nothing is left", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await meshauth(home, [
      "login",
      "layer5",
      "--no-browser",
      "--timeout",
      "1500ms",
      "--json",
    ]);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
    expect(outcome.stderr.match(/source=/g)).toHaveLength(1);
    expectUntouched(home);
  });

  test.each([
    "login-drops-path",
    "login-no-token",
    "login-token-twice",
    "login-padded",
    "login-url-safe",
    "login-bare",
  ] as const)("%s: refused, waits, and a later correct callback succeeds", async (fault) => {
    const { cloud, faults } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const { link, outcome } = await startBrowserLogin(home, ["--json"]);
    faults.set(fault, 1);
    const first = await visitLogin(link);
    expect(first.callback).toBeDefined();
    expect(existsSync(home.authJson)).toBe(false);
    expect((await visitLogin(link)).status).toBe(200);
    const ended = await outcome;
    expect(ended.code, ended.stderr).toBe(0);
    expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test.each(["login-raw-plus", "login-extra"] as const)("%s: taken", async (fault) => {
    const { cloud, faults } = await simulated();
    faults.set(fault);
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await browserLogin(home, []);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("a wrong nonce is a 404 and does not end the wait (T22)", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const { link, outcome } = await startBrowserLogin(home, []);
    const source = Buffer.from(new URL(link).searchParams.get("source") ?? "", "base64url").toString();
    const token = cloud.issueToken();
    for (const path of ["/", "/callback", "/cb/layer5/", `/cb/layer5/${"A".repeat(43)}`]) {
      expect(await openCallback(`${new URL(source).origin}${path}?token=${encodeURIComponent(token)}`)).toBe(
        404,
      );
    }
    expect((await visitLogin(link)).status).toBe(200);
    expect((await outcome).code).toBe(0);
    expect(readAuth(home.authJson)["token"]).not.toBe(token);
  });
});

describe.concurrent("the way to the browser, off a terminal", () => {
  test("without --no-browser or a named program: 10 at once, before anything is asked", async () => {
    const simulator = await simulated();
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "layer5", "--server", simulator.server.url, "--json"]);
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
    expectUntouched(home);
  });

  test.each([
    ["is not there", "/nowhere/browser"],
    ["fails", "false"],
    ["hangs", "sleep 30"],
    ["is a shell command that must not run", "sh -c 'touch marker' ; touch marker"],
  ])("T38: an opener that %s does not keep the login from its time limit", async (_, opener) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url, MESHAUTH_BROWSER: opener });
    const outcome = await meshauth(home, ["login", "layer5", "--timeout", "2s"]);
    expectFailure(outcome, 6, "MESHAUTH_E_TIMEOUT");
    expect(outcome.stderr.match(/source=/g)).toHaveLength(1);
    expectUntouched(home);
  });

  test("MESHAUTH_BROWSER wins over BROWSER, and --no-browser over both", async () => {
    const { cloud } = await simulated();
    const env = {
      MESHAUTH_PROVIDER_URL: cloud.url,
      MESHAUTH_BROWSER: "touch first",
      BROWSER: "touch second",
    };
    const home = offlineHome(env);
    const none = await startBrowserLogin(home, []);
    none.kill("SIGTERM");
    await none.outcome;
    expect(namesIn(home.path)).not.toEqual(expect.arrayContaining(["first"]));
    await meshauth(home, ["login", "layer5", "--timeout", "1500ms"]);
    expect(existsSync(`${home.path}/first`)).toBe(true);
    expect(existsSync(`${home.path}/second`)).toBe(false);
  });

  test("over SSH the command for the tunnel is exact", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({
      MESHAUTH_PROVIDER_URL: cloud.url,
      SSH_CONNECTION: "192.0.2.7 51000 198.51.100.4 22",
    });
    const running = await startBrowserLogin(home, []);
    const source = Buffer.from(
      new URL(running.link).searchParams.get("source") ?? "",
      "base64url",
    ).toString();
    const { port } = new URL(source);
    const [, user] = await running.seen(
      new RegExp(`ssh -N -L ${port}:localhost:${port} (\\S+)@198\\.51\\.100\\.4`),
    );
    expect(user).not.toBe("");
    running.kill("SIGTERM");
    await running.outcome;
  });

  test("--port that is taken: 7 with a code of its own, at once", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    atEnd(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await meshauth(home, ["login", "layer5", "--no-browser", "--port", `${port}`]);
    expectFailure(outcome, 7, "MESHAUTH_E_PORT_IN_USE");
    expect(outcome.stderr).toContain(`${port}`);
    expectUntouched(home);
  });
});

describe.concurrent("--token-stdin", () => {
  test.each([
    ["an envelope", {}],
    ["a JWT", { bare: true }],
    ["an opaque token", { opaque: true, bare: true }],
  ])("%s", async (_, kind) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const token = cloud.issueToken(kind);
    const outcome = await meshauth(home, ["login", "layer5", "--token-stdin", "--json"], {
      input: `${token}\n`,
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({
      account: { email: "mira.solberg@example.com" },
      verified: true,
    });
    expect(readAuth(home.authJson)["token"]).toBe(token);
  });

  test.each<[string, string, number, RegExp]>([
    ["nothing", "", 8, /IMPORT/],
    ["white space", "\n \n", 8, /IMPORT/],
    ["words", "not a token\n", 8, /IMPORT/],
    ["padded base64", `${Buffer.from('{"access_token":"abcdefgh1"}').toString("base64")}`, 8, /IMPORT/],
    ["too much", "x".repeat(70_000), 8, /IMPORT/],
    ["an expired one", madeUpToken({ expiresIn: -60, refresh: false }).token, 4, /EXPIRED/],
  ])("%s is refused, and nothing is written", async (_, input, exit, code) => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await meshauth(home, ["login", "layer5", "--token-stdin"], { input });
    expectFailure(outcome, exit, code);
    expectUntouched(home);
  });

  test("one that the provider does not know: 5, and nothing is written", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: cloud.url });
    const outcome = await meshauth(home, ["login", "layer5", "--token-stdin"], {
      input: madeUpToken().token,
    });
    expectFailure(outcome, 5, "MESHAUTH_E_DENIED");
    expectUntouched(home);
  });

  test("is no flag of providers without a paste flow", async () => {
    expectFailure(
      await meshauth(offlineHome(), ["login", "none", "--token-stdin"], { input: "x" }),
      2,
      "MESHAUTH_E_USAGE",
    );
  });
});

describe.concurrent("T31: an address that cannot be one", () => {
  test.each([
    "http://cloud.example",
    "file:///etc/passwd",
    "\\\\host\\share",
    "https://user:pass@host.example",
    "https://host.example/\r\nx",
    "https://host.example/\u001b[31m",
    "javascript:alert(1)",
    "",
  ])("%j", async (address) => {
    const home = offlineHome({ MESHAUTH_BROWSER: "touch opened" });
    const outcome = await meshauth(home, ["login", "layer5", "--provider-url", address, "--timeout", "5s"]);
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
    expect(outcome.stderr).not.toMatch(/[\u001b\r]|pass@/);
    expect(existsSync(`${home.path}/opened`)).toBe(false);
    expectUntouched(home);
  });

  test("shell characters reach an opener as one inert argument, after an escape", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ MESHAUTH_BROWSER: "touch" });
    const url = `${cloud.url}/"&touch$IFS'pwned'&\`touch\${IFS}pwned\`;$(touch\${IFS}pwned)`;
    await meshauth(home, ["login", "layer5", "--provider-url", url, "--timeout", "1500ms"]);
    expect(namesIn(home.path).filter((name) => name.endsWith("pwned"))).toEqual([]);
  });

  test("a value that looks like a flag is a missing value", async () => {
    const outcome = await meshauth(offlineHome(), ["login", "layer5", "--provider-url", "--no-browser"]);
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
  });
});
