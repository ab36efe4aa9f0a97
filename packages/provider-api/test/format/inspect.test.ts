import { encodeEnvelope, inspectToken, parseExpiry } from "@meshauth/provider-api/format";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const base64url = (text: string) => Buffer.from(text).toString("base64url");
const jwt = (claims: object) => `${base64url('{"alg":"RS256"}')}.${base64url(JSON.stringify(claims))}.c2ln`;
const CLAIMS = { sub: "user:github", iss: "https://issuer.example/", exp: 1_767_323_045 };

describe("inspectToken", () => {
  it("takes the end from the envelope, and the account from the access token inside", () => {
    const accessToken = jwt(CLAIMS);
    const token = encodeEnvelope({ accessToken, refreshToken: "r", expiry: "2026-01-02T03:04:04.5Z" });
    expect(inspectToken(token)).toEqual({
      form: "envelope",
      accessToken,
      refreshToken: "r",
      tokenType: "bearer",
      refreshable: true,
      expiresAt: new Date("2026-01-02T03:04:04.500Z"),
      subject: "user:github",
      issuer: "https://issuer.example/",
    });
  });

  it("takes the end from the access token when the envelope has none", () => {
    const zero = Buffer.from(JSON.stringify({ access_token: jwt(CLAIMS), expiry: "0001-01-01T00:00:00Z" }));
    for (const token of [
      jwt(CLAIMS),
      encodeEnvelope({ accessToken: jwt(CLAIMS) }),
      zero.toString("base64"),
    ]) {
      expect(inspectToken(token)).toMatchObject({
        refreshable: false,
        expiresAt: new Date("2026-01-02T03:04:05Z"),
      });
    }
  });

  it("reads padded and URL-safe base64", () => {
    const json = '{"access_token":"~~~???>>>x","refresh_token":"r"}';
    for (const encoding of ["base64", "base64url"] as const) {
      expect(inspectToken(Buffer.from(json).toString(encoding))).toMatchObject({
        form: "envelope",
        accessToken: "~~~???>>>x",
        refreshable: true,
      });
    }
  });

  it("knows no end of API tokens", () => {
    expect(inspectToken("abcdefgh-1")).toEqual({
      form: "opaque",
      accessToken: "abcdefgh-1",
      refreshable: false,
    });
    expect(inspectToken(jwt({ sub: "x" }))).not.toHaveProperty("expiresAt");
    expect(inspectToken("")).toEqual({ form: "none", refreshable: false });
  });

  it("tells when a JWT was issued, by whatever clock that was", () => {
    expect(inspectToken(jwt({ iat: 1_767_000_000 })).issuedAt).toEqual(new Date(1_767_000_000_000));
    expect(inspectToken(jwt({ iat: "yesterday" }))).not.toHaveProperty("issuedAt");
  });

  it("ignores claims of the wrong type", () => {
    expect(inspectToken(jwt({ sub: 5, iss: null, exp: "soon" }))).not.toHaveProperty("subject");
    expect(inspectToken(jwt({ exp: 1e300 }))).not.toHaveProperty("expiresAt");
  });

  it("never throws", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64")),
      fc.jsonValue().map((value) => jwt({ exp: value, sub: value })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(["none", "envelope", "jwt", "opaque"]).toContain(inspectToken(text).form);
      }),
    );
  });
});

describe("parseExpiry", () => {
  it("reads what Go writes, offsets and nanoseconds included", () => {
    expect(parseExpiry("2026-01-02T03:04:05.123456789Z")).toEqual(new Date("2026-01-02T03:04:05.123Z"));
    expect(parseExpiry("2026-01-02T03:04:05+01:30")).toEqual(new Date("2026-01-02T01:34:05Z"));
    expect(parseExpiry("2024-02-29T00:00:00Z")).toBeInstanceOf(Date);
    expect(parseExpiry("2023-02-29T00:00:00Z")).toBe("invalid");
    expect(parseExpiry("0001-01-01T00:00:00Z")).toBe("none");
  });

  it("writes and reads any date", () => {
    const dates = fc.date({
      min: new Date(-60_000_000_000_000),
      max: new Date(253_402_300_799_000),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseExpiry(date.toISOString())).toEqual(date);
      }),
    );
  });
});
