import { describe, expect, test } from "vitest";
import { parseDuration } from "../src/login/duration.js";

describe("parseDuration", () => {
  test.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["24h", 86_400_000],
  ])("%s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(["", "5", "0s", "25h", "5 m", "-5m", "5mm", "m5", "1e3s", "5m\n", "９s"])(
    "refuses %j",
    (text) => {
      expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "MESHAUTH_E_USAGE" }));
    },
  );
});
