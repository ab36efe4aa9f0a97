import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeEnvelope } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Certified,
  CLIENT_SECRET,
  quiet,
  startCertified,
} from "../../packages/provider-oidc/test/support/certified.js";
import { startIssuer } from "../../packages/provider-oidc/test/support/issuer.js";
import { signInAt } from "../../packages/provider-oidc/test/support/person.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { signIn } from "../support/oidc.js";
import { document, type Home, makeHome, meshauth } from "../support/program.js";
import { freePort } from "../support/relay.js";
import { simulated } from "../support/simulated.js";
import { leaksOf } from "../support/tokens.js";

let server: Certified;

beforeAll(async () => {
  quiet();
  server = await startCertified();
});
beforeEach(quiet);
afterAll(endAll);

const tokenOf = (home: Home): string => readAuth(home.authJson)["token"] ?? "";

/** The parts of a stored token. */
function partsOf(home: Home): { readonly access: string; readonly refresh: string } {
  const envelope = decodeEnvelope(tokenOf(home));
  if (typeof envelope === "string") throw new TypeError(envelope);
  return { access: envelope.access_token, refresh: envelope.refresh_token ?? "" };
}

/** The text of all files of a home, one excepted. */
function filesOf(home: Home, except: string): string {
  return readdirSync(home.path, { recursive: true, encoding: "utf8" })
    .map((name) => join(home.path, name))
    .filter((path) => statSync(path).isFile() && path !== except && !path.includes("/.cache/"))
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

const LOUD = { DEBUG: "*", NODE_DEBUG: "http,net,undici,fetch" };
const SECRETIVE = ["--client-id", "secretive"];

describe.concurrent("a sign-in and what comes after it", () => {
  test("a secret in a file of another folder: it is found later, is read each time, and is nowhere else", async () => {
    const home = offlineHome(LOUD);
    const folder = join(home.path, "work");
    const file = put(join(folder, "secret"), `${CLIENT_SECRET}\n`);
    const args = [...SECRETIVE, "--client-secret-file", "secret", "--provider-name", "Work"];
    let commandLine = "";
    const login = await signIn(home, server, args, {
      cwd: folder,
      meanwhile: ({ pid, link }) => {
        commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8") + link.href;
      },
    });
    expect(login.code, login.stderr).toBe(0);
    expect(login.stderr).toContain("Signed in with Work as Ada Example");
    expect(commandLine).toContain("--client-secret-file");
    const first = tokenOf(home);
    const renewed = await meshauth(home, ["refresh"]);
    expect(renewed.code, renewed.stderr).toBe(0);
    expect(tokenOf(home)).not.toBe(first);
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Work", token: expect.any(String) });

    renameSync(file, `${file}.away`);
    const gone = await meshauth(home, ["refresh", "--json"]);
    expect(failureOf(gone)).toMatchObject({
      exitCode: 8,
      message: `The file ${file} cannot be read.`,
      next: ["Check --client-secret-file or --client-key-file."],
    });
    // Who that is can be asked without it.
    const who = await meshauth(home, ["whoami", "--json"]);
    expect(document(who)).toMatchObject({ account: { id: "ada" } });
    renameSync(`${file}.away`, file);
    const logout = await meshauth(home, ["logout", "--json"]);
    expect(document(logout)).toMatchObject({ outcome: "revoked" });
    const outputs = [login, renewed, gone, who, logout].map(({ stdout, stderr }) => stdout + stderr);
    expect(outputs.join("").length).toBeGreaterThan(10_000);
    expect(leaksOf([...outputs, commandLine, filesOf(home, file)].join("\n"), [CLIENT_SECRET])).toEqual([]);
  });

  test("a secret in a variable is wanted again for what comes later, also where a login is completed", async () => {
    const home = offlineHome(LOUD);
    const env = { MESHAUTH_OIDC_CLIENT_SECRET: CLIENT_SECRET };
    const start = ["login", "oidc", "--issuer", server.issuer, ...SECRETIVE, "--start", "--json"];
    const begun = await meshauth(home, start, { env });
    const { link, code, ticket } = document(begun) as Record<"link" | "code" | "ticket", string>;
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    const complete = ["login", "--complete", ticket, "--json"];
    const early = await meshauth(home, complete);
    expect(failureOf(early)).toMatchObject({ code: "MESHAUTH_E_PENDING", exitCode: 6 });
    await signInAt(new URL(link));
    const done = await meshauth(home, [...complete, "--timeout", "30s"]);
    expect(done.code, done.stderr).toBe(0);
    const without = await meshauth(home, ["refresh", "--json"]);
    expect(failureOf(without)).toMatchObject({ exitCode: 8, next: ["Set MESHAUTH_OIDC_CLIENT_SECRET."] });
    const wrong = await meshauth(home, ["refresh", "--json"], {
      env: { MESHAUTH_OIDC_CLIENT_SECRET: "made-up-wrong-secret-of-the-client" },
    });
    expect(failureOf(wrong)).toMatchObject({ exitCode: 7, cause: expect.stringContaining("invalid_client") });
    const right = await meshauth(home, ["refresh"], { env });
    expect(right.code, right.stderr).toBe(0);
    const texts = [begun, early, done, without, wrong, right].map(({ stdout, stderr }) => stdout + stderr);
    const secrets = [CLIENT_SECRET, "made-up-wrong-secret-of-the-client"];
    expect(leaksOf([...texts, filesOf(home, "")].join("\n"), secrets)).toEqual([]);
  });

  test("started in one folder with a relative file, completed in another", async () => {
    const home = offlineHome();
    const folder = join(home.path, "work");
    const file = put(join(folder, "secret"), CLIENT_SECRET);
    const client = [...SECRETIVE, "--client-secret-file", "secret", "--flow", "device"];
    const start = ["login", "oidc", "--issuer", server.issuer, ...client, "--start", "--json"];
    const begun = await meshauth(home, start, { cwd: folder });
    expect(begun.code, begun.stdout).toBe(0);
    const { link, ticket } = document(begun) as Record<"link" | "ticket", string>;
    await signInAt(new URL(link));
    const done = await meshauth(home, ["login", "--complete", ticket, "--timeout", "30s"]);
    expect(done.code, done.stderr).toBe(0);
    expect(await meshauth(home, ["refresh"])).toMatchObject({ code: 0 });
    renameSync(file, `${file}.away`);
    expectFailure(await meshauth(home, ["refresh"]), 8, "MESHAUTH_E_IMPORT");
  });

  test("in two steps with the browser, whose last page is elsewhere: its address is handed in", async () => {
    const home = offlineHome();
    const client = ["--client-id", "cli", "--prompt", "consent"];
    const login = ["login", "oidc", "--issuer", server.issuer, ...client, "--start", "--json"];
    const begun = document(await meshauth(home, login)) as Record<"link" | "ticket", string>;
    const address = await signInAt(new URL(begun.link), { stay: true });
    const complete = ["login", "--complete", begun.ticket];
    const foreign = await meshauth(home, complete, { input: address.replace(/state=[^&]+/, "state=other") });
    expectFailure(foreign, 8, "MESHAUTH_E_IMPORT");
    const done = await meshauth(home, complete, { input: `${address}\n` });
    expect(done.code, done.stderr).toBe(0);
    expect(leaksOf(done.stderr + foreign.stderr, [new URL(address).searchParams.get("code") ?? ""])).toEqual(
      [],
    );
  });

  test("the token in all forms, and one renewal for many who need it at once", async () => {
    const home = offlineHome();
    const own = await startCertified();
    own.lifetime = 60;
    expect(await signIn(home, own)).toMatchObject({ code: 0 });
    own.lifetime = 3600;
    const outputs = await Promise.all([1, 2, 3].map(() => meshauth(home, ["token"])));
    const token = tokenOf(home);
    expect(outputs).toEqual([1, 2, 3].map(() => ({ code: 0, stdout: `${token}\n`, stderr: "" })));
    expect(own.grants).toEqual(["cli authorization_code", "cli refresh_token"]);
    const { access } = partsOf(home);
    const name = new URL(own.issuer).host;
    const print = async (format: string) => (await meshauth(home, ["token", "--format", format])).stdout;
    expect(await print("access")).toBe(`${access}\n`);
    expect(await print("header")).toBe(`Authorization: Bearer ${access}\n`);
    expect(await print("cookie")).toBe(`token=${token}; meshery-provider=${name}\n`);
    expect(await print("env")).toContain(token);
    expect(JSON.parse(await print("json"))).toMatchObject({ token, provider: name });
    const status = await meshauth(home, ["status", "--json"]);
    expect(document(status)).toMatchObject({
      contexts: [
        { state: "valid", provider: name, account: { email: "ada@login.example" }, refreshable: true },
      ],
    });
  });

  test("after a logout the refresh token is good for nothing, and whoever still has it is told to sign in again", async () => {
    const home = offlineHome();
    const own = await startCertified();
    own.lifetime = 2;
    expect(await signIn(home, own)).toMatchObject({ code: 0 });
    const copy = makeHome();
    cpSync(home.path, copy.path, { recursive: true });
    const { refresh } = partsOf(home);
    const logout = await meshauth(home, ["logout", "--json"]);
    expect(document(logout)).toMatchObject({ outcome: "revoked" });
    expect(readFileSync(home.authJson, "utf8")).toBe("");
    const grant = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refresh,
      client_id: "cli",
    });
    const answer = await fetch(`${own.issuer}/token`, { method: "POST", body: grant });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "invalid_grant" }]);
    rmSync(home.path, { recursive: true });
    renameSync(copy.path, home.path);
    for (const command of ["token", "whoami", "refresh"]) {
      const failure = failureOf(await meshauth(home, [command, "--json"]));
      expect(failure).toMatchObject({ code: "MESHAUTH_E_EXPIRED", exitCode: 4 });
      expect(failure.next[0]).toMatch(/^meshauth login/);
    }
  });

  test("another account replaces a login on request only, and only the one that is expected", async () => {
    const home = offlineHome();
    expect(await signIn(home, server, ["--expect-account", "ada@login.example"])).toMatchObject({ code: 0 });
    const before = tokenOf(home);
    const other = await signIn(home, server, [], { user: "eve" });
    expectFailure(
      { ...other, stderr: other.stderr.slice(other.stderr.indexOf("Error:")) },
      10,
      /INTERACTION/,
    );
    expect(other.stderr).toMatch(
      /login is for eve@login\.example .*but ada@login\.example .*nothing was changed/,
    );
    const [, next = ""] = /Next: {2}meshauth (.+)/.exec(other.stderr) ?? [];
    expect(next).toMatch(/ --force$/);
    const unexpected = await signIn(home, server, ["--force", "--expect-account", "ada"], { user: "eve" });
    expect([unexpected.code, unexpected.stderr]).toEqual([5, expect.stringContaining("WRONG_ACCOUNT")]);
    expect(tokenOf(home)).toBe(before);
    expect(await signIn(home, server, ["--force"], { user: "eve" })).toMatchObject({ code: 0 });
    expect(document(await meshauth(home, ["whoami", "--json"]))).toMatchObject({ account: { id: "eve" } });
  });
});

describe.concurrent("the redirect address", () => {
  test("with the host localhost, and with a port", async () => {
    const home = offlineHome();
    const port = await freePort();
    const seen: (string | null)[] = [];
    const meanwhile = ({ link }: { link: URL }) => seen.push(link.searchParams.get("redirect_uri"));
    for (const address of ["http://localhost/callback", `http://127.0.0.1:${port}/callback`]) {
      const outcome = await signIn(home, server, ["--redirect-uri", address], { meanwhile });
      expect(outcome.code, outcome.stderr).toBe(0);
    }
    expect(seen).toEqual([
      expect.stringMatching(/^http:\/\/localhost:\d+\/callback$/),
      `http://127.0.0.1:${port}/callback`,
    ]);
  });

  test.each([
    ["a port in use", "PORT", 7, "MESHAUTH_E_PORT_IN_USE", /the redirect address names.*\n.*--port/],
    ["another machine", "http://192.0.2.1/callback", 2, "MESHAUTH_E_USAGE", /127\.0\.0\.1\/callback/],
    ["https", "https://localhost/callback", 2, "MESHAUTH_E_USAGE", /127\.0\.0\.1\/callback/],
    ["a query", "http://localhost/callback?a=b", 2, "MESHAUTH_E_USAGE", /127\.0\.0\.1\/callback/],
  ])("of %s is refused", async (_, address, exit, code, next) => {
    const uri = address === "PORT" ? `${server.issuer}/callback` : address;
    const login = ["login", "oidc", "--issuer", server.issuer, "--client-id", "cli", "--no-browser"];
    const outcome = await meshauth(offlineHome(), [...login, "--redirect-uri", uri]);
    expectFailure(outcome, exit, code);
    expect(outcome.stderr).toMatch(next);
  });
});

describe.concurrent("at a Meshery Server", () => {
  test.each(["2021", "2026-06"] as const)(
    "of the era %s a token of its own issuer is taken, and another is not",
    async (era) => {
      const { cloud, remoteName, server: meshery } = await simulated({ era });
      const envelope = decodeEnvelope(cloud.issueToken());
      if (typeof envelope === "string") throw new TypeError(envelope);
      const issuer = await startIssuer();
      issuer.answers.set("/device", () => ({
        body: {
          device_code: "made-up-device-code",
          user_code: "WDJB-MJHT",
          verification_uri: `${issuer.url}/code`,
          expires_in: 60,
          interval: 1,
        },
      }));
      const id_token = await issuer.idToken({});
      const { access_token, refresh_token } = envelope;
      const tokens = { access_token, refresh_token, token_type: "bearer", expires_in: 3600, id_token };
      issuer.answers.set("/token", () => ({ body: tokens }));
      const home = offlineHome({ MESHERY_SERVER_URL: meshery.url });
      const login = ["login", "oidc", "--issuer", issuer.url, "--client-id", "cli"];
      const named = [...login, "--provider-name", remoteName, "--flow", "device"];
      const outcome = await meshauth(home, named);
      expect(outcome.code, outcome.stderr).toBe(0);
      const results = async () => {
        const { checks } = document(await meshauth(home, ["check", "--json"])) as {
          checks: { id: string; result: string }[];
        };
        return Object.fromEntries(checks.map(({ id, result }) => [id, result]));
      };
      expect(await results()).toMatchObject({ "server.provider-known": "pass", "server.accepts": "pass" });
      Object.assign(tokens, {
        access_token: "made-up-opaque-access-token",
        refresh_token: "made-up-refresh",
      });
      expect(await meshauth(home, [...named, "--force"])).toMatchObject({ code: 0 });
      expect(await results()).toMatchObject({ "server.provider-known": "pass", "server.accepts": "fail" });
      expect(await meshauth(home, [...login, "--force"])).toMatchObject({ code: 0 });
      expect(await results()).not.toMatchObject({ "server.provider-known": "pass" });
    },
  );
});
