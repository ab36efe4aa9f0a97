import { ERAS } from "@meshauth/meshery-simulator";
import { isProviderError, type Provider, type TokenCredential } from "@meshauth/provider-api";
import { encodeEnvelope, inspectToken } from "@meshauth/provider-api/format";
import { afterEach, describe, expect, it } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import layer5 from "../src/index.js";
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

const provider: Provider = layer5;
const made = encodeEnvelope({ accessToken: "made-up-access", refreshToken: "made-up-refresh" });

afterEach(endAll);

describe.each(ERAS)("revoke with a cloud of %s", (era) => {
  it("ends the session by its refresh token, without asking the Meshery Server", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    const host = hostFor(simulator);
    await expect(provider.revoke?.(credentialAt(simulator, token), host)).resolves.toEqual({
      outcome: "revoked",
    });
    expect(simulator.cloud.isEnded(token)).toBe(true);
    const [request] = simulator.cloud.requests;
    const { refreshToken = "" } = inspectToken(token);
    expect(request).toMatchObject({
      method: "POST",
      path: "/revoke",
      body: JSON.stringify({ token: refreshToken }),
    });
    expect(request?.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(host.secrets).toContain(refreshToken);
    expect(host.calls).toEqual([`${simulator.cloud.url}/revoke`]);
  });

  it("an expired access token does not keep the session from being ended", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ expired: true });
    await provider.revoke?.(credentialAt(simulator, token), fakeHost());
    expect(simulator.cloud.isEnded(token)).toBe(true);
  });

  it.each([true, false])("an API token (bare: %s) ends on the page of tokens only", async (bare) => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.apiToken({ bare });
    await expect(provider.revoke?.(credentialAt(simulator, token), fakeHost())).resolves.toEqual({
      outcome: "not-supported",
      page: `${simulator.cloud.url}/security/tokens`,
    });
    expect(simulator.cloud.requests).toEqual([]);
    expect(simulator.cloud.isActive(token)).toBe(true);
  });
});

describe("the provider's answer", () => {
  it.each([
    { fault: "revoke-500", code: "unreachable" },
    { fault: "cloud-503", code: "unreachable" },
    { fault: "down", code: "unreachable" },
    { fault: "cloud-html", code: "protocol" },
  ] as const)("$fault: $code", async ({ fault, code }) => {
    const simulator = await simulate();
    simulator.faults.set(fault);
    const token = simulator.cloud.issueToken();
    const failure = await provider.revoke?.(credentialAt(simulator, token), fakeHost()).catch((e) => e);
    expect(isProviderError(failure) && failure.code, String(failure)).toBe(code);
    expect(pathsOf(simulator)).toEqual(["/revoke"]);
    expect(JSON.stringify([failure])).not.toContain(inspectToken(token).refreshToken);
  });

  it("revoke-404: it has no way to revoke", async () => {
    const simulator = await simulate();
    simulator.faults.set("revoke-404");
    const credential = credentialAt(simulator, simulator.cloud.issueToken());
    await expect(provider.revoke?.(credential, fakeHost())).resolves.toEqual({ outcome: "not-supported" });
  });

  it("revoke-slow: it is waited for, 10 seconds and no longer", async () => {
    const simulator = await simulate();
    simulator.faults.set("revoke-slow");
    const host = impatient(fakeHost(), 300);
    const credential = credentialAt(simulator, simulator.cloud.issueToken());
    await expect(provider.revoke?.(credential, host)).rejects.toMatchObject({ code: "unreachable" });
    expect(host.timeouts).toEqual([10_000]);
  });

  it.each([
    { name: "200", reply: { status: 200, body: "{}" }, outcome: "revoked" },
    { name: "204", reply: { status: 204 }, outcome: "revoked" },
    { name: "405", reply: { status: 405 }, outcome: "not-supported" },
  ])("$name: $outcome", async ({ reply, outcome }) => {
    const { url } = await replying(reply);
    await expect(provider.revoke?.(at(url), fakeHost())).resolves.toEqual({ outcome });
  });

  const html = { "Content-Type": "text/html; charset=utf-8" };
  it.each<{ readonly name: string; readonly reply: Reply; readonly code: string }>([
    { name: "400", reply: { status: 400, body: "{}" }, code: "denied" },
    { name: "401", reply: { status: 401, body: "{}" }, code: "denied" },
    { name: "403", reply: { status: 403, body: "no" }, code: "denied" },
    { name: "403 as a web page", reply: { status: 403, headers: html, body: "<p>" }, code: "unreachable" },
    {
      name: "401 with WWW-Authenticate",
      reply: { status: 401, headers: { "WWW-Authenticate": "Basic" } },
      code: "unreachable",
    },
    { name: "429", reply: { status: 429 }, code: "unreachable" },
    { name: "302", reply: { status: 302, headers: { Location: "/login" } }, code: "protocol" },
    { name: "200 as a web page", reply: { headers: html, body: "<p>Sign in" }, code: "protocol" },
    { name: "202", reply: { status: 202 }, code: "protocol" },
  ])("$name: $code", async ({ reply, code }) => {
    const { url } = await replying(reply);
    const failure = await provider.revoke?.(at(url), fakeHost()).catch((error) => error);
    expect(isProviderError(failure) && failure.code, String(failure)).toBe(code);
  });
});

describe("where the credential came from is not known", () => {
  it("an API token cannot be revoked there either", async () => {
    const host = fakeHost();
    const credential = { kind: "token", serverName: "Meshery", token: "made-up-api-token" } as const;
    await expect(provider.revoke?.(credential, host)).resolves.toEqual({ outcome: "not-supported" });
    expect(host.calls).toEqual(["providers"]);
  });

  it("nothing is sent, and nothing claimed", async () => {
    const host = fakeHost();
    const credential = { kind: "token", serverName: "Meshery", token: made } as const;
    await expect(provider.revoke?.(credential, host)).rejects.toMatchObject({
      code: "unreachable",
      reason: expect.stringContaining("another program"),
    });
    expect(host.calls).toEqual(["providers"]);
  });

  it("the server's list tells it", async () => {
    const simulator = await simulate();
    const token = simulator.cloud.issueToken();
    const credential = { kind: "token", serverName: "Layer5", token } as const;
    await expect(provider.revoke?.(credential, hostFor(simulator))).resolves.toEqual({ outcome: "revoked" });
    expect(simulator.cloud.isEnded(token)).toBe(true);
  });
});

it("a login without an account has nothing to end", async () => {
  const host = fakeHost();
  await expect(provider.revoke?.({ kind: "local", serverName: "None" }, host)).resolves.toEqual({
    outcome: "not-supported",
  });
  expect(host.calls).toEqual([]);
});

function at(origin: string): TokenCredential {
  return { kind: "token", serverName: "Layer5", token: made, origin };
}
