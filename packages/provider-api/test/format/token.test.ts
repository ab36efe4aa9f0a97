import { encodeEnvelope, JsonError, parseToken } from "@meshauth/provider-api/format";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Marshalled by Go and encoded with base64.RawStdEncoding. */
const FROM_GO =
  "eyJhY2Nlc3NfdG9rZW4iOiJhLmIuYyIsInRva2VuX3R5cGUiOiJiZWFyZXIiLCJyZWZyZXNoX3Rva2VuIjoiciIsImV4cGlyeSI6IjIwMjYtMDEtMDJUMDM6MDQ6MDUuMTIzNDU2Nzg5WiJ9";
const PARTS = {
  accessToken: "a.b.c",
  tokenType: "bearer",
  refreshToken: "r",
  expiry: "2026-01-02T03:04:05.123456789Z",
};

const base64 = (text: string) => Buffer.from(text).toString("base64");
const unpadded = (text: string) => base64(text).replace(/=+$/, "");
const base64url = (text: string) => Buffer.from(text).toString("base64url");
const jwt = (header: object, claims: object, signature = "c2lnbmF0dXJl") =>
  `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${signature}`;

function reason(text: string): string {
  const token = parseToken(text);
  return token.form === "invalid" ? token.reason : `accepted as ${token.form}`;
}

describe("parseToken", () => {
  it("reads an envelope that Go has written", () => {
    expect(parseToken(FROM_GO)).toEqual({ form: "envelope", ...PARTS });
  });

  it.each([
    ["only an access token", '{"access_token":"x"}', { accessToken: "x" }],
    [
      "bearer in any case",
      '{"access_token":"x","token_type":"Bearer"}',
      { accessToken: "x", tokenType: "Bearer" },
    ],
    [
      "null and empty members",
      '{"access_token":"x","refresh_token":null,"expiry":null,"token_type":""}',
      { accessToken: "x" },
    ],
    ["Go's zero time", '{"access_token":"x","expiry":"0001-01-01T00:00:00Z"}', { accessToken: "x" }],
    ["unknown members", '{"access_token":"x","scope":"a","expires_in":3600}', { accessToken: "x" }],
  ])("accepts an envelope with %s", (_, json, parts) => {
    expect(parseToken(unpadded(json))).toEqual({ form: "envelope", ...parts });
  });

  it.each([
    ["{}", "it has no access_token"],
    ['{"token":"x"}', "it has no access_token"],
    ['{"access_token":""}', "it has no access_token"],
    ['{"access_token":7}', "its access_token is a number, not a string"],
    ['{"access_token":"x\\ny"}', "its access_token has characters that no token may have"],
    ['{"access_token":"x","access_token":"y"}', 'duplicate key "access_token"'],
    ['{"Access_Token":"x","access_token":"y"}', 'the key "Access_Token" is misspelled'],
    ['{"acce\\u017fs_token":"x"}', 'the key "acceſs_token" is misspelled'],
    ['{"access_token":"x","token_type":"mac"}', "its token_type is not bearer"],
    ['{"access_token":"x","refresh_token":["y"]}', "its refresh_token is an array, not a string"],
    ['{"access_token":"x","expires_in":"3600"}', "its expires_in is not a number"],
    ['{"access_token":"x","expiry":1767323045}', "its expiry is a number, not a string"],
    ['{"access_token":"x","expiry":"tomorrow"}', "its expiry is not an RFC 3339 time"],
    ['{"access_token":"x","expiry":"2026-01-02t03:04:05z"}', "its expiry is not an RFC 3339 time"],
    ['{"access_token":"x","expiry":"2026-02-30T03:04:05Z"}', "its expiry is not an RFC 3339 time"],
    ['{"access_token":"x","expiry":"2026-01-02T24:00:00Z"}', "its expiry is not an RFC 3339 time"],
    ['{"access_token":"x","expiry":"2026-01-02T03:04:60Z"}', "its expiry is not an RFC 3339 time"],
    ['{"access_token":"x"', "it starts as a token envelope and is cut off or damaged"],
    ['{"access_token":"x"} more', "it starts as a token envelope and is cut off or damaged"],
  ])("T26 refuses an envelope of %s", (json, expected) => {
    expect(reason(unpadded(json))).toBe(expected);
  });

  it("T26 refuses padded and URL-safe base64 of an envelope, and says so", () => {
    const json = '{"access_token":"~~~???>>>","token_type":"bearer"}';
    expect(unpadded(json)).toMatch(/[+/]/);
    expect(reason(unpadded(json))).toBe("accepted as envelope");
    expect(reason(base64url(json))).toMatch(/^it is URL-safe base64/);
    expect(base64('{"access_token":"x"}')).toMatch(/=$/);
    expect(reason(base64('{"access_token":"x"}'))).toMatch(/^it is padded base64/);
  });

  it("refuses an envelope whose last character or whose end was lost", () => {
    for (let length = 8; length < FROM_GO.length; length++) {
      expect(reason(FROM_GO.slice(0, length))).toBe(
        "it starts as a token envelope and is cut off or damaged",
      );
    }
  });

  it("refuses base64 whose last character has bits too many", () => {
    const text = unpadded('{"access_token":"xxx"}');
    expect(text).toMatch(/fQ$/);
    const sloppy = text.replace(/fQ$/, "fR");
    expect(Buffer.from(sloppy, "base64")).toEqual(Buffer.from(text, "base64"));
    expect(reason(sloppy)).toMatch(/^its last character/);
  });

  it("accepts a signed JWT, and no other", () => {
    expect(parseToken(jwt({ alg: "RS256", kid: "public:1" }, { sub: "x" }))).toEqual({ form: "jwt" });
    expect(reason(jwt({ alg: "none" }, { sub: "x" }, ""))).toBe("it is a JWT without a signature");
    expect(reason(`${base64url('{"alg":"RS256"}')}.bm90IGpzb24.c2ln`)).toBe(
      "it is a JWT whose claims cannot be read",
    );
  });

  it("accepts opaque API tokens", () => {
    for (const token of [
      "abcdefgh-1",
      "ghp_0123456789_abc",
      "a.b.c.d.e.f",
      "aaaaaaaa.bbbbbbbb.cccccccc",
      "x=======".padStart(12, "a"),
    ]) {
      expect(parseToken(token)).toEqual({ form: "opaque" });
    }
  });

  it("warns of an opaque token that a Meshery Server would take for an envelope", () => {
    expect(parseToken("0123456789abcdef")).toEqual({
      form: "opaque",
      warning: expect.stringContaining("base64"),
    });
  });

  it.each([
    ["", "it is empty"],
    ["short", "it is too short for a token"],
    ["x".repeat(4097), "it is longer than any API token and is no token envelope"],
    ["x".repeat(32 * 1024 + 1), "it is longer than 32 KiB"],
    ["Bearer abcdefgh", "it has characters that no token may have"],
    ["abcdefgh\n", "it has characters that no token may have"],
    ["abcdefgh\u0000", "it has characters that no token may have"],
    ["abcdefg%2B", "it has characters that no token may have"],
    ["äbcdefghi", "it has characters that no token may have"],
    ['{"access_token":"x"}', "it is JSON, such as a whole auth.json, where a token by itself is due"],
  ])("refuses %j", (text, expected) => {
    expect(reason(text)).toBe(expected);
  });

  it("never has a part of the token in a reason", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.nat(200), (secret, cut) => {
        const canary = `CANARY${secret}`;
        const json = JSON.stringify({ access_token: canary, refresh_token: 5 });
        for (const text of [json, unpadded(json), base64(json), unpadded(json).slice(0, cut), canary]) {
          expect(reason(text)).not.toContain("CANARY");
        }
      }),
    );
  });
});

describe("encodeEnvelope", () => {
  it("writes byte for byte what Go writes", () => {
    expect(encodeEnvelope(PARTS)).toBe(FROM_GO);
    expect(encodeEnvelope({ accessToken: "<&>", tokenType: "bearer" })).toBe(
      unpadded('{"access_token":"\\u003c\\u0026\\u003e","token_type":"bearer"}'),
    );
  });

  it("calls a token bearer unless told otherwise", () => {
    expect(parseToken(encodeEnvelope({ accessToken: "x" }))).toEqual({
      form: "envelope",
      accessToken: "x",
      tokenType: "bearer",
    });
  });

  it("is read back as it was", () => {
    const text = fc.string({
      minLength: 1,
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
    });
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (accessToken, refreshToken) => {
        const parts = {
          accessToken,
          ...(refreshToken === undefined ? {} : { refreshToken }),
          tokenType: "Bearer",
        };
        expect(parseToken(encodeEnvelope(parts))).toEqual({ form: "envelope", ...parts });
      }),
    );
  });

  it.each([
    { accessToken: "" },
    { accessToken: "x\n" },
    { accessToken: "x", expiry: "soon" },
    { accessToken: "x", tokenType: "mac" },
    { accessToken: "x", refreshToken: "é" },
  ])("refuses %j", (parts) => {
    expect(() => encodeEnvelope(parts)).toThrow(JsonError);
  });
});
