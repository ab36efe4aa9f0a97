import {
  defineProvider,
  FLOWS,
  isProviderError,
  NAME_PATTERN,
  PROVIDER_API,
  ProviderError,
} from "@meshauth/provider-api";
import { describe, expect, it, vi } from "vitest";
import packageJson from "../package.json" with { type: "json" };

describe("ProviderError", () => {
  it("carries class, message, reason and what to do next", () => {
    const cause = new Error("below");
    const error = new ProviderError("denied", "No.", { reason: "Because.", next: ["meshauth login"], cause });
    expect(error).toMatchObject({
      name: "ProviderError",
      code: "denied",
      message: "No.",
      reason: "Because.",
      next: ["meshauth login"],
      cause,
    });
  });

  it("has no cause unless one is given, and nothing to do next", () => {
    const error = new ProviderError("input", "No.");
    expect("cause" in error).toBe(false);
    expect(error.next).toEqual([]);
    expect(error.reason).toBeUndefined();
  });

  it("keeps a cause that is undefined on purpose", () => {
    expect("cause" in new ProviderError("input", "No.", { cause: undefined })).toBe(true);
  });

  it("is known across copies of this package, as two plugins bring them along", async () => {
    vi.resetModules();
    const copy = await import("../src/error.js");
    expect(copy.ProviderError).not.toBe(ProviderError);
    expect(new copy.ProviderError("denied", "No.") instanceof ProviderError).toBe(false);
    expect(isProviderError(new copy.ProviderError("denied", "No."))).toBe(true);
    expect(copy.isProviderError(new ProviderError("denied", "No."))).toBe(true);
  });

  it.each([undefined, null, "denied", 1, new Error("x"), { name: "ProviderError", code: "denied" }])(
    "%s is none",
    (value) => {
      expect(isProviderError(value)).toBe(false);
    },
  );
});

it("defineProvider hands back the very object", () => {
  const provider = {
    api: PROVIDER_API,
    id: "acme",
    login: async () => ({ kind: "local", serverName: "Acme" }) as const,
  };
  expect(defineProvider(provider)).toBe(provider);
});

describe("names", () => {
  it.each(["a", "layer5", "file-import", "x".repeat(32)])("%s is one", (name) => {
    expect(NAME_PATTERN.test(name)).toBe(true);
  });

  it.each(["", "A", "5layer", "-a", "a_b", "a b", "a\n", "ä", "__proto__", "x".repeat(33)])(
    "%j is none",
    (name) => {
      expect(NAME_PATTERN.test(name)).toBe(false);
    },
  );
});

it("every flow is listed once", () => {
  expect([...new Set(FLOWS)]).toEqual(FLOWS);
  expect(FLOWS).toEqual(["browser", "device", "paste", "file", "local"]);
});

it("depends on nothing: a provider package gets the contract and no more", () => {
  const fields = Object.keys(packageJson).filter((key) => /dependencies/i.test(key));
  expect(fields).toEqual([]);
});
