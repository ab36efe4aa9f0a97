import { expect, test } from "vitest";
import { readSettings } from "../src/settings.js";

const ISSUER = "https://login.example/realms/a";
const read = (
  more: Readonly<Record<string, string | number>> = {},
  env: Readonly<Record<string, string>> = {},
  serverName?: string,
) =>
  readSettings(
    {
      options: { issuer: ISSUER, "client-id": "cli", ...more },
      ...(serverName === undefined ? {} : { serverName }),
    },
    env,
  );

test("a public client at an issuer needs nothing else", () => {
  expect(read()).toEqual({
    issuer: new URL(ISSUER),
    clientId: "cli",
    clientAuth: "none",
    extra: {},
    flow: "auto",
    tokenForm: "envelope",
    redirectUri: "http://127.0.0.1/callback",
    serverName: "login.example",
  });
});

test("the name for Meshery Servers is the option's, else what was typed, else the issuer's host", () => {
  expect(read({ "provider-name": "Acme" }, {}, "Other").serverName).toBe("Acme");
  expect(read({}, {}, "Other").serverName).toBe("Other");
  expect(read({ issuer: "https://login.example:8443" }).serverName).toBe("login.example:8443");
});

test("a file that is named comes before what is in the environment", () => {
  const env = { MESHAUTH_OIDC_CLIENT_SECRET: "made-up-secret" };
  expect(read({}, env)).toMatchObject({ clientAuth: "client_secret" });
  expect(read({ "client-key-file": "key.pem" }, env)).toMatchObject({
    clientAuth: "private_key_jwt",
    proofFile: "key.pem",
  });
});

test("--client-auth says how, whatever is in the environment", () => {
  const env = { MESHAUTH_OIDC_CLIENT_SECRET: "made-up-secret", MESHAUTH_OIDC_CLIENT_KEY: "made-up-key" };
  expect(read({ "client-auth": "none", "client-secret-file": "secret" }, env)).toMatchObject({
    clientAuth: "none",
  });
  expect(read({ "client-auth": "client_secret_post" }, env)).not.toHaveProperty("proofFile");
  expect(read({ "client-auth": "private_key_jwt" }, env)).toMatchObject({ clientAuth: "private_key_jwt" });
  expect(read({ "client-auth": "client_secret_basic", "client-secret-file": "secret" })).toMatchObject({
    clientAuth: "client_secret_basic",
    proofFile: "secret",
  });
});

test.each<[string, Readonly<Record<string, string | number>>, Readonly<Record<string, string>>?]>([
  ["no issuer", { issuer: "" }],
  ["an issuer of plain http", { issuer: "http://login.example" }],
  ["an issuer with a query", { issuer: `${ISSUER}?a=b` }],
  ["an issuer with a fragment", { issuer: `${ISSUER}#a` }],
  ["an issuer with a user", { issuer: "https://a:b@login.example" }],
  ["another scheme", { issuer: "file:///etc/passwd" }],
  ["no client", { "client-id": " " }],
  ["a flow that is none", { flow: "implicit" }],
  ["a relative resource", { resource: "api" }],
  ["a resource with a fragment", { resource: "https://meshery.example/#a" }],
  ["a redirect address without a scheme", { "redirect-uri": "localhost:8085/callback" }],
  ["a redirect address of another machine", { "redirect-uri": "http://login.example/callback" }],
  ["a redirect address with a query", { "redirect-uri": "http://localhost/callback?x=1" }],
  ["a name that no cookie holds", { "provider-name": "a;b" }],
  ["a host that is too long for a name", { issuer: `https://${"a".repeat(60)}.login.example` }],
  ["a secret and a key", { "client-secret-file": "a", "client-key-file": "b" }],
  ["both in the environment", {}, { MESHAUTH_OIDC_CLIENT_SECRET: "a", MESHAUTH_OIDC_CLIENT_KEY: "b" }],
  ["a secret that is to be shown, and is not there", { "client-auth": "client_secret_basic" }],
  ["a key's file for a secret", { "client-auth": "client_secret_post", "client-key-file": "key.pem" }],
  ["a secret's file for a key", { "client-auth": "private_key_jwt", "client-secret-file": "secret" }],
  ["the flow with a code and --prompt", { flow: "device", prompt: "login" }],
  ["the flow with a code and --max-age", { flow: "device", "max-age": 0 }],
  ["an extra parameter without a name", { extra: "=value" }],
  ["an extra parameter twice", { extra: "a=1&a=2" }],
  ...[
    "state",
    "nonce",
    "redirect_uri",
    "code_challenge",
    "code_challenge_method",
    "response_type",
    "request",
  ].map((name): [string, Record<string, string>] => [
    `the extra parameter ${name}`,
    { extra: `a=b&${name}=x` },
  ]),
])("refuses %s", (_, more, env) => {
  expect(() => read(more, env)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("extra parameters are read as a query", () => {
  expect(read({ extra: "access_type=offline&hd=example.org&q=a%26b" }).extra).toEqual({
    access_type: "offline",
    hd: "example.org",
    q: "a&b",
  });
});
