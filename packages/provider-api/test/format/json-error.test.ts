import { isJsonError, JsonError } from "@meshauth/provider-api/format";
import { expect, it, vi } from "vitest";

it("a JsonError is known across copies of this package, as two plugins bring them along", async () => {
  vi.resetModules();
  const copy = await import("../../src/format/json-value.js");
  expect(new copy.JsonError("it is empty") instanceof JsonError).toBe(false);
  expect(isJsonError(new copy.JsonError("it is empty"))).toBe(true);
  expect(copy.isJsonError(new JsonError("it is empty"))).toBe(true);
});

it.each([undefined, null, "it is empty", 1, new Error("x"), { name: "JsonError", reason: "x" }])(
  "%s is none",
  (value) => {
    expect(isJsonError(value)).toBe(false);
  },
);
