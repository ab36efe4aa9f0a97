import { flawOfServerName, isLocalName } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";

describe("a provider's name", () => {
  it.each([
    "Layer5",
    "None",
    "cloud.meshery.io",
    "localhost:9876",
    "My Provider",
    "Acme Cloud, Inc",
    "x".repeat(64),
  ])("%s is in order", (name) => {
    expect(flawOfServerName(name)).toBeUndefined();
  });

  it.each([
    ["", /1 to 64/],
    ["x".repeat(65), /1 to 64/],
    ["a;b", /semicolon/],
    ['a"b', /quote/],
    ["a\\b", /backslash/],
    [" Layer5", /spaces/],
    ["Layer5 ", /spaces/],
    ["a  b", /spaces/],
    [" ", /spaces/],
    ["\u00dcber", /ASCII/],
    ["a\u00a0b", /ASCII/],
    ["a\nb", /ASCII/],
    ["Layer5\n", /ASCII/],
    ["a\u001b[31mb", /ASCII/],
    ["a\u007fb", /ASCII/],
    ["a\u202eb", /ASCII/],
  ])("%j is not", (name, flaw) => {
    expect(flawOfServerName(name)).toMatch(flaw);
  });
});

it("None and Local stand for the local provider, in any letter case", () => {
  expect(["None", "local", "NONE"].every(isLocalName)).toBe(true);
  expect(["", "Layer5", "None "].some(isLocalName)).toBe(false);
});
