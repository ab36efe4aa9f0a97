import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  decodeEnvelope,
  type Envelope,
  ERAS,
  HOSTILE_TEXT,
  parseJwt,
  type Simulator,
  USERS,
} from "../src/index.js";
import { encodeSource, post, simulate } from "./help.js";

const envelopeOf = (token: string): Envelope => {
  const envelope = decodeEnvelope(token);
  if (typeof envelope === "string") throw new Error(envelope);
  return envelope;
};

const profile = (simulator: Simulator, authorization: string): Promise<Response> =>
  fetch(`${simulator.cloud.url}/api/identity/users/profile`, {
    headers: { Authorization: authorization },
    redirect: "manual",
  });

describe("tokens", () => {
  it("are envelopes of JWTs that the published key verifies", async () => {
    const simulator = await simulate();
    const { keys } = (await (await fetch(`${simulator.cloud.url}/keys`)).json()) as {
      keys: Record<string, string>[];
    };
    const [jwk = {}] = keys;
    expect(Object.values(jwk).every((member) => typeof member === "string")).toBe(true);
    expect(jwk).toMatchObject({
      kty: "RSA",
      e: "AQAB",
      kid: expect.stringMatching(/^public:[0-9a-f-]{36}$/),
    });

    const envelope = envelopeOf(simulator.cloud.issueToken());
    expect(Object.keys(envelope)).toEqual(["access_token", "token_type", "refresh_token", "expiry"]);
    expect(envelope.refresh_token).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    const [head = "", claims = "", signature = ""] = envelope.access_token.split(".");
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signed = (text: string): boolean =>
      verify("RSA-SHA256", Buffer.from(text), key, Buffer.from(signature, "base64url"));
    expect(signed(`${head}.${claims}`)).toBe(true);
    expect(signed(`${head}.${claims}x`)).toBe(false);

    const jwt = parseJwt(envelope.access_token);
    expect(jwt?.header).toEqual({ alg: "RS256", kid: jwk["kid"], typ: "JWT" });
    const { exp, iat, nbf } = (jwt?.claims ?? {}) as Record<string, number>;
    expect([Number(exp) - Number(iat), nbf]).toEqual([3601, iat]);
    const lead = Number(exp) * 1000 - Date.parse(envelope.expiry ?? "");
    expect(lead > 0 && lead < 1000).toBe(true);
    expect(jwt?.claims).toMatchObject({
      aud: [],
      client_id: "meshery-cloud",
      scp: ["openid", "offline"],
      ext: {},
    });
    // Go decodes the claims with the standard alphabet.
    expect(claims).not.toMatch(/[-_]/);
  });

  it("come in every shape that a client must cope with", async () => {
    const { cloud } = await simulate();
    expect(cloud.issueToken({ plus: true })).toContain("+");
    expect(cloud.issueToken({ bare: true }).split(".")).toHaveLength(3);
    expect(envelopeOf(cloud.issueToken({ zeroExpiry: true })).expiry).toBe("0001-01-01T00:00:00Z");
    const api = envelopeOf(cloud.apiToken());
    expect([api.expiry, api.refresh_token]).toEqual([undefined, undefined]);
    expect(parseJwt(api.access_token)?.claims).not.toHaveProperty("exp");
    expect(parseJwt(envelopeOf(cloud.issueToken({ opaque: true })).access_token)).toBeUndefined();
    expect(cloud.userOf(cloud.issueToken({ user: "yuki-brandt" }))?.lastName).toBe("Brandt");
    expect(() => cloud.issueToken({ user: "nobody" })).toThrow(TypeError);
  });
});

describe("the rotation of refresh tokens", () => {
  const refresh = (simulator: Simulator, token: string): Promise<Response> =>
    post(simulator, "/refresh", { token });

  it("gives a new pair and makes the old access token dead", async () => {
    const simulator = await simulate();
    const first = simulator.cloud.issueToken({ expired: true });
    const response = await refresh(simulator, first);
    const { token } = (await response.json()) as { token: string };
    expect([simulator.cloud.isActive(first), simulator.cloud.isActive(token)]).toEqual([false, true]);
    expect(envelopeOf(token).refresh_token).not.toBe(envelopeOf(first).refresh_token);
    expect(simulator.cloud.userOf(token)).toBe(simulator.cloud.userOf(first));
    expect([simulator.cloud.refreshes(), simulator.cloud.reuses]).toEqual([1, []]);
  });

  it("ends the whole session when a used one comes again, and records it", async () => {
    const simulator = await simulate();
    const first = simulator.cloud.issueToken();
    const { token } = (await (await refresh(simulator, first)).json()) as { token: string };
    expect((await refresh(simulator, first)).status).toBe(401);
    expect(simulator.cloud.reuses).toHaveLength(1);
    expect([simulator.cloud.isActive(token), simulator.cloud.isEnded(token)]).toEqual([false, true]);
    expect((await refresh(simulator, token)).status).toBe(401);
  });

  it("counts as a use when the answer is lost on the way", async () => {
    const simulator = await simulate();
    const token = simulator.cloud.issueToken();
    simulator.faults.set("refresh-lost", 1);
    await expect(refresh(simulator, token)).rejects.toThrow("fetch failed");
    expect(simulator.cloud.refreshes()).toBe(1);
    expect((await refresh(simulator, token)).status).toBe(401);
    expect(simulator.cloud.reuses).toHaveLength(1);
  });

  it("can be switched off", async () => {
    const simulator = await simulate();
    const token = simulator.cloud.issueToken();
    simulator.faults.set("refresh-same");
    await refresh(simulator, token);
    const again = (await (await refresh(simulator, token)).json()) as { token: string };
    expect(envelopeOf(again.token).refresh_token).toBe(envelopeOf(token).refresh_token);
  });

  it("has nothing to offer for API tokens, bare tokens and bodies that are not JSON", async () => {
    const simulator = await simulate();
    for (const token of [simulator.cloud.apiToken(), simulator.cloud.issueToken({ bare: true }), ""]) {
      expect((await refresh(simulator, token)).status).toBe(401);
    }
    expect((await post(simulator, "/refresh", { token: 1 })).status).toBe(400);
    expect((await post(simulator, "/refresh", "{")).status).toBe(400);
  });
});

describe("introspection and revocation", () => {
  it("work on the access token and on the refresh token", async () => {
    const simulator = await simulate();
    const { access_token, refresh_token } = envelopeOf(simulator.cloud.issueToken());
    const introspect = async (): Promise<number> =>
      (await post(simulator, "/introspect", { token: access_token })).status;
    expect(await introspect()).toBe(200);
    expect((await post(simulator, "/revoke", { token: "" })).status).toBe(200);
    expect(await introspect()).toBe(200);
    expect((await post(simulator, "/revoke", { token: refresh_token })).status).toBe(200);
    expect(await introspect()).toBe(401);
  });
});

describe.each(ERAS)("the profile in %s", (era) => {
  it("takes the header of its time", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ user: USERS[1]?.id ?? "" });
    const whole = await profile(simulator, `bearer ${token}`);
    expect(whole.status).toBe(era === "2021" ? 401 : 200);
    const inner = await profile(simulator, `Bearer ${envelopeOf(token).access_token}`);
    expect(await inner.json()).toMatchObject(
      era.startsWith("2026")
        ? { id: USERS[1]?.id, firstName: "Tomas", email: USERS[1]?.email }
        : { id: USERS[1]?.id, first_name: "Tomas", user_id: "tomas-okafor" },
    );
  });

  it("refuses what is missing, expired or unknown", async () => {
    const simulator = await simulate({ era });
    const { access_token } = envelopeOf(simulator.cloud.issueToken({ expired: true }));
    for (const header of [
      "",
      "bearer ",
      "bearer nonsense",
      `Basic ${access_token}`,
      `bearer ${access_token}`,
    ]) {
      expect((await profile(simulator, header)).status).toBe(401);
    }
  });

  it("has API tokens in its casing", async () => {
    const simulator = await simulate({ era });
    const headers = { Authorization: `bearer ${envelopeOf(simulator.cloud.issueToken()).access_token}` };
    const call = (path: string, method = "GET"): Promise<Response> =>
      fetch(`${simulator.cloud.url}/api/identity/tokens${path}`, { method, headers });
    const camel = era.startsWith("2026");
    const created = await call("?name=ci&purpose=builds", "POST");
    expect(created.status).toBe(era === "2026-06" ? 201 : 200);
    const page = (await created.json()) as { tokens: Record<string, unknown>[] };
    expect(page).toHaveProperty(camel ? "totalCount" : "total_count", 1);
    const [record = {}] = page.tokens;
    expect(record).toMatchObject({ name: "ci", provider: "github", [camel ? "isOauth" : "is_oauth"]: false });
    expect(await (await call(`/${record["id"]}`)).json()).toEqual(record);
    expect((await call("/nothing")).status).toBe(404);
    const access = String(record[camel ? "accessToken" : "access_token"]);
    expect((await profile(simulator, `Bearer ${access}`)).status).toBe(200);
    expect((await call(`?tokenId=${record["id"]}`, "DELETE")).status).toBe(200);
    expect((await profile(simulator, `Bearer ${access}`)).status).toBe(401);
    expect(await (await call("")).json()).toMatchObject({ tokens: [] });
    expect((await fetch(`${simulator.cloud.url}/api/identity/tokens`)).status).toBe(401);
  });
});

describe("pages of a signed-in browser", () => {
  it("make an API token and download it as auth.json", async () => {
    const simulator = await simulate({ signedIn: true });
    const page = `${simulator.cloud.url}/security/tokens`;
    const form = new URLSearchParams({ name: "<b>laptop</b>", purpose: "work" });
    const list = await (await fetch(page, { method: "POST", body: form })).text();
    expect(list).toContain("&lt;b&gt;laptop&lt;/b&gt;");
    const path = /href="([^"]+auth\.json)"/.exec(list)?.[1] ?? "";
    const file = await fetch(simulator.cloud.url + path);
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="auth.json"');
    const saved = (await file.json()) as Record<string, string>;
    expect(Object.keys(saved)).toEqual(["meshery-provider", "token"]);
    expect(simulator.cloud.isActive(saved["token"] ?? "")).toBe(true);
    await fetch(simulator.cloud.url + path.replace("auth.json", "delete"), { method: "POST" });
    expect(simulator.cloud.isActive(saved["token"] ?? "")).toBe(false);
  });

  it("are closed to others", async () => {
    const simulator = await simulate();
    const answer = await fetch(`${simulator.cloud.url}/security/tokens`, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe("/login");
  });

  it("never lead back from the root, with or without a source", async () => {
    const simulator = await simulate({ signedIn: true });
    const source = encodeSource("http://localhost:1/cb");
    const root = await (await fetch(`${simulator.cloud.url}/?source=${source}`)).text();
    expect(root).toContain("dashboard");
    expect(root).not.toContain("<form");
    const login = await (await fetch(`${simulator.cloud.url}/login?source=${source}`)).text();
    expect(login).toContain('action="/consent"');
  });
});

it("can report a hostile profile", async () => {
  const simulator = await simulate();
  simulator.faults.set("profile-hostile", 1);
  const answer = await profile(simulator, `bearer ${simulator.cloud.issueToken()}`);
  expect(await answer.json()).toMatchObject({ firstName: HOSTILE_TEXT, email: HOSTILE_TEXT });
});
