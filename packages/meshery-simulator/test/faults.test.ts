import { describe, expect, it } from "vitest";
import { FAULTS, type FaultName, isFaultName, type Simulator } from "../src/index.js";
import { ask, cookies, post, simulate } from "./help.js";

/** One request that a fault may strike, and how the client sees the answer. */
type Request = (simulator: Simulator) => Promise<Response>;

const loggedIn =
  (path: string): Request =>
  (simulator) =>
    ask(simulator, path, cookies(simulator, simulator.cloud.issueToken()));
const providers: Request = (simulator) => ask(simulator, "/api/providers");
const token = loggedIn("/api/token");
const user = loggedIn("/api/user");
const profile: Request = (simulator) =>
  fetch(`${simulator.cloud.url}/api/identity/users/profile`, {
    headers: { Authorization: `bearer ${simulator.cloud.issueToken()}` },
    redirect: "manual",
  });
const cloudPost =
  (path: string): Request =>
  (simulator) =>
    post(simulator, path, { token: simulator.cloud.issueToken() });

type Seen = { status: number; location?: string; html?: true; body?: string | object };

const ANSWERS: readonly [FaultName, Request, Seen][] = [
  ["providers-html", providers, { status: 200, html: true }],
  ["providers-empty", providers, { status: 200, body: "" }],
  ["providers-none", providers, { status: 200, body: {} }],
  ["providers-array", providers, { status: 200, body: [] }],
  ["providers-torn", providers, { status: 200, body: '{"Layer5":{"provider_type":"rem' }],
  ["providers-500", providers, { status: 500 }],
  ["token-html", token, { status: 200, html: true }],
  ["token-empty", token, { status: 200, body: "" }],
  ["token-json-error", token, { status: 200, body: { error: "failed to extract token" } }],
  ["token-not-object", token, { status: 200, body: ["token"] }],
  ["token-number", token, { status: 200, body: { "meshery-provider": "Layer5", token: 42 } }],
  ["token-null", token, { status: 200, body: { "meshery-provider": "Layer5", token: null } }],
  ["token-torn", token, { status: 200, body: '{"meshery-provider":"Layer5","tok' }],
  ["token-wrong-name", token, { status: 200, body: { "meshery-provider": "Elsewhere" } }],
  ["token-blank", token, { status: 200, body: { "meshery-provider": "Layer5", token: "" } }],
  ["user-html", user, { status: 200, html: true }],
  ["user-empty", user, { status: 200, body: "" }],
  ["user-json-error", user, { status: 200, body: { error: "failed to get user" } }],
  ["redirect-provider", user, { status: 302, location: "/provider?" }],
  ["redirect-auth-login", user, { status: 302, location: "/auth/login?" }],
  ["redirect-foreign", user, { status: 302, location: "http://foreign.invalid/collect" }],
  ["redirect-self", user, { status: 302, location: "/api/user" }],
  ["503", user, { status: 503, body: { error: "remote provider is unreachable" } }],
  ["401-json", user, { status: 401, body: { error: "session expired" } }],
  ["404-empty", user, { status: 404, body: "" }],
  ["500-text", providers, { status: 500, body: "Internal Server Error\n" }],
  ["500-json", providers, { status: 500, body: { error: "internal error" } }],
  ["200-html", providers, { status: 200, html: true }],
  ["200-empty", user, { status: 200, body: "" }],
  ["profile-401", profile, { status: 401 }],
  ["profile-403", profile, { status: 403 }],
  ["profile-html", profile, { status: 200, html: true }],
  ["profile-empty", profile, { status: 200, body: "" }],
  ["profile-redirect", profile, { status: 302, location: "/login" }],
  ["profile-503", profile, { status: 503 }],
  ["refresh-401", cloudPost("/refresh"), { status: 401 }],
  ["refresh-500", cloudPost("/refresh"), { status: 500 }],
  ["refresh-503", cloudPost("/refresh"), { status: 503 }],
  ["refresh-html", cloudPost("/refresh"), { status: 200, html: true }],
  ["refresh-empty", cloudPost("/refresh"), { status: 200, body: {} }],
  ["refresh-blank", cloudPost("/refresh"), { status: 200, body: { token: "" } }],
  ["refresh-number", cloudPost("/refresh"), { status: 200, body: { token: 7 } }],
  ["revoke-500", cloudPost("/revoke"), { status: 500 }],
  ["revoke-404", cloudPost("/revoke"), { status: 404, body: "" }],
  ["introspect-401", cloudPost("/introspect"), { status: 401 }],
  ["introspect-500", cloudPost("/introspect"), { status: 500 }],
  ["keys-500", (simulator) => fetch(`${simulator.cloud.url}/keys`), { status: 500 }],
  ["capabilities-500", (simulator) => fetch(`${simulator.cloud.url}/v1/capabilities`), { status: 500 }],
  [
    "capabilities-html",
    (simulator) => fetch(`${simulator.cloud.url}/v1/capabilities`),
    { status: 200, html: true },
  ],
  ["cloud-503", profile, { status: 503 }],
  ["cloud-html", profile, { status: 200, html: true }],
];

describe("a fault that answers", () => {
  it.each(ANSWERS)("%s strikes as often as told", async (fault, request, seen) => {
    const simulator = await simulate();
    simulator.faults.set(fault, 1);
    const response = await request(simulator);
    const body = await response.text();
    expect(response.status).toBe(seen.status);
    expect(response.headers.get("location") ?? undefined).toBe(seen.location);
    expect(response.headers.get("content-type")?.startsWith("text/html") === true).toBe(seen.html === true);
    if (typeof seen.body === "string") expect(body).toBe(seen.body);
    else if (seen.body !== undefined) expect(JSON.parse(body)).toMatchObject(seen.body);
    expect(simulator.faults.active()).toEqual([]);
    expect((await request(simulator)).ok || fault.startsWith("introspect")).toBe(true);
  });

  it("leads to the cloud's login, or to another host", async () => {
    const simulator = await simulate();
    simulator.faults.set("redirect-login", 1);
    const login = (await user(simulator)).headers.get("location");
    expect(login).toMatch(`${simulator.cloud.url}/login?source=`);
    simulator.faults.set("refresh-redirect", 1);
    const answer = await fetch(`${simulator.cloud.url}/refresh`, { method: "POST", redirect: "manual" });
    expect(answer.headers.get("location")).toBe("http://foreign.invalid/refresh");
  });
});

describe("a fault of the connection", () => {
  it.each(["providers-slow", "slow", "drip"] as const)(
    "%s goes on until the client leaves",
    async (fault) => {
      const simulator = await simulate();
      simulator.faults.set(fault, 1);
      const body = fetch(`${simulator.server.url}/api/providers`, { signal: AbortSignal.timeout(300) }).then(
        (response) => response.text(),
      );
      await expect(body).rejects.toThrow(/abort|timeout/i);
      expect((await providers(simulator)).status).toBe(200);
    },
  );

  it.each([
    ["token-slow", token],
    ["user-slow", user],
    ["profile-slow", profile],
    ["refresh-slow", cloudPost("/refresh")],
    ["revoke-slow", cloudPost("/revoke")],
    ["cloud-slow", profile],
  ] as const)("%s ends when the simulator closes", async (fault, request) => {
    const simulator = await simulate();
    simulator.faults.set(fault, 1);
    const pending = expect(request(simulator)).rejects.toThrow("fetch failed");
    while (simulator.faults.active().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await simulator.close();
    await pending;
  });

  it("close-connection, truncated and down break the answer", async () => {
    const simulator = await simulate();
    simulator.faults.set("close-connection", 1);
    await expect(providers(simulator)).rejects.toThrow("fetch failed");
    simulator.faults.set("truncated", 1);
    await expect(providers(simulator).then((response) => response.text())).rejects.toThrow();
    simulator.faults.set("down", 1);
    await expect(profile(simulator)).rejects.toThrow("fetch failed");
  });

  it.each([
    ["huge-body", providers],
    ["cloud-huge", profile],
  ] as const)("%s sends more than anyone should read", async (fault, request) => {
    const simulator = await simulate();
    simulator.faults.set(fault, 1);
    const response = await request(simulator);
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += (chunk as Uint8Array).length;
      if (size > 2 * 1024 * 1024) break;
    }
    expect(size).toBeGreaterThan(2 * 1024 * 1024);
  });
});

describe("the control of faults", () => {
  it("strikes the path that it is told to, and no other", async () => {
    const simulator = await simulate();
    simulator.faults.set("503", 1, { path: "/api/providers" });
    expect((await user(simulator)).status).toBe(200);
    expect((await providers(simulator)).status).toBe(503);
  });

  it("clears one, or all", async () => {
    const simulator = await simulate();
    simulator.faults.set("503");
    simulator.faults.set("providers-html");
    simulator.faults.clear("503");
    expect(simulator.faults.active()).toEqual(["providers-html"]);
    simulator.faults.clear();
    expect((await providers(simulator)).headers.get("content-type")).toContain("text/plain");
    simulator.faults.set("503", 0);
    expect(simulator.faults.active()).toEqual([]);
  });

  it("knows its names", async () => {
    const simulator = await simulate();
    expect(Object.keys(FAULTS).every(isFaultName)).toBe(true);
    expect(isFaultName("toString")).toBe(false);
    expect(() => simulator.faults.set("nothing" as FaultName)).toThrow("no such fault");
  });

  it("deletes the token cookie on a good answer with set-cookie-empty", async () => {
    const simulator = await simulate();
    simulator.faults.set("set-cookie-empty", 1);
    const response = await user(simulator);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()[0]).toMatch(/^token=; .*Max-Age=0/);
  });
});
