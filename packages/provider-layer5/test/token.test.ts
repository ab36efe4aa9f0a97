import { type Provider, type ProviderManifest, parseApiVersion } from "@meshauth/provider-api";
import { encodeEnvelope } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import packageJson from "../package.json" with { type: "json" };
import layer5 from "../src/index.js";
import { loginLink } from "../src/login.js";
import { acceptCallback, acceptPasted, takeToken } from "../src/token.js";

const provider: Provider = layer5;
const CANARY = "SECRET-CANARY-7c1d";
const envelope = encodeEnvelope({ accessToken: CANARY, refreshToken: "made-up-refresh" });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = `${part({ alg: "RS256", kid: "public:1" })}.${part({ sub: CANARY })}.c2lnbmF0dXJl`;
const callback = (parameters: Readonly<Record<string, string>>) =>
  acceptCallback(new Map(Object.entries(parameters)));

describe("T26: the callback takes a token envelope only", () => {
  it("takes one", () => {
    expect(callback({ token: envelope })).toEqual({ kind: "accept", value: { token: envelope } });
  });

  it.each([
    ["no token", {}],
    ["an empty one", { token: "" }],
    ["only padding", { token: "==" }],
    ["padding", { token: `${envelope}=` }],
    ["a space", { token: ` ${envelope}` }],
    ["a NUL", { token: `${envelope}\u0000` }],
    ["a cut-off one", { token: envelope.slice(0, -7) }],
    ["40 KB", { token: "A".repeat(40 * 1024) }],
    [
      "base64 of something else",
      { token: Buffer.from("no JSON at all").toString("base64").replace(/=+$/, "") },
    ],
    [
      "JSON without access_token",
      { token: Buffer.from('{"token_type":"bearer"}').toString("base64").replace(/=+$/, "") },
    ],
    ["a JWT", { token: jwt }],
    ["an API token", { token: "made-up-api-token" }],
  ])("refuses %s, and goes on waiting", (_, parameters) => {
    const decision = callback(parameters);
    expect(decision).toMatchObject({ kind: "refuse", reason: expect.stringMatching(/\.$/) });
    expect(JSON.stringify(decision)).not.toContain(CANARY);
  });

  it("an error ends the login even when a token came too", () => {
    expect(callback({ token: envelope, error: "server_error" })).toEqual({
      kind: "fail",
      reason: "The provider says: server_error",
    });
  });

  it("an empty error is none", () => {
    expect(callback({ token: envelope, error: "" }).kind).toBe("accept");
  });

  it("T30: the description stays on one line and loses what could act on a terminal", () => {
    const description = "No+way\r\n<script>\u001b]0;owned\u0007\u202e";
    expect(callback({ error: "access_denied", error_description: description })).toEqual({
      kind: "fail",
      reason: "The provider says: access_denied: No way <script>]0;owned",
    });
  });
});

describe("what is pasted or comes on standard input", () => {
  it.each([
    ["an envelope", envelope],
    ["a JWT", jwt],
    ["an API token", "made-up-api-token-20"],
  ])("takes %s", (_, token) => {
    expect(acceptPasted(token)).toEqual({ kind: "accept", value: { token } });
    expect(takeToken(`  ${token}\r\n`)).toEqual({ token });
  });

  it.each(["hunter2!", "password", "nineteen-characters"])(
    "a short word such as %s is no pasted token",
    (word) => {
      expect(acceptPasted(word)).toEqual({
        kind: "refuse",
        reason: expect.stringMatching(/^This is no token: /),
      });
    },
  );

  it("a short API token from standard input is one", () => {
    expect(takeToken("nineteen-characters")).toEqual({ token: "nineteen-characters" });
  });

  it.each([
    ["nothing", ""],
    ["padding", `${encodeEnvelope({ accessToken: `${CANARY}xy` })}=`],
    ["two words", "two words"],
    ["JSON", `{"token":"${CANARY}"}`],
    ["an unsigned JWT", jwt.slice(0, jwt.lastIndexOf(".") + 1)],
  ])("refuses %s without repeating it", (_, text) => {
    const decision = acceptPasted(text);
    expect(decision.kind).toBe("refuse");
    expect(JSON.stringify(decision)).not.toContain(CANARY);
    expect(() => takeToken(text)).toThrow(expect.objectContaining({ code: "input" }));
  });

  it("tells an address from a bad token", () => {
    expect(acceptPasted(`http://localhost:5000/cb/layer5/x?token=${envelope}`)).toEqual({
      kind: "refuse",
      reason: "This is not the address that the sign-in ends at.",
    });
  });

  it("warns of a token that some servers cannot read, and keeps it", async () => {
    const token = "abcdefgh12345678";
    const host = fakeHost();
    const credential = await provider.login({ options: {}, force: false, token }, host);
    expect(credential).toMatchObject({ kind: "token", token });
    expect(host.warnings()).toHaveLength(1);
  });

  it("paste wins where no callback comes", async () => {
    const host = fakeHost({
      browser: async (_link, paste) => {
        expect(paste("not a token!")).toMatch(/^This is no token/);
        expect(paste(envelope)).toBeUndefined();
      },
    });
    expect(await provider.login({ options: {}, force: false }, host)).toMatchObject({ token: envelope });
  });
});

it("the link says what every client of Meshery says, with an unpadded base64url source", () => {
  const link = new URL(loginLink("https://host.example/prefix", "http://localhost:51234/cb/layer5/a?b>c"));
  expect(`${link.origin}${link.pathname}`).toBe("https://host.example/prefix/login");
  expect(link.searchParams.get("provider_version")).toBe("v0.3.14");
  const source = link.searchParams.get("source") ?? "";
  expect(source).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(Buffer.from(source, "base64url").toString()).toBe("http://localhost:51234/cb/layer5/a?b>c");
});

it("a local credential has no account here", async () => {
  const failure = provider.identify?.({ kind: "local", serverName: "None" }, fakeHost());
  await expect(failure).rejects.toMatchObject({ code: "denied" });
});

it("declares what its module is, and only what it can do", () => {
  const manifest = packageJson.meshauth as ProviderManifest;
  expect(parseApiVersion(manifest.api)).toEqual(provider.api);
  expect(manifest.providers.map(({ id }) => id)).toEqual([provider.id]);
  expect(packageJson.oclif).toEqual({});
  expect(Object.keys(provider).sort()).toEqual(["api", "id", "identify", "login", "refresh", "revoke"]);
});
