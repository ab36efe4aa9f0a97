import { ERAS, type Simulator, type SimulatorOptions, startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { client } from "./client.js";

async function simulate(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

describe.each(ERAS)("a Meshery Server of %s", (era) => {
  test("lists its providers", async () => {
    const { server, cloud, remoteName } = await simulate({ era });
    const host = new URL(cloud.url).host;
    const modern = era === "2026-06";
    expect(await client(server.url).providers()).toEqual({
      kind: "ok",
      value: expect.arrayContaining([
        { key: modern ? host : remoteName, name: remoteName, type: "remote", url: cloud.url },
        modern
          ? { key: "Local", name: "Local", type: "local" }
          : { key: "None", name: "None", type: "local" },
      ]),
    });
  });

  test("gives the token back in the form for auth.json, whether the name or the list's key is sent", async () => {
    const { server, cloud, remoteName } = await simulate({ era });
    const meshery = client(server.url);
    const token = cloud.issueToken();
    const listed = await meshery.providers();
    const key = listed.kind === "ok" ? listed.value.find(({ type }) => type === "remote")?.key : undefined;
    for (const serverName of [remoteName, key ?? ""]) {
      expect(await meshery.token({ serverName, token })).toEqual({
        kind: "ok",
        value: { serverName: remoteName, token, members: { "meshery-provider": remoteName, token } },
      });
    }
  });

  test("says who the user is", async () => {
    const { server, cloud, remoteName } = await simulate({ era });
    const [person] = cloud.users;
    expect(await client(server.url).user({ serverName: remoteName, token: cloud.issueToken() })).toEqual({
      kind: "ok",
      value: { id: person?.id, name: `${person?.firstName} ${person?.lastName}`, email: person?.email },
    });
  });

  test("accepts its local provider, by the old name too", async () => {
    const { server } = await simulate({ era });
    const meshery = client(server.url);
    const serverName = era === "2026-06" ? "Local" : "None";
    expect(await meshery.accepts({ serverName: "None", token: "" })).toEqual({ kind: "ok", value: null });
    expect(await meshery.token({ serverName: "None", token: "" })).toMatchObject({
      kind: "ok",
      value: { serverName, token: "" },
    });
    expect(await meshery.user({ serverName, token: "" })).toMatchObject({
      kind: "ok",
      value: { name: "Meshery Meshery" },
    });
  });

  test("tells its refusals apart", async () => {
    const { server, cloud, remoteName } = await simulate({ era });
    const meshery = client(server.url);
    const token = cloud.issueToken();
    expect(await meshery.accepts({ serverName: "Nobody", token })).toMatchObject({ why: "unknown-provider" });
    expect(await meshery.accepts({ serverName: remoteName, token: "" })).toMatchObject({ why: "no-token" });
    expect(await meshery.accepts({ serverName: remoteName, token: "bm90IGEgdG9rZW4" })).toMatchObject({
      why: "bad-token",
    });
    cloud.revoke(token);
    expect(await meshery.user({ serverName: remoteName, token })).toMatchObject({
      kind: "refused",
      why: "bad-token",
    });
  });

  test("four refusals in a row are told alike, because no cookie is kept between requests", async () => {
    const { server, remoteName } = await simulate({ era });
    const meshery = client(server.url);
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await meshery.accepts({ serverName: remoteName, token: "bm90IGEgdG9rZW4" })).toMatchObject({
        why: "bad-token",
      });
    }
  });

  test("tells its version, is reachable and shows its clock", async () => {
    const { server } = await simulate({ era });
    const meshery = client(server.url);
    expect(await meshery.version()).toMatchObject({
      kind: "ok",
      value: { build: expect.stringMatching(/^v\d/) },
    });
    expect(await meshery.reachable()).toEqual({ kind: "ok", value: null });
    expect(meshery.clockSkew()).toBe(0);
  });

  test("is never asked for what has side effects, and sees the cookies in mesheryctl's order", async () => {
    const { server, cloud, remoteName } = await simulate({ era });
    const meshery = client(server.url);
    const credential = { serverName: remoteName, token: cloud.issueToken() };
    await Promise.all([meshery.providers(), meshery.version(), meshery.reachable()]);
    await Promise.all([meshery.token(credential), meshery.user(credential), meshery.accepts(credential)]);
    expect(server.requests.length).toBeGreaterThan(4);
    for (const { method, path, headers } of server.requests) {
      expect(method).toBe("GET");
      expect(path).not.toMatch(/^\/(user|auth)\/|^\/api\/user\/token/);
      expect(headers.cookie ?? "none").toMatch(/^token=[^;]+; meshery-provider=[^;]+$|^none$/);
    }
  });
});

describe("what goes wrong at a server", () => {
  const cases = [
    ["token-html", "unavailable"],
    ["token-empty", "unavailable"],
    ["token-json-error", "unavailable"],
    ["token-not-object", "unavailable"],
    ["token-number", "unavailable"],
    ["token-null", "unavailable"],
    ["token-torn", "unavailable"],
    ["token-blank", "unavailable"],
    ["redirect-provider", "refused"],
    ["redirect-auth-login", "refused"],
    ["redirect-login", "refused"],
    ["redirect-foreign", "unavailable"],
    ["redirect-self", "unavailable"],
    ["503", "unavailable"],
    ["401-json", "refused"],
    ["404-empty", "unavailable"],
    ["500-text", "unavailable"],
    ["500-json", "unavailable"],
    ["200-html", "unavailable"],
    ["200-empty", "unavailable"],
    ["close-connection", "unavailable"],
    ["truncated", "unavailable"],
    ["huge-body", "unavailable"],
  ] as const;

  test.each(cases)("%s", async (fault, kind) => {
    const { server, cloud, faults, remoteName } = await simulate({});
    faults.set(fault);
    const credential = { serverName: remoteName, token: cloud.issueToken() };
    expect(await client(server.url).accepts(credential)).toMatchObject({ kind });
  });

  test.each(["user-html", "user-empty", "user-json-error"] as const)("%s", async (fault) => {
    const { server, cloud, faults, remoteName } = await simulate({});
    faults.set(fault);
    const credential = { serverName: remoteName, token: cloud.issueToken() };
    expect(await client(server.url).user(credential)).toMatchObject({ kind: "unavailable" });
  });

  test.each([
    "providers-html",
    "providers-empty",
    "providers-array",
    "providers-torn",
    "providers-500",
  ] as const)("%s", async (fault) => {
    const { server, faults } = await simulate({});
    faults.set(fault);
    expect(await client(server.url).providers()).toMatchObject({ kind: "unavailable" });
  });

  test("a provider that is down is an outage on newer servers; older ones cannot tell it from a bad token", async () => {
    for (const era of ERAS) {
      const { server, cloud, faults, remoteName } = await simulate({ era });
      const credential = { serverName: remoteName, token: cloud.issueToken() };
      faults.set("profile-503");
      const answer = await client(server.url).user(credential);
      expect([era, answer.kind]).toEqual([era, era.startsWith("2026") ? "unavailable" : "refused"]);
      if (answer.kind === "refused") expect(answer.message).toMatch(/while the provider is down/);
    }
  });

  test("a token that the server renewed comes back", async () => {
    const { server, cloud, remoteName } = await simulate({ era: "2026-06" });
    const credential = { serverName: remoteName, token: cloud.issueToken({ expired: true }) };
    const answer = await client(server.url).token(credential);
    if (answer.kind !== "ok") throw new Error(answer.message);
    expect(answer.value.token).not.toBe(credential.token);
  });
});
