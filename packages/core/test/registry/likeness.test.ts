import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance } from "../../src/nearest.js";
import { likeness, looksLike, mixesAlphabets, resembles } from "../../src/registry/likeness.js";

// Few letters, so that words come close to each other.
const word = fc.string({ unit: fc.constantFrom("a", "c", "d"), maxLength: 8 });

describe("looksLike", () => {
  it("is what the distance of two likenesses says", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const close = a === b || (Math.min(a.length, b.length) >= 5 && distance(a, b) <= 1);
        expect(looksLike(a, b)).toBe(close);
      }),
      { numRuns: 20_000 },
    );
  });

  it("knows every single slip", () => {
    const slip = fc.tuple(
      fc.string({ unit: fc.constantFrom("a", "c", "d"), minLength: 6, maxLength: 9 }),
      fc.nat(8),
      fc.constantFrom("a", "c", "d", "x"),
    );
    fc.assert(
      fc.property(slip, ([a, position, letter]) => {
        const at = position % (a.length - 1);
        const [head, tail] = [a.slice(0, at), a.slice(at)];
        const others = [
          head + letter + tail,
          head + tail.slice(1),
          head + letter + tail.slice(1),
          `${head}${tail[1]}${tail[0]}${tail.slice(2)}`,
        ];
        return others.every((other) => looksLike(a, other) && looksLike(other, a));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("likeness", () => {
  it.each([
    ["Layer 5", "layers"],
    ["LAYER-5!", "layers"],
    ["Lаyer5", "layers"],
    ["İ1|0", "lllo"],
    ["modern", "modem"],
    ["vvork", "work"],
    ["Ünïcode_9", "unlcode9"],
    ["メシェリー", "メシェリー".normalize("NFKD").replace(/\p{M}/gu, "")],
    ["ӏі", "ll"],
  ])("of %s", (name, shape) => {
    expect(likeness(name)).toBe(shape);
  });

  it("is the same for a name with and without look-alikes", () => {
    expect(resembles("meshery", "mеshеry")).toBe(true);
    expect(resembles("meshery", "rneshery")).toBe(true);
    expect(resembles("acme", "acne")).toBe(false);
  });
});

describe("mixesAlphabets", () => {
  it.each([
    ["Acme Cloud", false],
    ["Acme облако", false],
    ["Aсme", true],
    ["Okτa", true],
    ["", false],
  ])("%s: %j", (name, mixed) => {
    expect(mixesAlphabets(name)).toBe(mixed);
  });
});
