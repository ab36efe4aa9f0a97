import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Issuer, startDevice } from "./support/issuer.js";
import { identify, login } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const DISCOVERY = "/.well-known/openid-configuration";

const NO_KEY = { keys: [{ kty: "RSA", kid: "key-1", alg: "RS256", use: "sig" }] };

// Each of them is the server's word, so it is no defect of the program.
test.each<[string, (issuer: Issuer) => void, RegExp]>([
  [
    "a status of 600",
    ({ answers, metadata }) => answers.set(DISCOVERY, () => ({ status: 600, body: metadata })),
    /answered 600/,
  ],
  ["a status of 999", ({ answers }) => answers.set("/token", () => ({ status: 999 })), /answered 999/],
  [
    "an issuer that is no address",
    ({ metadata }) => (metadata["issuer"] = "login.example"),
    /issuer that is no address/,
  ],
  [
    "a number for the scopes",
    ({ metadata }) => (metadata["scopes_supported"] = 7),
    /no list for "scopes_supported"/,
  ],
  ["a key without numbers", ({ answers }) => answers.set("/jwks", () => ({ body: NO_KEY })), /keys cannot/],
])("%s ends a login as the server's fault", async (_, change, reason) => {
  const issuer = await startDevice();
  change(issuer);
  const outcome = login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  await expect(outcome).rejects.toMatchObject({ code: "protocol", reason: expect.stringMatching(reason) });
});

test("a sub that is longer than the standard allows ends a login as the server's fault", async () => {
  const issuer = await startDevice();
  const idToken = await issuer.idToken({ sub: "s".repeat(256) });
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-access-token", token_type: "bearer", id_token: idToken },
  }));
  const outcome = login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  await expect(outcome).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringMatching(/sub is too/),
  });
});

test("signed userinfo of a server that does not say how it signs leaves the login unconfirmed", async () => {
  const issuer = await startDevice();
  const signed = await issuer.idToken({});
  issuer.answers.set("/userinfo", () => ({ headers: { "Content-Type": "application/jwt" }, body: signed }));
  const credential = await login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  await expect(identify(credential, fakeHost())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringMatching(/does not say how it signs/),
  });
});
