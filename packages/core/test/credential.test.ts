import { encodeEnvelope } from "@meshauth/provider-api/format";
import { describe, expect, test } from "vitest";
import { isSameAccount, standingOf, standingOfToken } from "../src/standing.js";
import { toStored } from "../src/stored-credential.js";

const NOW = new Date("2026-05-01T12:00:00Z");
const BEFORE = "2026-05-01T11:00:00Z";
const AFTER = "2026-05-01T13:00:00Z";

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.${"s".repeat(20)}`;
}

describe("standingOfToken", () => {
  test.each([
    ["valid", encodeEnvelope({ accessToken: "a".repeat(20), expiry: AFTER })],
    ["expired", encodeEnvelope({ accessToken: "a".repeat(20), expiry: BEFORE })],
    [
      "refreshable",
      encodeEnvelope({ accessToken: "a".repeat(20), expiry: BEFORE, refreshToken: "r".repeat(20) }),
    ],
    ["valid", encodeEnvelope({ accessToken: "a".repeat(20), expiry: "0001-01-01T00:00:00Z" })],
    ["valid", encodeEnvelope({ accessToken: "a".repeat(20) })],
    ["valid", jwt({ sub: "x" })],
    ["expired", jwt({ exp: Date.parse(BEFORE) / 1000 })],
    ["valid", "opaque_api-token-without-any-expiry"],
    ["unknown", "not a token"],
  ] as const)("%s", (standing, token) => {
    expect(standingOfToken(token, NOW)).toBe(standing);
  });
});

describe("standingOf", () => {
  const file = (serverName: string | undefined, token: string | undefined) => ({
    state: "present" as const,
    digest: "x",
    mode: 0o600,
    warnings: [],
    serverName,
    token,
    members: new Map([["meshery-provider", serverName ?? ""]]),
  });

  test.each([
    ["local", file("None", "")],
    ["local", file("Local", "")],
    ["logged-out", file("Layer5", "")],
    ["unknown", file(undefined, jwt({}))],
    ["logged-out", { state: "missing" as const, digest: "missing" as const, warnings: [] }],
    [
      "damaged",
      { state: "damaged" as const, digest: "x", reason: "r", bytes: new Uint8Array(), warnings: [] },
    ],
  ] as const)("%s", (standing, state) => {
    expect(standingOf(state, NOW, undefined)).toBe(standing);
  });
});

test("a login without an account is local by whatever name, when meshauth made it", () => {
  const details = {
    provider: { id: "acme", package: "p", version: "1" },
    account: null,
    verified: true,
    savedAt: BEFORE,
  };
  const state = {
    state: "present" as const,
    digest: "x",
    mode: 0o600,
    warnings: [],
    serverName: "Acme",
    token: "",
    members: new Map([["meshery-provider", "Acme"]]),
  };
  expect(standingOf(state, NOW, details)).toBe("local");
  expect(standingOf(state, NOW, undefined)).toBe("logged-out");
});

describe("toStored", () => {
  test("writes the parts of an OAuth 2.0 answer as a token envelope", () => {
    const { token, members } = toStored(
      {
        kind: "oauth2",
        serverName: "Layer5",
        accessToken: "a".repeat(20),
        refreshToken: "r".repeat(20),
        expiry: AFTER,
      },
      "pkg",
    );
    expect(JSON.parse(Buffer.from(token, "base64").toString())).toEqual({
      access_token: "a".repeat(20),
      token_type: "bearer",
      refresh_token: "r".repeat(20),
      expiry: AFTER,
    });
    expect([...members.keys()]).toEqual(["meshery-provider", "token"]);
  });

  test.each([
    ["no object", undefined],
    ["no name", { kind: "local" }],
    ["a name with a line end", { kind: "local", serverName: "a\nb" }],
    ["an empty name", { kind: "local", serverName: "" }],
    ["an unknown kind", { kind: "magic", serverName: "x" }],
    ["an empty token", { kind: "token", serverName: "x", token: "" }],
    [
      "padded base64",
      {
        kind: "token",
        serverName: "x",
        token: `${Buffer.from('{"access_token":"abcdefghi"}').toString("base64")}`,
      },
    ],
    ["a number as a token", { kind: "token", serverName: "x", token: 5 }],
    [
      "an expiry that is no time",
      { kind: "oauth2", serverName: "x", accessToken: "abcdefgh", expiry: "soon" },
    ],
    ["a member that is no text", { kind: "local", serverName: "x", members: { a: 1 } }],
    [
      "a member that no reader takes",
      { kind: "local", serverName: "x", members: JSON.parse('{"__proto__":"a"}') },
    ],
    ["an address that is none", { kind: "local", serverName: "x", origin: 5 }],
    ["a line break in a token", { kind: "oauth2", serverName: "x", accessToken: "abc\ndef" }],
    [
      "a refresh token that is no text",
      { kind: "oauth2", serverName: "x", accessToken: "abcdefgh", refreshToken: 5 },
    ],
    ["a member of ours", { kind: "local", serverName: "x", members: { token: "y" } }],
  ])("refuses %s as the provider's defect", (_, credential) => {
    expect(() => toStored(credential as never, "pkg")).toThrow(
      expect.objectContaining({ code: "MESHAUTH_E_PROVIDER_BROKEN" }),
    );
  });
});

describe("isSameAccount", () => {
  const details = (id: string) => ({
    provider: { id: "layer5", package: "p", version: "1" },
    account: { id },
    verified: true,
    savedAt: BEFORE,
  });
  const old = { serverName: "Layer5", token: jwt({ sub: "one", exp: 1 }), details: undefined };
  const [ONE, TWO, ID] = [
    "https://one.example",
    "https://two.example",
    "0b0e7a52-4c5e-4a1f-9d2e-3f6a5b7c8d90",
  ];
  const at = (id: string, providerUrl: string) => ({ ...old, details: { ...details(id), providerUrl } });
  const opaque = { serverName: "Layer5", token: "opaque-token-1", details: undefined };
  const other = { serverName: "Layer5", token: "other", account: null };

  test.each([
    [true, { ...old, details: details("a") }, { ...other, account: { id: "a" } }],
    [false, { ...old, details: details("a") }, { ...other, account: { id: "b" } }],
    // An id of one server is not that of another, unless nobody else can have it.
    [false, at("a", ONE), { ...other, account: { id: "a" }, origin: TWO }],
    [true, at("a", ONE), { ...other, account: { id: "a" }, origin: ONE }],
    [true, at("a", ONE), { ...other, account: { id: "a" } }],
    [true, at(ID, ONE), { ...other, account: { id: ID }, origin: TWO }],
    [true, old, { ...other, token: jwt({ sub: "one", exp: 2 }), account: { id: "b" } }],
    [false, old, { ...other, token: jwt({ sub: "two" }) }],
    [true, opaque, { ...other, token: "opaque-token-2" }],
    [false, opaque, { ...other, serverName: "Acme", token: "opaque-token-2" }],
    [true, opaque, { ...other, serverName: "Acme", token: "opaque-token-1" }],
    [false, opaque, { ...other, serverName: "Layer5", token: "" }],
  ])("%s", (same, before, fresh) => {
    expect(isSameAccount(before, fresh)).toBe(same);
  });
});
