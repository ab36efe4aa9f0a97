import type { TokenCredential } from "@meshauth/provider-api";
import { encodeEnvelope, inspectToken } from "@meshauth/provider-api/format";
import { SignJWT } from "jose";
import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { remembered, toKept } from "../src/remembered.js";
import { type Issuer, type Reply, startIssuer } from "./support/issuer.js";
import { identify, refresh, revoke, stored } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

function credentialAt({ url }: Issuer, refreshToken = "made-up-refresh-token"): TokenCredential {
  return {
    kind: "token",
    serverName: "login.example",
    token: encodeEnvelope({ accessToken: "made-up-access-token", ...(refreshToken ? { refreshToken } : {}) }),
    origin: url,
    settings: { client_id: "cli", client_auth: "none", sub: "user-1" },
    members: { other: "kept" },
  };
}

const TOKENS = { access_token: "made-up-next-token", token_type: "bearer", expires_in: 60 };

test("without a new refresh token the old one stays, and so do all members", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({ body: TOKENS }));
  const old = credentialAt(issuer);
  const { token, ...rest } = stored(await refresh(old, fakeHost()));
  expect(inspectToken(token)).toMatchObject({
    accessToken: "made-up-next-token",
    refreshToken: "made-up-refresh-token",
  });
  expect({ ...rest, token: old.token }).toEqual(old);
});

test.each<[string, (issuer: Issuer) => Promise<string>, RegExp]>([
  ["another person's", (issuer) => issuer.idToken({ sub: "user-2" }), /another person's/],
  ["of another issuer", (issuer) => issuer.idToken({ iss: "https://other.example" }), /another issuer/],
  ["for another client", (issuer) => issuer.idToken({ aud: "other" }), /another client/],
  ["of another key", (issuer) => issuer.idToken({}, { kid: "key-2" }), /none of the server's keys/],
])("a renewal with an ID token that is %s is refused", async (_, make, reason) => {
  const issuer = await startIssuer();
  const id_token = await make(issuer);
  issuer.answers.set("/token", () => ({ body: { ...TOKENS, id_token } }));
  await expect(refresh(credentialAt(issuer), fakeHost())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringMatching(reason),
  });
});

test("a renewal with the same person's ID token is taken", async () => {
  const issuer = await startIssuer();
  const id_token = await issuer.idToken({});
  issuer.answers.set("/token", () => ({ body: { ...TOKENS, id_token } }));
  await expect(refresh(credentialAt(issuer), fakeHost())).resolves.toMatchObject({
    accessToken: "made-up-next-token",
  });
});

test.each<[Reply, string]>([
  [{ status: 400, body: { error: "invalid_grant" } }, "denied"],
  [{ status: 401, body: { error: "invalid_client" } }, "protocol"],
  [{ status: 400, body: { error: "invalid_target" } }, "protocol"],
  [{ status: 400, body: { error: "invalid_scope", error_description: 'no "invalid_grant"' } }, "protocol"],
  [{ status: 403, body: "" }, "protocol"],
  [{ status: 503, body: "" }, "unreachable"],
  [{ status: 429, body: "" }, "unreachable"],
  [{ status: 400, body: { error: "temporarily_unavailable" } }, "unreachable"],
  [{ status: 302, headers: { Location: "/" }, body: "" }, "protocol"],
  [{ headers: { "Content-Type": "text/html" }, body: "<!doctype html>" }, "protocol"],
])("a renewal that is answered %j fails as %s, and is tried once", async (reply, code) => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => reply);
  await expect(refresh(credentialAt(issuer), fakeHost())).rejects.toMatchObject({ code });
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(1);
});

// OpenID Connect Core section 5.3.4.
test("userinfo that speaks of another person is not used", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/userinfo", () => ({ body: { sub: "user-2" } }));
  await expect(identify(credentialAt(issuer), fakeHost())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining("another person"),
  });
});

test("signed userinfo counts with a good signature only", async () => {
  const issuer = await startIssuer();
  const headers = { "Content-Type": "application/jwt; charset=utf-8" };
  issuer.metadata["userinfo_signing_alg_values_supported"] = ["RS256"];
  const good = await issuer.idToken({ name: "Ada Example" });
  issuer.answers.set("/userinfo", () => ({ headers, body: good }));
  expect(await identify(credentialAt(issuer), fakeHost())).toEqual({ id: "user-1", name: "Ada Example" });
  const forged = await new SignJWT({ iss: issuer.url, aud: "cli", sub: "user-1", name: "Eve" })
    .setProtectedHeader({ alg: "HS256", kid: "key-1" })
    .sign(new Uint8Array(32));
  issuer.answers.set("/userinfo", () => ({ headers, body: forged }));
  await expect(identify(credentialAt(issuer), fakeHost())).rejects.toMatchObject({ code: "protocol" });
});

test.each<[Reply, string]>([
  [{ status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' }, body: "" }, "denied"],
  [{ status: 401, body: "" }, "denied"],
  [{ status: 403, body: "" }, "denied"],
  [{ status: 503, body: "" }, "unreachable"],
  [{ status: 404, body: "" }, "protocol"],
  [{ body: {} }, "protocol"],
])("userinfo that is answered %j fails as %s", async (reply, code) => {
  const issuer = await startIssuer();
  issuer.answers.set("/userinfo", () => reply);
  await expect(identify(credentialAt(issuer), fakeHost())).rejects.toMatchObject({ code });
});

test("revokes the refresh token, else the access token", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/revoke", () => ({ body: "" }));
  await revoke(credentialAt(issuer), fakeHost());
  await revoke(credentialAt(issuer, ""), fakeHost());
  const forms = issuer.requests.filter(({ line }) => line === "POST /revoke");
  expect(forms.map(({ form }) => Object.fromEntries(form))).toEqual([
    { client_id: "cli", token: "made-up-refresh-token", token_type_hint: "refresh_token" },
    { client_id: "cli", token: "made-up-access-token", token_type_hint: "access_token" },
  ]);
});

test.each<[Reply | undefined, object]>([
  [{ body: "" }, { outcome: "revoked" }],
  [{ status: 400, body: { error: "unsupported_token_type" } }, { outcome: "not-supported" }],
  [undefined, { outcome: "not-supported" }],
  [{ status: 401, body: { error: "invalid_client" } }, { code: "denied" }],
  [{ status: 503, body: "" }, { code: "unreachable" }],
  [{ status: 302, headers: { Location: "/" }, body: "" }, { code: "protocol" }],
  [{ headers: { "Content-Type": "text/html" }, body: "<!doctype html>" }, { code: "protocol" }],
])("a revocation that is answered %j ends as %j", async (reply, expected) => {
  const issuer = await startIssuer();
  if (reply === undefined) issuer.metadata["revocation_endpoint"] = undefined;
  else issuer.answers.set("/revoke", () => reply);
  const outcome = await revoke(credentialAt(issuer), fakeHost()).catch((error: unknown) => error);
  expect(outcome).toMatchObject(expected);
});

test("a secret for another client is not sent where a sign-in was made without one", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({ body: TOKENS }));
  await refresh(credentialAt(issuer), fakeHost({ env: { MESHAUTH_OIDC_CLIENT_SECRET: "made-up-secret" } }));
  expect(JSON.stringify(issuer.requests.map(({ headers, form }) => [headers, String(form)]))).not.toMatch(
    /made-up-secret|Basic/,
  );
});

test("without the client nothing is sent on a guess", async () => {
  const issuer = await startIssuer();
  const { origin: _, settings: __, ...elsewhere } = credentialAt(issuer);
  const halves = [{ origin: issuer.url }, { settings: { client_id: "cli" } }];
  for (const credential of [elsewhere, ...halves.map((half) => ({ ...elsewhere, ...half }))]) {
    for (const call of [refresh, revoke, identify]) {
      await expect(call(credential, fakeHost())).rejects.toMatchObject({ code: "unreachable" });
    }
  }
  expect(issuer.requests).toEqual([]);
});

test("all that a login has to keep comes back", () => {
  const settings = {
    issuer: new URL("https://login.example/realms/a"),
    clientId: "a&b=c",
    clientAuth: "private_key_jwt",
    proofFile: "/home/ada/key #1.pem",
    resource: "https://meshery.example/?a=b",
    scope: "openid api",
  } as const;
  const kept = toKept(settings, { scope: "openid api", sub: "user/1" });
  const origin = settings.issuer.href;
  const credential = { kind: "token", serverName: "login.example", token: "made-up", origin } as const;
  const back = remembered({ ...credential, settings: kept });
  expect(back).toEqual({ settings, subject: "user/1" });
});
