import { MeshauthError } from "@meshauth/core";
import type { Config } from "@oclif/core/config";
import { describe, expect, test } from "vitest";
import { unknownCommand } from "../src/command-not-found.js";
import { classify } from "../src/failure.js";
import { forSameTarget, wantsJson } from "../src/typed-flags.js";

const words = (line: string): string[] => line.split(" ").filter(Boolean);

describe("what to do next, for the target that was typed", () => {
  test.each([
    ["meshauth login", "token -c b", "meshauth login --context b"],
    ["meshauth login", "token -cb", "meshauth login --context b"],
    ["meshauth login", "token -c=b", "meshauth login --context b"],
    ["meshauth check", "token --context=b --json", "meshauth check --context b"],
    [
      "meshauth status",
      "whoami --config ./f --server http://a:1 --context b",
      "meshauth status --context b --config ./f --server http://a:1",
    ],
    ["meshauth login x -c b --force", "login x -c b --config f", "meshauth login x -c b --force --config f"],
    ["meshauth login x --context=b --force", "login x -c b", "meshauth login x --context=b --force"],
    ["meshauth login x --force -- -f", "login x -c b -- -f", "meshauth login x --force --context b -- -f"],
    ["MESHAUTH_SAFE_MODE=1 meshauth login", "login -c b", "MESHAUTH_SAFE_MODE=1 meshauth login --context b"],
    ["meshauth login x --help", "login x -c b", "meshauth login x --help"],
    ["meshauth context list", "token -c b", "meshauth context list"],
    ["meshauth plugins update", "token -c b", "meshauth plugins update"],
    ["Leave --context out.", "token -c b", "Leave --context out."],
    ["meshauth login", "token", "meshauth login"],
    ["meshauth login", "api /x -- -c b", "meshauth login"],
  ])("%j after %j", (step, line, expected) => {
    expect(forSameTarget(step, words(line))).toBe(expected);
  });

  test("a name with spaces is one word", () => {
    expect(forSameTarget("meshauth login", ["token", "-c", "a b"])).toBe("meshauth login --context 'a b'");
  });

  test("in every failure, once", () => {
    const error = new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED");
    for (let times = 0; times < 2; times += 1) {
      expect(classify(error, ["token", "-c", "b"]).next).toEqual(["meshauth login --context b"]);
    }
    expect(classify(error, ["token", "-c", "b"])).toBe(error);
  });
});

test.each([
  ["status --json", true],
  ["status --json --help", false],
  ["api /x -- --json", false],
])("whether %j asks for a document", (line, expected) => {
  expect(wantsJson(words(line))).toBe(expected);
});

test.each([
  ["credential --json", "MESHAUTH_E_USAGE"],
  ["credential --json --help", undefined],
  ["credential", undefined],
  ["credential get --json", undefined],
])("whether %j names a command", (line, code) => {
  const config = {
    commands: [],
    findCommand: (id: string) => (id === "credential:get" ? { args: {} } : undefined),
    findTopic: (id: string) => (id === "credential" ? { name: id } : undefined),
  } as unknown as Config;
  const error = unknownCommand(config, words(line));
  expect(error?.code).toBe(code);
  if (error)
    expect([error.message, error.next]).toEqual([
      '"credential" names no command.',
      ["meshauth credential --help"],
    ]);
});
