import { existsSync } from "node:fs";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { LINK } from "../support/browser-login.js";
import { failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { document, type Home, meshauth, startMeshauth } from "../support/program.js";
import { ACME, acmeHome, configure } from "../support/settings.js";
import { cloudHome, signIn, storeOf } from "../support/signed-in.js";
import { linkProviders, moduleWith } from "../support/third-party.js";
import { madeUpToken } from "../support/tokens.js";
import { endWithTests, expectNothingLeft, type Started } from "../support/two-step.js";

const details = { again: "meshauth login work" };

/** A home in which somebody signed in with saved settings, and the token has ended for good. */
async function overHome(more: { again?: string } = details): Promise<Home> {
  const { home } = await cloudHome();
  await signIn(home, madeUpToken({ expiresIn: -60, refresh: false }).token, { details: more });
  return home;
}

describe.concurrent("who signed in with saved settings is told to sign in with them again", () => {
  test("a browser login keeps the name beside auth.json, not in it, and so does a renewal", async () => {
    const { home, cloud } = await cloudHome();
    expect((await configure(home, "work", ["layer5", "--provider-url", cloud.url])).code).toBe(0);
    const running = startMeshauth(home, ["login", "work", "--no-browser", "--json"]);
    const [, link = ""] = await running.seen(LINK);
    expect(link.startsWith(cloud.url)).toBe(true);
    await visitLogin(link);
    const done = await running.outcome;
    expect(done.code, done.stderr).toBe(0);
    expect(Object.keys(readAuth(home.authJson)).sort()).toEqual(["meshery-provider", "token"]);
    expect(await storeOf(home).details()).toMatchObject({
      again: "meshauth login work",
      provider: { id: "layer5" },
    });
    const renewed = await meshauth(home, ["refresh", "--json"]);
    expect(document(renewed), renewed.stderr).toMatchObject({ refreshed: true });
    expect(await storeOf(home).details()).toMatchObject({ again: "meshauth login work" });
  });

  test.each([
    ["token", ["token"]],
    ["credential", ["credential", "get"]],
    ["refresh", ["refresh"]],
    ["whoami", ["whoami"]],
    ["api", ["api", "/api/user"]],
  ])("%s, once the credential has ended", async (_, args) => {
    const failure = failureOf(await meshauth(await overHome(), [...args, "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_EXPIRED", next: ["meshauth login work"] });
  });

  test("a provider that fails to renew it, and names its own command", async () => {
    const home = acmeHome({ flows: ["paste"] });
    const refused = `throw Object.assign(new Error("No."), {
      [Symbol.for("meshauth.ProviderError")]: true, name: "ProviderError", code: "usage", next: ["meshauth login acme --fast"],
    });`;
    const module = moduleWith(ACME, refused).replace(
      "async login",
      `async refresh() { ${refused} }, async login`,
    );
    linkProviders(home, [{ id: ACME, module, entry: { flows: ["paste"], serverNames: ["Acme"] } }]);
    await signIn(home, madeUpToken({ expiresIn: -60 }).token, {
      serverName: "Acme",
      details: { ...details, provider: { id: ACME, package: "acme-package", version: "1.2.3" } },
    });
    const failure = failureOf(await meshauth(home, ["refresh", "--json"]));
    expect(failure.next).toEqual(["meshauth login work --fast"]);
  });

  test("status, check and restore", async () => {
    const home = await overHome();
    expect((await meshauth(home, ["status"])).stderr).toBe("Next: meshauth login work\n");
    const { checks } = document(await meshauth(home, ["check", "--json"])) as {
      checks: { id: string; next: string | null }[];
    };
    expect(checks.find(({ id }) => id === "credential.expiry")?.next).toBe("meshauth login work");
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect((await meshauth(home, ["restore"])).stderr).toMatch(/Next: +meshauth login work\n/);
  });

  test("context use", async () => {
    const home = await overHome();
    const text =
      "contexts:\n  here:\n    endpoint: http://127.0.0.1:2\n    token: default\ncurrent-context: here\ntokens:\n- name: default\n  location: auth.json\n";
    put(`${home.meshery}/config.yaml`, text);
    expect(document(await meshauth(home, ["context", "use", "here", "--json"]))).toMatchObject({
      next: "meshauth login work",
    });
  });

  test("whoami and api, when it is denied", async () => {
    const { home, server, signIn: enter } = await cloudHome();
    await enter(madeUpToken({ refresh: false }).token, { details });
    const whoami = failureOf(await meshauth(home, ["whoami", "--json"]));
    expect(whoami).toMatchObject({
      code: "MESHAUTH_E_NOT_AUTHENTICATED",
      next: ["meshauth login work"],
    });
    const env = { MESHERY_SERVER_URL: server.url };
    const { error } = document(await meshauth(home, ["api", "/api/user", "--json"], { env })) as {
      error: { next: string[] };
    };
    expect(error.next[0]).toMatch(/^meshauth login work( |$)/);
  });

  test.each([
    {},
    { again: "rm -rf ." },
    { again: "meshauth login work\u001b[2J" },
    { again: `meshauth login ${"x".repeat(3_000)}` },
  ])("not with what cannot be a command of ours: %j", async (odd) => {
    const failure = failureOf(await meshauth(await overHome(odd), ["token", "--json"]));
    expect(failure.next).toEqual(["meshauth login"]);
  });
});

describe.concurrent("what a login advises names what was typed", () => {
  test("--explain", async () => {
    const { home, cloud } = await cloudHome();
    await configure(home, "work", ["layer5", "--provider-url", cloud.url]);
    const { ways } = document(await meshauth(home, ["login", "work", "--explain", "--json"])) as {
      ways: { command: string | null }[];
    };
    const commands = ways.flatMap(({ command }) => command ?? []);
    expect(commands).toContain("meshauth login work --no-browser");
    expect(commands).toContain("meshauth login work --start --json");
    expect(commands.join("\n")).not.toContain("login layer5");
    expect((await meshauth(home, ["login", "work", "--explain"])).stdout).toMatch(/\nThis login \(work\) /);
  });

  test("a login that nobody can finish, and one that takes too long", async () => {
    const { home, cloud } = await cloudHome();
    await configure(home, "work", ["layer5", "--provider-url", cloud.url]);
    const alone = failureOf(await meshauth(home, ["login", "work", "--json"]));
    expect(alone.exitCode).toBe(10);
    expect(alone.next.length).toBeGreaterThan(0);
    expect(alone.next.join("\n")).toMatch(/^meshauth login work /m);
    expect(alone.next.join("\n")).not.toContain("login layer5");
    const late = failureOf(
      await meshauth(home, ["login", "work", "--no-browser", "--timeout", "1s", "--json"]),
    );
    expect(late).toMatchObject({
      code: "MESHAUTH_E_TIMEOUT",
      next: ["meshauth login work --no-browser --timeout 15m"],
    });
  });

  test("a provider that denies it, or names its own command", async () => {
    const home = acmeHome();
    await configure(home, "work", [ACME, "--base", "https://acme.example.com"]);
    const throwing = `
      throw Object.assign(new Error("No."), {
        [Symbol.for("meshauth.ProviderError")]: true, name: "ProviderError", code: "denied",
        next: ["meshauth login acme --fast", "meshauth login", "meshauth login acmes"],
      });`;
    const options = [{ name: "base", type: "url", summary: "Address" }];
    linkProviders(home, [{ id: ACME, module: moduleWith(ACME, throwing), entry: { options } }]);
    const failure = failureOf(await meshauth(home, ["login", "work", "--json"]));
    expect(failure).toMatchObject({
      code: "MESHAUTH_E_DENIED",
      next: ["meshauth login work --fast", "meshauth login work", "meshauth login acmes"],
    });
  });

  test("a login in two steps keeps the settings to its end", async () => {
    const { home, cloud } = await cloudHome();
    endWithTests(home);
    await configure(home, "work", ["layer5", "--provider-url", cloud.url]);
    const started = document(await meshauth(home, ["login", "work", "--start", "--json"])) as Started;
    expect(started.provider).toMatchObject({ id: "layer5" });
    expect(started.link.startsWith(cloud.url)).toBe(true);
    const complete = ["login", "--complete", started.ticket, "--json"];
    const other = await meshauth(home, [...complete, "--provider-name", "X"]);
    expect(failureOf(other).next[1]).toBe("meshauth login work --start --provider-name X --json");
    expect(existsSync(home.authJson)).toBe(false);
    await visitLogin(started.link);
    const done = await meshauth(home, complete);
    expect(done.code, done.stdout).toBe(0);
    expect(await storeOf(home).details()).toMatchObject({ again: "meshauth login work" });
    await expectNothingLeft(home);
    // The prompt would have it on top now.
    const { ways } = document(await meshauth(home, ["login", "--explain", "--json"])) as {
      ways: { command: string | null }[];
    };
    expect(ways[1]?.command).toBe("meshauth login work --no-browser");
  });

  test("a ticket whose time is up", async () => {
    const { home, cloud } = await cloudHome();
    endWithTests(home);
    await configure(home, "work", ["layer5", "--provider-url", cloud.url]);
    const start = ["login", "work", "--start", "--timeout", "2s", "--json"];
    const { ticket } = document(await meshauth(home, start)) as Started;
    const wait = ["login", "--complete", ticket, "--timeout", "30s", "--json"];
    const over = failureOf(await meshauth(home, wait));
    expect(over).toMatchObject({ code: "MESHAUTH_E_TIMEOUT" });
    expect(over.next[0]).toMatch(/^meshauth login work --start /);
  });
});
