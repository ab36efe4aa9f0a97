import { ERAS } from "@meshauth/meshery-simulator";
import { isProviderError, type TokenCredential } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { afterEach, describe, expect, it } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { AHEAD, envelope, jwt, OLD, oldAt, renewed } from "./support/renewals.js";
import type { Reply } from "./support/replying.js";
import {
  credentialAt,
  endAll,
  hostFor,
  impatient,
  pathsOf,
  replying,
  simulate,
} from "./support/simulations.js";

afterEach(endAll);

describe.each(ERAS)("refresh with a server and cloud of %s", (era) => {
  it("an expired token becomes one that the cloud takes, and the refresh token is presented once", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ expired: true });
    const credential = { ...credentialAt(simulator, token), members: { extra: "kept" } };
    const host = hostFor(simulator);
    const result = await renewed(credential, host);
    expect(result).toEqual({ ...credential, token: expect.any(String) });
    expect(simulator.cloud.isActive(result.token)).toBe(true);
    expect(simulator.cloud.reuses).toEqual([]);
    expect(simulator.cloud.refreshes()).toBe(1);
    const { accessToken, refreshToken } = inspectToken(result.token);
    expect([...host.secrets]).toEqual(expect.arrayContaining([result.token, accessToken, refreshToken]));
    expect(refreshToken).not.toBe(inspectToken(token).refreshToken);
  });

  it("a token that is still valid is renewed at the cloud", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    const result = await renewed(credentialAt(simulator, token), hostFor(simulator));
    expect(simulator.cloud.isActive(result.token)).toBe(true);
    expect(simulator.cloud.isActive(token)).toBe(false);
    expect(pathsOf(simulator)).toEqual(["/refresh"]);
  });

  it("works without a Meshery Server, at the address that the login kept", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ expired: true });
    const result = await renewed(credentialAt(simulator, token), fakeHost());
    expect(simulator.cloud.isActive(result.token)).toBe(true);
    const [request] = simulator.cloud.requests;
    expect(request).toMatchObject({ method: "POST", path: "/refresh", body: JSON.stringify({ token }) });
    expect(request?.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it("a session that was revoked is denied", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ expired: true });
    simulator.cloud.revoke(token);
    await expect(renewed(credentialAt(simulator, token), hostFor(simulator))).rejects.toMatchObject({
      code: "denied",
      next: ["meshauth login layer5"],
    });
  });
});

describe("the provider's answer", () => {
  it.each([
    { fault: "refresh-401", code: "denied" },
    { fault: "refresh-500", code: "unreachable" },
    { fault: "refresh-503", code: "unreachable" },
    { fault: "refresh-lost", code: "unreachable" },
    { fault: "down", code: "unreachable" },
    { fault: "cloud-503", code: "unreachable" },
    { fault: "refresh-html", code: "protocol" },
    { fault: "cloud-html", code: "protocol" },
    { fault: "refresh-empty", code: "protocol" },
    { fault: "refresh-blank", code: "protocol" },
    { fault: "refresh-number", code: "protocol" },
    { fault: "refresh-redirect", code: "protocol" },
  ] as const)("$fault: $code, and the session is not put at risk", async ({ fault, code }) => {
    const simulator = await simulate();
    simulator.faults.set(fault);
    const token = simulator.cloud.issueToken({ expired: true });
    const failure = await renewed(credentialAt(simulator, token), fakeHost()).catch((error) => error);
    expect(isProviderError(failure) && failure.code, String(failure)).toBe(code);
    expect(pathsOf(simulator)).toEqual(["/refresh"]);
    expect(simulator.cloud.reuses).toEqual([]);
    const said = JSON.stringify([failure.message, failure.reason, failure.next]);
    for (const part of [token, inspectToken(token).refreshToken]) expect(said).not.toContain(part);
  });

  it("refresh-slow: it is waited for, 20 seconds and no longer", async () => {
    const simulator = await simulate();
    simulator.faults.set("refresh-slow");
    const host = impatient(fakeHost(), 300);
    const token = simulator.cloud.issueToken({ expired: true });
    await expect(renewed(credentialAt(simulator, token), host)).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(host.timeouts).toEqual([20_000]);
  });

  it("refresh-same: a refresh token that is not rotated stays", async () => {
    const simulator = await simulate();
    simulator.faults.set("refresh-same");
    const token = simulator.cloud.issueToken({ expired: true });
    const result = await renewed(credentialAt(simulator, token), fakeHost());
    expect(inspectToken(result.token).refreshToken).toBe(inspectToken(token).refreshToken);
    expect(simulator.cloud.isActive(result.token)).toBe(true);
  });

  it("RFC 6749 section 6: the old refresh token is kept where no new one comes", async () => {
    const body = JSON.stringify({ token: envelope("new-access-token", { expiry: AHEAD }) });
    const { url } = await replying({ body });
    const host = fakeHost();
    const { token } = await renewed(oldAt(url), host);
    expect(inspectToken(token)).toMatchObject({
      accessToken: "new-access-token",
      refreshToken: "old-refresh-token",
    });
    expect(inspectToken(token).expiresAt?.toISOString()).toBe("2999-01-01T00:00:00.000Z");
    expect([...host.secrets]).toEqual(expect.arrayContaining([token, "new-access-token"]));
  });

  const html = { "Content-Type": "text/html" };
  it.each<{ readonly name: string; readonly reply: Reply; readonly code: string }>([
    { name: "400", reply: { status: 400, body: '{"error":"invalid_grant"}' }, code: "denied" },
    { name: "403", reply: { status: 403, body: "{}" }, code: "denied" },
    { name: "403 as a web page", reply: { status: 403, headers: html, body: "<p>no" }, code: "unreachable" },
    { name: "400 that starts as HTML", reply: { status: 400, body: "<!DOCTYPE html>" }, code: "unreachable" },
    {
      name: "401 with WWW-Authenticate",
      reply: { status: 401, headers: { "WWW-Authenticate": "Basic" } },
      code: "unreachable",
    },
    { name: "429", reply: { status: 429 }, code: "unreachable" },
    { name: "502 as a web page", reply: { status: 502, headers: html, body: "<p>" }, code: "unreachable" },
    { name: "404", reply: { status: 404 }, code: "protocol" },
    { name: "405", reply: { status: 405 }, code: "protocol" },
    { name: "204", reply: { status: 204 }, code: "protocol" },
    { name: "308", reply: { status: 308, headers: { Location: "/elsewhere" } }, code: "protocol" },
    { name: "nothing", reply: { body: "" }, code: "protocol" },
    { name: "no JSON", reply: { body: "sorry" }, code: "protocol" },
    { name: "an array", reply: { body: '[{"token":"x"}]' }, code: "protocol" },
    { name: "null", reply: { body: "null" }, code: "protocol" },
    { name: "a token in an object", reply: { body: '{"token":{}}' }, code: "protocol" },
    { name: "a blank token", reply: { body: '{"token":" "}' }, code: "protocol" },
    { name: "a padded envelope", reply: { body: JSON.stringify({ token: `${OLD}==` }) }, code: "protocol" },
    { name: "a JWT by itself", reply: { body: JSON.stringify({ token: jwt({}) }) }, code: "protocol" },
    { name: "the old token", reply: { body: JSON.stringify({ token: OLD }) }, code: "protocol" },
    {
      name: "a huge token",
      reply: { body: JSON.stringify({ token: envelope("x".repeat(40_000)) }) },
      code: "protocol",
    },
  ])("$name: $code", async ({ reply, code }) => {
    const { url, bodies } = await replying(reply);
    const failure = await renewed(oldAt(url), fakeHost()).catch((error) => error);
    expect(isProviderError(failure) && failure.code, String(failure)).toBe(code);
    expect(bodies).toHaveLength(1);
  });
});

describe("what cannot be renewed", () => {
  it("a login without an account is denied", async () => {
    const host = fakeHost();
    const failure = await renewed({ kind: "local", serverName: "None" }, host).catch((e) => e);
    expect(failure).toMatchObject({ code: "denied" });
    expect(host.calls).toEqual([]);
  });

  it.each(["API token", "JWT", "opaque token"])(
    "an %s has no refresh token, and nobody is asked",
    async (kind) => {
      const simulator = await simulate();
      const token =
        kind === "opaque token" ? "made-up-opaque-token" : simulator.cloud.apiToken({ bare: kind === "JWT" });
      const host = hostFor(simulator);
      await expect(renewed(credentialAt(simulator, token), host)).rejects.toMatchObject({
        code: "expired",
        message: expect.stringContaining("has no refresh token"),
      });
      expect(host.calls).toEqual([]);
    },
  );
});

describe("a credential that another program wrote", () => {
  const bare = ({ origin: _, ...credential }: TokenCredential): TokenCredential => credential;

  it("is renewed at the address that the server lists, and gets no address of its own", async () => {
    const simulator = await simulate({ era: "2024" });
    const token = simulator.cloud.issueToken({ expired: true });
    const result = await renewed(bare(credentialAt(simulator, token)), hostFor(simulator));
    expect(simulator.cloud.isActive(result.token)).toBe(true);
    expect(result).not.toHaveProperty("origin");
  });

  it("is sent nowhere when nothing tells where its provider is", async () => {
    const host = fakeHost();
    const credential = { ...bare(oldAt("")), serverName: "Meshery" };
    await expect(renewed(credential, host)).rejects.toMatchObject({ code: "unreachable" });
    expect(new Set(host.calls)).toEqual(new Set(["providers"]));
  });

  it("is sent nowhere when two providers go by its name", async () => {
    const [one, two] = [await replying({}), await replying({})];
    const value = [one, two].map(({ url }) => ({
      key: new URL(url).host,
      name: "Meshery",
      type: "remote" as const,
      url,
    }));
    const host = fakeHost({ server: { providers: async () => ({ kind: "ok", value }) } });
    const credential = { ...bare(oldAt("")), serverName: "Meshery" };
    await expect(renewed(credential, host)).rejects.toMatchObject({
      code: "unreachable",
      reason: expect.stringContaining("more than one"),
    });
    expect([...one.bodies, ...two.bodies]).toEqual([]);
    expect(host.calls).not.toContain("token");
  });

  it("in parts is renewed as the envelope that is stored of it", async () => {
    const simulator = await simulate();
    const { accessToken = "", refreshToken = "" } = inspectToken(simulator.cloud.issueToken());
    const origin = simulator.cloud.url;
    const parts = { kind: "oauth2", serverName: "Layer5", origin, accessToken, refreshToken } as const;
    const result = await renewed(parts, fakeHost());
    expect(result.kind).toBe("token");
    expect(simulator.cloud.isActive(result.token)).toBe(true);
  });
});
