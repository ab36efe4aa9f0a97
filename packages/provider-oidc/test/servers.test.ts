import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Issuer, startIssuer } from "./support/issuer.js";
import { login, sentBack } from "./support/login.js";
import { endAll, listen } from "./support/running.js";

afterEach(endAll);

function signIn(issuer: Issuer, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const host = fakeHost({ browser: sentBack(issuer.url) });
  return login({ issuer: issuer.url, "client-id": "cli", flow: "browser", ...more }, host);
}

// T32
test.each([307, 302, 301, 308])("a token endpoint that answers %s is not followed", async (status) => {
  const issuer = await startIssuer();
  let asked = 0;
  const other = await listen((_, response) => {
    asked += 1;
    response.end("{}");
  });
  const location = status === 301 ? `${issuer.url}/token` : `${other}/token`;
  issuer.answers.set("/token", () => ({ status, headers: { Location: location }, body: "" }));
  await expect(signIn(issuer)).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining(`It answered ${status} and sends on to another address.`),
  });
  expect(asked).toBe(0);
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(1);
});

// T33; limits of time and size are the host's, and have their tests there.
test.each<[string, (issuer: Issuer) => void, RegExp]>([
  [
    "another issuer",
    ({ metadata }) => (metadata["issuer"] = "https://other.example"),
    /"https:\/\/other\.example"/,
  ],
  ["a path more", (issuer) => (issuer.metadata["issuer"] = `${issuer.url}/realms/a`), /letter by letter/],
  // Microsoft Entra's "common" and "organizations" call themselves that.
  [
    "a placeholder for the tenant",
    ({ metadata }) => (metadata["issuer"] = "https://login.example/{tenantid}/v2.0"),
    /several organizations/,
  ],
  ["no issuer", ({ metadata }) => (metadata["issuer"] = undefined), /"issuer"/],
  [
    "a token endpoint of plain http",
    ({ metadata }) => (metadata["token_endpoint"] = "http://login.example/token"),
    /"token_endpoint" that is not https/,
  ],
  [
    "a page of plain http",
    ({ metadata }) => (metadata["authorization_endpoint"] = "http://login.example/"),
    /"authorization_endpoint" that is not https/,
  ],
  [
    "keys at a file",
    ({ metadata }) => (metadata["jwks_uri"] = "file:///etc/keys"),
    /"jwks_uri" that is not https/,
  ],
  ["an endpoint that is no text", ({ metadata }) => (metadata["token_endpoint"] = 7), /"token_endpoint"/],
  [
    "a redirect",
    ({ answers }) =>
      answers.set("/.well-known/openid-configuration", () => ({
        status: 302,
        headers: { Location: "http://127.0.0.1:1/" },
        body: "",
      })),
    /sends on to another address/,
  ],
  [
    "a web page",
    ({ answers }) =>
      answers.set("/.well-known/openid-configuration", () => ({
        headers: { "Content-Type": "text/html" },
        body: "<!doctype html>",
      })),
    /something else than JSON/,
  ],
  [
    "JSON that is none",
    ({ answers }) => answers.set("/.well-known/openid-configuration", () => ({ body: "{" })),
    /cannot be read as JSON/,
  ],
  [
    "a list",
    ({ answers }) => answers.set("/.well-known/openid-configuration", () => ({ body: [] })),
    /top level object|JSON/i,
  ],
  ["nothing", ({ answers }) => answers.delete("/.well-known/openid-configuration"), /no discovery document/],
])("refuses discovery that gives %s", async (_, change, reason) => {
  const issuer = await startIssuer();
  change(issuer);
  const outcome = signIn(issuer);
  await expect(outcome).rejects.toMatchObject({ code: "protocol", reason: expect.stringMatching(reason) });
  expect(issuer.requests.map(({ line }) => line)).not.toContain("POST /token");
});

test("an issuer with a slash at the end of its path is another one", async () => {
  const issuer = await startIssuer();
  const realm = `${issuer.url}/realms/a`;
  issuer.answers.set("/realms/a/.well-known/openid-configuration", () => ({
    body: { ...issuer.metadata, issuer: realm },
  }));
  await expect(signIn(issuer, { issuer: `${realm}/` })).rejects.toMatchObject({ code: "protocol" });
});

test("the address of the discovery document stands for the issuer", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({ status: 400, body: { error: "invalid_grant" } }));
  const outcome = signIn(issuer, { issuer: `${issuer.url}/.well-known/openid-configuration` });
  await expect(outcome).rejects.toMatchObject({ code: "denied" });
});

// RFC 8414: a server of OAuth 2.0 that knows nothing of OpenID Connect.
test("takes the discovery document of OAuth 2.0, and a sign-in without an ID token", async () => {
  const issuer = await startIssuer();
  issuer.answers.delete("/.well-known/openid-configuration");
  issuer.answers.set("/.well-known/oauth-authorization-server", () => ({ body: issuer.metadata }));
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-access-token", token_type: "bearer" },
  }));
  await expect(signIn(issuer, { scope: "read" })).resolves.toMatchObject({
    accessToken: "made-up-access-token",
  });
});

test.each<[string, number, unknown, string, RegExp]>([
  ["500", 500, "", "unreachable", /answered 500/],
  ["429", 429, { error: "slow_down" }, "unreachable", /answered 429/],
  ["invalid_client", 401, { error: "invalid_client" }, "denied", /does not know the client/],
  ["invalid_target", 400, { error: "invalid_target" }, "denied", /the resource/],
  ["400 with a web page", 400, "<html>", "protocol", /JSON|400/],
  ["no access token", 200, { token_type: "bearer" }, "protocol", /access_token/],
  ["an empty body", 200, "", "protocol", /JSON/],
  [
    "a DPoP token",
    200,
    { access_token: "made-up-access-token", token_type: "DPoP" },
    "protocol",
    /the type "dpop"|id_token/,
  ],
])("says what is wrong with a token endpoint that gives %s", async (_, status, body, code, reason) => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({ status, body }));
  await expect(signIn(issuer, { scope: "read" })).rejects.toMatchObject({
    code,
    reason: expect.stringMatching(reason),
  });
});

test("invalid_client that comes with WWW-Authenticate is told as well", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({
    status: 401,
    headers: { "WWW-Authenticate": 'Basic realm="issuer"' },
    body: { error: "invalid_client", error_description: "client authentication failed" },
  }));
  await expect(signIn(issuer)).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringMatching(/^It said "invalid_client": client authentication failed\. /),
  });
});

test.each<[string, string, RegExp]>([
  ["one that servers would take for an envelope", "bWFkZS11cC10b2tlbg", /take it for a token envelope/],
  ["one that is too short", "abc", /too short/],
])("an access token is not stored by itself: %s", async (_, token, reason) => {
  const issuer = await startIssuer();
  issuer.answers.set("/token", () => ({ body: { access_token: token, token_type: "bearer" } }));
  const scope = "api";
  await expect(signIn(issuer, { scope, "token-form": "access-token" })).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringMatching(reason),
    next: ["Sign in without --token-form."],
  });
  await expect(signIn(issuer, { scope })).resolves.toMatchObject({ kind: "oauth2", accessToken: token });
});

// What the library says of them is for those who write programs.
test.each<[string, unknown, string]>([
  ["no access token", { access_token: undefined }, 'Its answer has no "access_token" that can be used.'],
  ["a number for a token", { refresh_token: 7 }, 'Its answer has no "refresh_token" that can be used.'],
  ["an end that is none", { expires_in: "soon" }, 'Its answer has no "expires_in" that can be used.'],
  [
    "an ID token that is none",
    { id_token: "a.b" },
    "The ID token is refused: it is no signed token that can be read.",
  ],
  ["a list", [], "Its answer is no JSON object."],
])("the token endpoint's answer has %s", async (_, change, reason) => {
  const issuer = await startIssuer();
  const good = { access_token: "made-up-access-token", token_type: "bearer" };
  issuer.answers.set("/token", () => ({
    body: Array.isArray(change) ? change : { ...good, ...(change as object) },
  }));
  await expect(signIn(issuer, { scope: "api" })).rejects.toMatchObject({ code: "protocol", reason });
});

test.each<[string | undefined, string[]]>([
  ["api openid", ["did not grant the scope nonsense more."]],
  ["api nonsense more", []],
  [undefined, []],
])("a scope that is not granted is told: %s", async (scope, warnings) => {
  const issuer = await startIssuer();
  const host = fakeHost({ browser: sentBack(issuer.url) });
  issuer.answers.set("/token", () => ({
    body: { access_token: "made-up-token", token_type: "bearer", scope },
  }));
  await login(
    { issuer: issuer.url, "client-id": "cli", flow: "browser", scope: "api nonsense profile more" },
    host,
  );
  expect(host.warnings()).toEqual(warnings.map((text) => expect.stringContaining(text)));
});
