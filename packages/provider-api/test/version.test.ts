import { isCompatible, PROVIDER_API, parseApiVersion } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";

describe("a version in a manifest", () => {
  it.each([
    ["1.0", { major: 1, minor: 0 }],
    ["0.9", { major: 0, minor: 9 }],
    ["12.345", { major: 12, minor: 345 }],
  ])("%s is read", (text, version) => {
    expect(parseApiVersion(text)).toEqual(version);
  });

  it.each([
    "",
    "1",
    "1.",
    ".1",
    "1.0.0",
    "v1.0",
    " 1.0",
    "1.0\n",
    "01.0",
    "1.00",
    "1e3.0",
    "-1.0",
    "1234567.0",
    "١.٠",
  ])("%j is none", (text) => {
    expect(parseApiVersion(text)).toBeUndefined();
  });

  it.each([1, null, undefined, ["1.0"], { major: 1, minor: 0 }])("%j is no text", (value) => {
    expect(parseApiVersion(value)).toBeUndefined();
  });
});

describe("whether a provider runs", () => {
  const offered = { major: 2, minor: 3 };
  it.each([
    [2, 3, true],
    [2, 0, true],
    [2, 4, false],
    [1, 3, false],
    [3, 0, false],
  ])("one for %i.%i under 2.3: %s", (major, minor, runs) => {
    expect(isCompatible({ major, minor }, offered)).toBe(runs);
  });

  it("this package's own version is what is offered when nothing else is said", () => {
    expect(isCompatible(PROVIDER_API)).toBe(true);
    expect(isCompatible({ ...PROVIDER_API, minor: PROVIDER_API.minor + 1 })).toBe(false);
  });

  it("nobody can change the version that all share", () => {
    expect(Object.isFrozen(PROVIDER_API)).toBe(true);
  });
});
