import { encodeEnvelope, inspectToken, isLater, withRefreshToken } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";

const NOON = "2026-05-01T12:00:00Z";
const LATER = "2026-05-01T13:00:00Z";

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.${"s".repeat(20)}`;
}

const envelope = (accessToken: string, expiry?: string, refreshToken?: string): string =>
  encodeEnvelope({ accessToken, ...(expiry && { expiry }), ...(refreshToken && { refreshToken }) });

const OLD = envelope("made-up-access-old", NOON, "made-up-refresh-old");

describe("a later token", () => {
  it.each([
    ["an envelope that ends later", envelope("made-up-access-new", LATER)],
    ["one that ends at the same time", envelope("made-up-access-new", NOON)],
    ["one without an end", envelope("made-up-access-new")],
    ["a JWT", jwt({ exp: Date.parse(LATER) / 1000 })],
  ])("is %s", (_, token) => {
    expect(isLater(token, OLD)).toBe(true);
  });

  it.each([
    ["the same access token", envelope("made-up-access-old", LATER, "made-up-refresh-new")],
    ["one that ends before", envelope("made-up-access-new", "2026-05-01T11:59:59Z")],
    ["an opaque text", "made-up-token-0123456789"],
    ["nothing", ""],
    ["a damaged envelope", OLD.slice(0, -9)],
  ])("is not %s", (_, token) => {
    expect(isLater(token, OLD)).toBe(false);
  });
});

describe("what is stored of a renewed token", () => {
  it("is the token itself where it brings a refresh token, or there was none", () => {
    const renewed = envelope("made-up-access-new", LATER, "made-up-refresh-new");
    expect(withRefreshToken(renewed, OLD)).toBe(renewed);
    expect(withRefreshToken(jwt({}), jwt({ sub: "a" }))).toBe(jwt({}));
  });

  it("has the old refresh token where none came", () => {
    const bare = jwt({ exp: Date.parse(LATER) / 1000 });
    for (const renewed of [envelope("made-up-access-new", LATER), bare]) {
      expect(inspectToken(withRefreshToken(renewed, OLD))).toMatchObject({
        accessToken: inspectToken(renewed).accessToken,
        refreshToken: "made-up-refresh-old",
        expiresAt: new Date(LATER),
      });
    }
  });
});
