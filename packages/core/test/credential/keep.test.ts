import { encodeEnvelope, inspectToken } from "@meshauth/provider-api/format";
import { describe, expect, test } from "vitest";
import { successorOf } from "../../src/credential/keep.js";

const NOON = "2026-05-01T12:00:00Z";
const LATER = "2026-05-01T13:00:00Z";

function jwt(sub: string | undefined, end?: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = end === undefined ? undefined : Date.parse(end) / 1000;
  return `${part({ alg: "RS256" })}.${part({ sub, exp, jti: Math.random() })}.${"s".repeat(20)}`;
}

const envelope = (accessToken: string, refreshToken?: string, expiry?: string): string =>
  encodeEnvelope({ accessToken, ...(refreshToken && { refreshToken }), ...(expiry && { expiry }) });

const OLD = envelope(jwt("mira", NOON), "made-up-refresh-old");
const OPAQUE = "made-up-token-0123456789";

describe("a token that takes the place of another one", () => {
  test("is a later one of the same account, as it came", () => {
    const sent = envelope(jwt("mira", LATER), "made-up-refresh-new");
    expect(successorOf(OLD, sent)).toBe(sent);
  });

  test.each([
    ["a bare JWT", jwt("mira", LATER)],
    ["an envelope", envelope(jwt("mira", LATER))],
  ])("keeps the refresh token where %s comes without one", (_, sent) => {
    expect(inspectToken(successorOf(OLD, sent) ?? "")).toMatchObject({
      accessToken: inspectToken(sent).accessToken,
      refreshToken: "made-up-refresh-old",
    });
  });

  test("may take the place of one whose account nobody can tell", () => {
    const sent = envelope(jwt("mira", LATER), "made-up-refresh-new", LATER);
    expect(successorOf(OPAQUE, sent)).toBe(sent);
  });
});

test.each([
  ["for a login without an account", "", envelope(jwt("mira", LATER), "made-up-refresh-new")],
  ["of another account", OLD, envelope(jwt("eve", LATER), "made-up-refresh-new")],
  ["of no account", OLD, envelope(jwt(undefined, LATER), "made-up-refresh-new")],
  ["with an opaque access token", OLD, envelope("made-up-access", "made-up-refresh-new", LATER)],
  ["that ends before", OLD, envelope(jwt("mira", "2026-05-01T11:00:00Z"), "made-up-refresh-new")],
  ["that is opaque", OLD, OPAQUE],
  ["that is the same", OLD, OLD],
  ["that ends, for one without an end", OPAQUE, jwt("mira", LATER)],
])("none: one %s", (_, old, sent) => {
  expect(successorOf(old, sent)).toBeUndefined();
});
