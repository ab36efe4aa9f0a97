import { describe, expect, it } from "vitest";
import { distance } from "../../src/nearest.js";
import { buildRegistry, findProvider, nearestProvider, type Registry } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

async function registry(): Promise<Registry> {
  const root = await folder();
  const write = async (name: string, ...entries: Record<string, unknown>[]) =>
    writePackage(root, name, pjson(name, entries), undefined, "built-in");
  return buildRegistry([
    await write("a", entry("layer5", { title: "Layer5", serverNames: ["Layer5", "Meshery"] })),
    await write("b", entry("none", { title: "No account", serverNames: ["None", "Local"] })),
    await write("c", entry("file-import", { title: "File import" })),
  ]);
}

describe("findProvider", () => {
  it.each([
    ["layer5", "layer5"],
    ["LAYER5", "layer5"],
    ["Meshery", "layer5"],
    [" meshery ", "layer5"],
    ["no ACCOUNT", "none"],
    ["None", "none"],
    ["local", "none"],
    ["File Import", "file-import"],
  ])("%s is %s", async (name, id) => {
    expect(findProvider(await registry(), name)?.entry.id).toBe(id);
  });

  it.each(["", "layer", "__proto__", "constructor", "toString"])("%j is nobody", async (name) => {
    expect(findProvider(await registry(), name)).toBeUndefined();
  });
});

describe("nearestProvider", () => {
  it.each([
    ["layer", "layer5"],
    ["alyer5", "layer5"],
    ["Mesherry", "layer5"],
    ["nnoe", "none"],
    ["file-imprt", "file-import"],
    ["fileimport", "file-import"],
  ])("%s: %s", async (typed, id) => {
    expect(nearestProvider(await registry(), typed)).toBe(id);
  });

  it.each(["okta", "", "xyz", "a".repeat(100_000)])("says nothing rather than guess", async (typed) => {
    expect(nearestProvider(await registry(), typed)).toBeUndefined();
  });
});

describe("distance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "abc", 0],
    ["abc", "abd", 1],
    ["abc", "ac", 1],
    ["abc", "acb", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ])("%s, %s", (a, b, slips) => {
    expect(distance(a, b)).toBe(slips);
    expect(distance(b, a)).toBe(slips);
  });
});
