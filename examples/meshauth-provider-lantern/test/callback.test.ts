import { describe, expect, it } from "vitest";
import { readCallback, readPasted } from "../src/callback.js";

const IN_ORDER = { state: "the-state" };

const answer = (parameters: Record<string, string>) =>
  readCallback(new Map(Object.entries(parameters)), IN_ORDER.state);

describe("what the browser brings back", () => {
  it("is taken when it has a code and the state of this sign-in", () => {
    expect(answer({ ...IN_ORDER, code: "abc" })).toEqual({ kind: "accept", value: { code: "abc" } });
  });

  it.each([
    ["no state", { code: "abc" }],
    ["another state", { code: "abc", state: "another" }],
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
