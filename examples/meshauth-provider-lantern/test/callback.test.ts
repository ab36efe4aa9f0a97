import { describe, expect, it } from "vitest";
import { readCallback, readPasted } from "../src/callback.js";

const EXPECTED = { state: "the-state", issuer: "https://eu.lantern.example" };
const IN_ORDER = { state: EXPECTED.state, iss: EXPECTED.issuer };

const answer = (parameters: Record<string, string>) =>
  readCallback(new Map(Object.entries(parameters)), EXPECTED);

describe("what the browser brings back", () => {
  it("is taken when it has a code, and state and issuer are those of this sign-in", () => {
    expect(answer({ ...IN_ORDER, code: "abc" })).toEqual({ kind: "accept", value: { code: "abc" } });
  });

  it.each([
    ["no state", { code: "abc", iss: EXPECTED.issuer }],
    ["another state", { ...IN_ORDER, code: "abc", state: "another" }],
    ["no issuer", { code: "abc", state: EXPECTED.state }],
    ["another issuer", { ...IN_ORDER, code: "abc", iss: "https://us.lantern.example" }],
    ["no code", IN_ORDER],
    ["an empty code", { ...IN_ORDER, code: "" }],
    ["a refusal that is not ours", { error: "access_denied", state: "another" }],
  ])("with %s is not taken, and the login goes on waiting", (_, parameters) => {
    expect(answer(parameters as Record<string, string>).kind).toBe("refuse");
  });

  it("ends the login when Lantern says no", () => {
    const refusal = { ...IN_ORDER, error: "access_denied", error_description: "The+person+said+no" };
    expect(answer(refusal)).toEqual({ kind: "fail", reason: "Lantern says: The person said no" });
  });
});

describe("what is pasted", () => {
  it("is taken when it is an API token", () => {
    const token = "lantern_5f0c7a1e9b3d";
    expect(readPasted(token)).toEqual({ kind: "accept", value: { token } });
  });

  it.each(["", "5f0c7a1e9b3d", "lantern_", "lantern_with a space", "https://eu.lantern.example/"])(
    "%j is not",
    (text) => {
      expect(readPasted(text).kind).toBe("refuse");
    },
  );
});
