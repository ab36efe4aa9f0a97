import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeHost, type FakeHostOptions, fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Certified, CLIENT_SECRET, quiet, RESOURCE, startCertified } from "./support/certified.js";
import { identify, login, refresh, revoke, stored } from "./support/login.js";
import { type Choice, signInAt } from "./support/person.js";
import { endAll } from "./support/running.js";

let server: Certified;

beforeEach(async () => {
  quiet();
  server = await startCertified();
});
afterEach(endAll);

function person(choice: Choice = {}, more: FakeHostOptions = {}): FakeHost {
  return fakeHost({
    ...more,
    browser: async (link) => {
      await signInAt(link, choice);
    },
  });
}

const options = (more: Readonly<Record<string, string | number>> = {}) => ({
  issuer: server.issuer,
  "client-id": "cli",
  prompt: "consent",
  ...more,
});

test("signs in with the browser, and knows whose sign-in it is", async () => {
  const host = person();
  const credential = await login(options(), host);
  expect(credential).toEqual({
    kind: "oauth2",
    serverName: new URL(server.issuer).host,
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    tokenType: "bearer",
    expiry: expect.stringMatching(/^20\d\d-.*Z$/),
    origin: server.issuer,
    settings: { client_id: "cli", client_auth: "none", sub: "ada" },
  });
  const account = { id: "ada", name: "Ada Example", email: "ada@login.example" };
  expect(await identify(credential, host)).toEqual(account);
  expect(await identify(stored(credential), fakeHost())).toEqual(account);
  expect(server.grants).toEqual(["cli authorization_code"]);
});

test("a refresh token is used once, and its successor is kept", async () => {
  const first = await login(options(), person());
  const second = await refresh(stored(first), fakeHost());
  const third = await refresh(stored(second), fakeHost());
  for (const [one, next] of [
    [first, second],
    [second, third],
  ] as const) {
    expect(next).toMatchObject({ serverName: one.serverName, origin: one.origin });
    expect([stored(one).token]).not.toContain(stored(next).token);
  }
  // The server ends the session when one is presented twice.
  await expect(refresh(stored(first), fakeHost())).rejects.toMatchObject({ code: "denied" });
  await expect(refresh(stored(third), fakeHost())).rejects.toMatchObject({
    code: "denied",
    message: `${server.issuer} does not renew this sign-in any more.`,
  });
});

test("what is revoked can neither be used nor renewed", async () => {
  const credential = stored(await login(options(), person()));
  expect(await revoke(credential, fakeHost())).toEqual({ outcome: "revoked" });
  await expect(refresh(credential, fakeHost())).rejects.toMatchObject({ code: "denied" });
  await expect(identify(credential, fakeHost())).rejects.toMatchObject({ code: "denied" });
});

test("whoever says no is told so", async () => {
  await expect(login(options(), person({ agree: false }))).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringMatching(/^It said "access_denied": End-User aborted interaction\. /),
  });
});

test("without a refresh token there is a warning", async () => {
  const host = person();
  const { prompt: _, ...rest } = options();
  const credential = await login(rest, host);
  expect(host.warnings()).toEqual([expect.stringContaining("--prompt consent")]);
  await expect(refresh(stored(credential), fakeHost())).rejects.toMatchObject({ code: "expired" });
  expect(await revoke(stored(credential), fakeHost())).toEqual({ outcome: "revoked" });
});

test("a token for a resource is one through renewals, and the ID token says whose it is", async () => {
  const host = person();
  const credential = await login(options({ resource: RESOURCE, scope: "openid offline_access read" }), host);
  const audience = (one: typeof credential) => decodeJwt("accessToken" in one ? one.accessToken : "").aud;
  expect(audience(credential)).toBe(RESOURCE);
  expect(await identify(credential, host)).toEqual({ id: "ada" });
  const renewed = await refresh(stored(credential), fakeHost());
  expect(audience(renewed)).toBe(RESOURCE);
  await expect(identify(stored(renewed), fakeHost())).rejects.toMatchObject({ code: "protocol" });
});

test("an access token that is stored by itself has nothing to renew it by, and is still whose it was", async () => {
  const host = person();
  const scope = "openid read";
  const credential = await login(options({ resource: RESOURCE, scope, "token-form": "access-token" }), host);
  expect(credential).toMatchObject({
    kind: "token",
    token: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/),
  });
  expect(await identify(credential, host)).toEqual({ id: "ada" });
  expect(host.warnings()).toEqual([]);
  await expect(refresh(stored(credential), fakeHost())).rejects.toMatchObject({ code: "expired" });
  expect(await revoke(stored(credential), fakeHost())).toEqual({ outcome: "not-supported" });
});

test("a resource that the server does not know is refused in words", async () => {
  const resource = "https://other.example/";
  await expect(login(options({ resource }), person())).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringContaining('"invalid_target"'),
    next: ["Check --resource and --audience."],
  });
});

test("a secret that cannot be read is told with its cause and the flag", async () => {
  await expect(
    login(options({ "client-secret-file": "/nowhere/secret.txt" }), person()),
  ).rejects.toMatchObject({
    code: "input",
    reason: expect.stringContaining("It does not exist."),
    next: [expect.stringContaining("--client-secret-file")],
  });
});

test("login_hint, max_age and extra parameters reach the page", async () => {
  const host = person();
  await login(
    options({ "login-hint": "ada", "max-age": 600, extra: "ui_locales=de&acr_values=a%26b" }),
    host,
  );
  expect(Object.fromEntries(host.links[0]?.searchParams ?? [])).toMatchObject({
    login_hint: "ada",
    max_age: "600",
    prompt: "consent",
    ui_locales: "de",
    acr_values: "a&b",
  });
});

test("signs in with a code", async () => {
  const host = fakeHost();
  const { device } = host;
  host.device = (request) => {
    expect(request.code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    const approved = signInAt(new URL(request.link));
    return device({
      ...request,
      async poll(signal) {
        await approved;
        return request.poll(signal);
      },
    });
  };
  const { prompt: _, ...rest } = options({ flow: "device" });
  const credential = await login(rest, host);
  expect(await identify(stored(credential), fakeHost())).toMatchObject({ id: "ada" });
  expect(stored(await refresh(stored(credential), fakeHost())).token).not.toBe(stored(credential).token);
  expect(server.grants).toEqual(["cli device_code", "cli refresh_token"]);
}, 30_000);

test.each([
  ["variable", "secretive"],
  ["file", "secretive"],
  ["file", "posting"],
])("a client proves who it is with a secret from a %s: %s", async (where, client) => {
  await withFile(CLIENT_SECRET, async (file) => {
    const env: Record<string, string> =
      where === "variable" ? { MESHAUTH_OIDC_CLIENT_SECRET: CLIENT_SECRET } : {};
    const more = where === "file" ? { "client-secret-file": file } : {};
    const host = person({}, { env });
    const credential = stored(await login(options({ "client-id": client, ...more }), host));
    expect(JSON.stringify(credential)).not.toContain(CLIENT_SECRET);
    expect(host.secrets).toContain(CLIENT_SECRET);
    const renewed = stored(await refresh(credential, fakeHost({ env })));
    expect(await revoke(renewed, fakeHost({ env }))).toEqual({ outcome: "revoked" });
  });
});

test.each(["pem", "jwk"] as const)("a client proves who it is with a key as %s", async (form) => {
  const text = form === "pem" ? server.key.pem : JSON.stringify(server.key.jwk);
  await withFile(text, async (file) => {
    const env = { MESHAUTH_OIDC_CLIENT_KEY: text };
    const more = form === "jwk" ? { "client-key-file": file } : {};
    const host = person({}, form === "pem" ? { env } : {});
    const credential = stored(await login(options({ "client-id": "keyed", ...more }), host));
    await refresh(credential, form === "pem" ? fakeHost({ env }) : fakeHost());
    expect(server.grants).toEqual(["keyed authorization_code", "keyed refresh_token"]);
  });
});

test("a wrong secret ends a login, and is no reason to forget a sign-in", async () => {
  const wrong = { env: { MESHAUTH_OIDC_CLIENT_SECRET: "made-up-wrong-secret" } };
  const right = { env: { MESHAUTH_OIDC_CLIENT_SECRET: CLIENT_SECRET } };
  const secretive = options({ "client-id": "secretive" });
  await expect(login(secretive, person({}, wrong))).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringContaining('"invalid_client"'),
  });
  const credential = stored(await login(secretive, person({}, right)));
  await expect(refresh(credential, fakeHost(wrong))).rejects.toMatchObject({ code: "protocol" });
  await expect(refresh(credential, fakeHost())).rejects.toMatchObject({ code: "input" });
  await refresh(credential, fakeHost(right));
});

async function withFile(text: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-oidc-"));
  try {
    const file = join(folder, "proof");
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
