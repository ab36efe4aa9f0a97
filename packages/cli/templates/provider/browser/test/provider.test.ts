import { describe, expect, it } from "vitest";
import { readCallback } from "../src/callback.js";

const answer = (query: string) => readCallback(new Map(new URLSearchParams(query)), "the-state");

describe("what comes back to the callback address", () => {
  it("is taken when it has a code and the state of this sign-in", () => {
    expect(answer("code=abc&state=the-state")).toEqual({ kind: "accept", value: "abc" });
  });

  it.each(["code=abc", "code=abc&state=", "code=abc&state=another", "error=access_denied&state=another"])(
    "is not taken when it belongs to another sign-in: %s",
    (query) => {
      expect(answer(query).kind).toBe("refuse");
    },
  );

  it("ends the sign-in when the person, or the server, says no", () => {
    const reason = "The person said no";
    expect(answer("error=access_denied&state=the-state&error_description=The%2Bperson%2Bsaid%2Bno")).toEqual({
      kind: "fail",
      reason,
    });
    expect(answer("error=access_denied&state=the-state")).toEqual({ kind: "fail", reason: "access_denied" });
  });

  it("is not taken without a code", () => {
    expect(answer("state=the-state").kind).toBe("refuse");
  });
});
