import { exportSPKI, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Issuer, startIssuer } from "./support/issuer.js";
import { login, sentBack } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const now = (): number => Math.floor(Date.now() / 1000);

/** Signs in at an issuer that gives the ID token that `make` makes for the nonce. */
async function signIn(
  make: (issuer: Issuer, nonce: string) => Promise<string>,
  options: Readonly<Record<string, string | number>> = {},
): Promise<unknown> {
  const issuer = await startIssuer();
  // The answer is needed in one step, and signing takes more.
  let idToken = "";
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-access-token", token_type: "Bearer", expires_in: 300, id_token: idToken },
  }));
  if (options["none"]) issuer.metadata["id_token_signing_alg_values_supported"] = ["RS256", "none", "HS256"];
  const host = fakeHost({
    async browser(link) {
      idToken = await make(issuer, link.searchParams.get("nonce") ?? "");
      await sentBack(issuer.url)(link);
    },
  });
  const { none: _, ...rest } = options;
  return login({ issuer: issuer.url, "client-id": "cli", flow: "browser", ...rest }, host);
}

const claims =
  (change: (issuer: Issuer) => JWTPayload) =>
  (issuer: Issuer, nonce: string): Promise<string> =>
    issuer.idToken({ nonce, ...change(issuer) });

test.each<[string, Parameters<typeof signIn>[0], Record<string, number>?]>([
  ["as it should be", claims(() => ({}))],
  ["aud is a list of this client", claims(() => ({ aud: ["cli"] }))],
  ["azp is this client", claims(() => ({ azp: "cli" }))],
  ["two aud, and azp is this client", claims(() => ({ aud: ["cli", "other"], azp: "cli" }))],
  ["just ended, within what clocks may differ", claims(() => ({ exp: now() - 10 }))],
  ["made a little ahead, within what clocks may differ", claims(() => ({ iat: now() + 10 }))],
  ["auth_time within max_age", claims(() => ({ auth_time: now() - 5 })), { "max-age": 60 }],
])("takes an ID token: %s", async (_, make, options) => {
  await expect(signIn(make, options)).resolves.toMatchObject({
    accessToken: "made-up-access-token",
    settings: { client_id: "cli", client_auth: "none", sub: "user-1" },
  });
});

// OpenID Connect Core section 3.1.3.7, by its numbers; T34.
test.each<[string, RegExp, Parameters<typeof signIn>[0], Record<string, number>?]>([
  ["2: wrong iss", /another issuer/, claims(() => ({ iss: "http://127.0.0.1:1" }))],
  ["2: iss with a slash more", /another issuer/, claims(({ url }) => ({ iss: `${url}/` }))],
  ["3: wrong aud", /another client/, claims(() => ({ aud: "other" }))],
  ["3: aud is a list of others", /another client/, claims(() => ({ aud: ["other"] }))],
  ["4: two aud, and no azp", /another client/, claims(() => ({ aud: ["cli", "other"] }))],
  ["5: azp is another client", /another client/, claims(() => ({ azp: "other" }))],
  [
    "5: two aud, and azp is another",
    /another client/,
    claims(() => ({ aud: ["cli", "other"], azp: "other" })),
  ],
  ["6: changed after it was signed", /none of the server's keys|signature/, changed],
  [
    "6: unknown kid",
    /none of the server's keys/,
    (issuer, nonce) => issuer.idToken({ nonce }, { kid: "key-2" }),
  ],
  ["7: alg none", /its "alg" cannot be used|not supported/, unsigned],
  ["7: alg none, though announced", /not supported/, unsigned, { none: 1 }],
  ["8: HS256 keyed with the public key", /its "alg" cannot be used|not supported/, symmetric],
  ["8: the same, though announced", /not supported/, symmetric, { none: 1 }],
  ["9: ended", /it has ended/, claims(() => ({ exp: now() - 60 }))],
  ["9: no exp", /"exp"/, claims(() => without("exp"))],
  ["10: iat in the future", /made in the future/, claims(() => ({ iat: now() + 3600 }))],
  ["10: no iat", /"iat"/, claims(() => without("iat"))],
  ["11: wrong nonce", /another sign-in/, claims(() => ({ nonce: "other" }))],
  ["11: no nonce", /"nonce"/, claims(() => ({ nonce: undefined }))],
  ["13: no auth_time though max_age was asked for", /"auth_time"/, claims(() => ({})), { "max-age": 60 }],
  ["13: auth_time too long ago", /--max-age/, claims(() => ({ auth_time: now() - 3600 })), { "max-age": 60 }],
  ["no sub", /"sub"/, claims(() => without("sub"))],
  ["no ID token", /"id_token"/, async () => ""],
])("refuses an ID token: %s", async (_, reason, make, options) => {
  await expect(signIn(make, options)).rejects.toMatchObject({
    name: "ProviderError",
    code: "protocol",
    reason: expect.stringMatching(reason),
  });
});

/** A change that leaves a claim out. */
function without(claim: string): JWTPayload {
  return { [claim]: undefined };
}

async function changed(issuer: Issuer, nonce: string): Promise<string> {
  const [header, , signature] = (await issuer.idToken({ nonce })).split(".");
  const [, payload] = (await issuer.idToken({ nonce, sub: "user-2" })).split(".");
  return `${header}.${payload}.${signature}`;
}

async function unsigned(issuer: Issuer, nonce: string): Promise<string> {
  return new UnsecuredJWT({
    nonce,
    iss: issuer.url,
    sub: "user-1",
    aud: "cli",
    iat: now(),
    exp: now() + 300,
  }).encode();
}

async function symmetric(issuer: Issuer, nonce: string): Promise<string> {
  const key = await importJWK(issuer.jwk, "RS256", { extractable: true });
  if (key instanceof Uint8Array) throw new Error("not a public key");
  return new SignJWT({ nonce, iss: issuer.url, sub: "user-1", aud: "cli", iat: now(), exp: now() + 300 })
    .setProtectedHeader({ alg: "HS256", kid: "key-1" })
    .sign(Buffer.from(await exportSPKI(key)));
}
