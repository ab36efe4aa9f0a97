import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { DEVICE, type Issuer, startIssuer } from "./support/issuer.js";
import { login, refresh, stored } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

/** An issuer that takes every code and refresh token once, and whose keys cannot be had. */
async function startWithoutKeys(): Promise<Issuer> {
  const issuer = await startIssuer();
  let round = 0;
  const spent = new Set<string>();
  const idTokens = [await issuer.idToken({}), await issuer.idToken({})];
  issuer.answers.set("/jwks", () => ({ status: 503, body: "" }));
  issuer.answers.set("/device", () => ({ body: { ...DEVICE, interval: 1 } }));
  issuer.answers.set("/token", (form) => {
    const given = form.get("device_code") ?? form.get("refresh_token") ?? "";
    if (spent.has(given)) return { status: 400, body: { error: "invalid_grant" } };
    spent.add(given);
    round += 1;
    return {
      body: {
        access_token: `made-up-access-token-${round}`,
        refresh_token: `made-up-refresh-token-${round}`,
        token_type: "bearer",
        id_token: idTokens[round - 1],
      },
    };
  });
  return issuer;
}

const KEYS = ({ jwk }: Issuer) => ({ body: { keys: [jwk] } });

test("while the keys cannot be had nothing is spent, and later all is as before", async () => {
  const issuer = await startWithoutKeys();
  const options = { issuer: issuer.url, "client-id": "cli", flow: "device" };
  await expect(login(options, fakeHost())).rejects.toMatchObject({ code: "unreachable" });
  expect(issuer.requests.filter(({ line }) => line.startsWith("POST"))).toEqual([]);

  issuer.answers.set("/jwks", () => KEYS(issuer));
  const credential = await login(options, fakeHost());
  issuer.answers.set("/jwks", () => ({ status: 503, body: "" }));
  await expect(refresh(stored(credential), fakeHost())).rejects.toMatchObject({ code: "unreachable" });

  issuer.answers.set("/jwks", () => KEYS(issuer));
  await expect(refresh(stored(credential), fakeHost())).resolves.toMatchObject({
    accessToken: "made-up-access-token-2",
    refreshToken: "made-up-refresh-token-2",
  });
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(2);
});

test("keys that were had once are not asked for again, when it would be too late", async () => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/jwks", (_, asked) => (asked === 1 ? KEYS(issuer) : { status: 503, body: "" }));
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  expect(credential).toMatchObject({ accessToken: "made-up-access-token-1", settings: { sub: "user-1" } });
});

test("a sign-in without an ID token needs no keys", async () => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/token", () => ({ body: { access_token: "made-up-token", token_type: "bearer" } }));
  const options = { issuer: issuer.url, "client-id": "cli", flow: "device", scope: "read" };
  await expect(login(options, fakeHost())).resolves.toMatchObject({ accessToken: "made-up-token" });
});

test("an ID token that no key fits is refused, and the spent code is not asked for again", async () => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/jwks", () => ({ body: { keys: [] } }));
  await expect(
    login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost()),
  ).rejects.toMatchObject({ code: "protocol" });
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(1);
});

test.each([
  ["an hour ahead", 3_600_000],
  ["an hour behind", -3_600_000],
])("a clock that is %s costs no rotated refresh token", async (_, skew) => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/jwks", () => KEYS(issuer));
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  const host = fakeHost({ now: new Date(Date.now() + skew) });
  await expect(refresh(stored(credential), host)).resolves.toMatchObject({
    refreshToken: "made-up-refresh-token-2",
  });
});

test("an ID token that has ended by the server's own clock is refused at a renewal", async () => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/jwks", () => KEYS(issuer));
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  const ended = await issuer.idToken({ exp: Math.floor(Date.now() / 1000) - 300 });
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-access-token", token_type: "bearer", id_token: ended },
  }));
  await expect(refresh(stored(credential), fakeHost())).rejects.toMatchObject({
    reason: expect.stringMatching(/it has ended/),
  });
});

test("members that are null count as absent: the old refresh token stays", async () => {
  const issuer = await startWithoutKeys();
  issuer.metadata["revocation_endpoint"] = null;
  issuer.answers.set("/jwks", () => KEYS(issuer));
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  issuer.answers.set("/token", () => ({
    body: {
      access_token: "made-up-access-token-2",
      token_type: "bearer",
      refresh_token: null,
      id_token: null,
    },
  }));
  await expect(refresh(stored(credential), fakeHost())).resolves.toMatchObject({
    accessToken: "made-up-access-token-2",
    refreshToken: "made-up-refresh-token-1",
  });
});
