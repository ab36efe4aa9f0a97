import { expect, test } from "vitest";
import { parseAnswer, parseRequest, parseWait } from "../../src/two-step/messages.js";

test.each([
  {},
  { kind: "other" },
  { kind: "approved" },
  { kind: "approved", approved: {} },
  { kind: "approved", approved: { credential: null, warnings: [] } },
  { kind: "approved", approved: { credential: { kind: "local" }, warnings: [1] } },
  { kind: "failed" },
  { kind: "failed", failure: { code: "MESHAUTH_E_DENIED", message: "No.", why: "No." } },
  { kind: "refused" },
  { kind: "pending" },
  { kind: "pending", delay: "other" },
])("%j is no answer", (message) => {
  expect(parseAnswer(message)).toBeUndefined();
});

test.each([
  { kind: "pending", delay: "sign-in" },
  { kind: "pending", delay: "provider" },
  { kind: "pending", delay: "turn" },
  { kind: "used" },
  { kind: "refused", reason: "No." },
  { kind: "approved", approved: { credential: { kind: "local", serverName: "None" }, warnings: [] } },
  { kind: "failed", failure: { code: "MESHAUTH_E_DENIED", message: "No.", why: "No.", next: [] } },
])("%j is an answer", (message) => {
  expect(parseAnswer(message)).toEqual(message);
});

test.each([
  {},
  { ticket: 1, wait: 0 },
  { ticket: "x", wait: "1" },
  { ticket: "x", wait: -1 },
  { ticket: "x", wait: 0, pasted: 1 },
])("%j is no request", (message) => {
  expect(parseRequest(message)).toBeUndefined();
});

test("an announcement says what is waited for, and for how long", () => {
  const message = { kind: "wait", delay: "provider", limit: 5 };
  expect(parseWait(message)).toEqual(message);
  for (const part of [{ kind: "pending" }, { delay: "other" }, { limit: -1 }, { limit: "5" }]) {
    expect(parseWait({ ...message, ...part })).toBeUndefined();
  }
});
