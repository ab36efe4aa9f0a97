import { describe, expect, it } from "vitest";
import { nextInterval } from "../src/device.js";

describe("the pause between two questions", () => {
  it("stays as it is while the person has not signed in", () => {
    expect(nextInterval(2000, "authorization_pending")).toBe(2000);
  });

  it("grows by five seconds when the server asks to slow down", () => {
    expect(nextInterval(2000, "slow_down")).toBe(7000);
    expect(nextInterval(7000, "slow_down")).toBe(12_000);
  });

  it.each([undefined, "access_denied", "expired_token", "anything_else"])("is over with %s", (error) => {
    expect(nextInterval(2000, error)).toBeUndefined();
  });
});
