import type { CredentialState, Details } from "@meshauth/auth-store";
import { describe, expect, test } from "vitest";
import { clockWarning, decidingTime, type Standing, standingOf, wouldBeRenewed } from "../src/standing.js";

const NOW = new Date("2026-03-01T12:00:00Z");

/** A made-up token envelope that ends so many minutes from now. */
function present(minutes: number, refresh = true): CredentialState {
  const expiry = new Date(NOW.getTime() + minutes * 60_000).toISOString();
  const envelope = { access_token: "made-up", expiry, ...(refresh ? { refresh_token: "made-up-too" } : {}) };
  const token = Buffer.from(JSON.stringify(envelope)).toString("base64").replace(/=+$/, "");
  const members = new Map([
    ["meshery-provider", "Layer5"],
    ["token", token],
  ]);
  return { state: "present", digest: "d", serverName: "Layer5", token, members, mode: 0o600, warnings: [] };
}

/** Details of a login when the provider's clock was so many minutes ahead. */
function details(minutes: number): Details {
  return {
    provider: { id: "layer5", package: "p", version: "1" },
    account: null,
    verified: true,
    savedAt: NOW.toISOString(),
    clockSkew: minutes * 60_000,
  };
}

describe("a credential is judged by the provider's clock", () => {
  test.each<[string, number, number, Standing]>([
    ["ended by this machine's, valid by the provider's", -30, -60, "valid"],
    ["valid by this machine's, ended by the provider's", 30, 60, "refreshable"],
    ["a difference of a minute is none", -0.5, -1, "refreshable"],
    ["just over a minute", -1, -1.1, "valid"],
  ])("%s", (_, ends, skew, standing) => {
    expect(standingOf(present(ends), NOW, details(skew))).toBe(standing);
    expect(standingOf(present(ends), NOW, undefined)).toBe(ends > 0 ? "valid" : "refreshable");
  });
});

test("a refused renewal leaves the access token: valid until its end, expired then", () => {
  expect(standingOf(present(5), NOW, undefined, true)).toBe("valid");
  expect(standingOf(present(-5), NOW, undefined, true)).toBe("expired");
  expect(standingOf(present(-5), NOW, undefined, false)).toBe("refreshable");
});

test("the difference of the clocks is told in minutes, with its direction", () => {
  expect(clockWarning(details(90))).toBe("This machine's clock is 90 min behind the provider's.");
  expect(clockWarning(details(-2.4))).toBe("This machine's clock is 2 min ahead of the provider's.");
  expect([clockWarning(details(1)), clockWarning(details(-0.9)), clockWarning(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a token that servers would renew: it has a refresh token and ends within a minute", () => {
  const token = (minutes: number, refresh = true): string => {
    const state = present(minutes, refresh);
    return (state.state === "present" && state.token) || "";
  };
  const found = [-5, 0.5, 1, 1.1, 60].map((minutes) => wouldBeRenewed(token(minutes), NOW));
  expect(found).toEqual([true, true, true, false, false]);
  expect([wouldBeRenewed(token(-5, false), NOW), wouldBeRenewed("", NOW)]).toEqual([false, false]);
});

test("the time that decides is the server's or the provider's, the later of both, and this machine's without them", () => {
  const minutes = (server: number | undefined, known: Details | undefined): number =>
    (decidingTime(NOW, server === undefined ? undefined : server * 60_000, known).getTime() - NOW.getTime()) /
    60_000;
  expect(minutes(undefined, undefined)).toBe(0);
  expect(minutes(-30, undefined)).toBe(-30);
  expect(minutes(undefined, details(-40))).toBe(-40);
  expect(minutes(-30, details(20))).toBe(20);
  expect(minutes(30, details(20))).toBe(30);
});
