import { describe, expect, test } from "vitest";
import { cookieHeader, fitsCookie, obstacleTo } from "../../src/meshery-server/cookie.js";

describe("the cookie by which a server knows a caller", () => {
  test("has the token first, then the provider, as mesheryctl sends them", () => {
    expect(cookieHeader({ serverName: "Layer5", token: "abc+/def" })).toBe(
      "token=abc+/def; meshery-provider=Layer5",
    );
  });

  test("has an empty token for the local provider", () => {
    expect(cookieHeader({ serverName: "None", token: "" })).toBe("token=; meshery-provider=None");
  });

  test("quotes a value with a space or a comma, as Go does", () => {
    expect(cookieHeader({ serverName: "Acme Cloud, Inc", token: "t" })).toBe(
      'token=t; meshery-provider="Acme Cloud, Inc"',
    );
  });

  test.each([
    ["an empty provider", { serverName: "", token: "t" }, "unknown-provider"],
    ["a provider with a semicolon", { serverName: "a;b", token: "t" }, "unknown-provider"],
    ["a provider with a line break", { serverName: "a\r\nx: y", token: "t" }, "unknown-provider"],
    [
      "a provider longer than one that can be stored",
      { serverName: "x".repeat(65), token: "t" },
      "unknown-provider",
    ],
    ["a provider outside of ASCII", { serverName: "\u00dcber", token: "t" }, "unknown-provider"],
    ["a token with a quote", { serverName: "a", token: 'SECRET-CANARY"' }, "bad-token"],
    ["a token with a backslash", { serverName: "a", token: "SECRET-CANARY\\" }, "bad-token"],
    [
      "a token with a semicolon",
      { serverName: "a", token: "SECRET-CANARY; meshery-provider=b" },
      "bad-token",
    ],
    ["a token with a NUL", { serverName: "a", token: "SECRET-CANARY\u0000" }, "bad-token"],
  ])("is not made of %s", (_, credential, why) => {
    const obstacle = obstacleTo(credential);
    expect(obstacle).toMatchObject({ kind: "refused", why });
    expect(obstacle?.message).not.toContain("SECRET-CANARY");
  });
});

test("fitsCookie takes every form of token", () => {
  expect(["", "eyJh.eyJi.c2ln", "abc+/=", "with space"].every(fitsCookie)).toBe(true);
});
