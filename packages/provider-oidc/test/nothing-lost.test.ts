import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Issuer, startIssuer } from "./support/issuer.js";
import { login, refresh, sentBack, stored } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const DEVICE = {
  device_code: "made-up-device-code",
  user_code: "WDJB-MJHT",
  verification_uri: "https://login.example/device",
  expires_in: 60,
  interval: 1,
};

/** An issuer that takes every code and refresh token once, and whose keys cannot be had. */
async function startWithoutKeys(): Promise<Issuer> {
  const issuer = await startIssuer();
  let round = 0;
  const spent = new Set<string>();
  const idTokens = [await issuer.idToken({}), await issuer.idToken({})];
  issuer.answers.set("/jwks", () => ({ status: 503, body: "" }));
  issuer.answers.set("/device", () => ({ body: DEVICE }));
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

const NOT_CHECKED = /signature of the ID token was not checked/;

test("an approved code and a rotated refresh token are not lost while the keys cannot be had", async () => {
  const issuer = await startWithoutKeys();
  const host = fakeHost();
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, host);
  expect(credential).toMatchObject({ accessToken: "made-up-access-token-1", settings: { sub: "user-1" } });
  expect(host.warnings()).toEqual([expect.stringMatching(NOT_CHECKED)]);

  const later = fakeHost();
  await expect(refresh(stored(credential), later)).resolves.toMatchObject({
    accessToken: "made-up-access-token-2",
    refreshToken: "made-up-refresh-token-2",
  });
  expect(later.warnings()).toEqual([expect.stringMatching(NOT_CHECKED)]);
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(2);
});

test("an ID token that no key fits is refused, and the spent code is not asked for again", async () => {
  const issuer = await startWithoutKeys();
  issuer.answers.set("/jwks", () => ({ body: { keys: [] } }));
  await expect(
    login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost()),
  ).rejects.toMatchObject({ code: "protocol" });
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(1);
});

test("other claims of an ID token are checked without its signature, too", async () => {
  const issuer = await startWithoutKeys();
  const other = await issuer.idToken({ nonce: "of-another-sign-in" });
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-access-token", token_type: "bearer", id_token: other },
  }));
  const host = fakeHost({ browser: sentBack(issuer.url) });
  await expect(
    login({ issuer: issuer.url, "client-id": "cli", flow: "browser" }, host),
  ).rejects.toMatchObject({ code: "protocol", reason: expect.stringMatching(/another sign-in/) });
});
