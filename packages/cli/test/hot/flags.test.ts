import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { HOT } from "../../src/hot/commands.js";
import { flag, readFlags, text, value } from "../../src/hot/flags.js";

interface OclifFlag {
  readonly type: "boolean" | "option";
  readonly char?: string;
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly default?: unknown;
}

interface OclifCommand {
  readonly flags: Readonly<Record<string, OclifFlag>>;
  readonly args: Readonly<Record<string, unknown>>;
}

const manifest: { readonly commands: Readonly<Record<string, OclifCommand>> } = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../oclif.manifest.json", import.meta.url)), "utf8"),
);

const COMMANDS = HOT.map((command) => ({ id: command.words.join(":"), command }));

describe.each(COMMANDS)("the hot form of $id", ({ id, command }) => {
  const oclif = manifest.commands[id];

  test("is a command that takes no arguments", () => {
    expect(oclif?.args).toEqual({});
  });

  test.each(Object.entries(command.flags))("has --%s in the shape that oclif's parser knows", (name, hot) => {
    const known = oclif?.flags[name];
    expect(known?.type).toBe(hot.kind === "switch" ? "boolean" : "option");
    expect(known?.char).toBe(hot.kind === "option" ? hot.char : undefined);
    // Several values, or a switch that can be turned off, would mean something else when typed twice.
    expect([known?.multiple ?? false, known?.allowNo ?? false]).toEqual([false, false]);
  });

  test("takes the values that oclif's parser takes, where there is a list of them", () => {
    for (const [name, hot] of Object.entries(command.flags)) {
      const { options } = oclif?.flags[name] ?? {};
      if (hot.kind === "switch" || options === undefined) continue;
      expect(options.map(hot.read)).toEqual(options);
      expect(hot.read("no-such-value")).toBeUndefined();
    }
  });
});

const FLAGS = {
  json: flag,
  name: text("n"),
  size: value((typed) => (/^\d+$/.test(typed) ? Number(typed) : undefined)),
};

describe("readFlags", () => {
  test.each<[readonly string[], object]>([
    [[], {}],
    [["--json"], { json: true }],
    [["--name", "a b"], { name: "a b" }],
    [["--name=a=b"], { name: "a=b" }],
    [["-n", "a"], { name: "a" }],
    [["--size", "0", "--json", "-n", "x"], { size: 0, json: true, name: "x" }],
  ])("%j", (argv, typed) => {
    expect(readFlags(argv, FLAGS)).toEqual(typed);
  });

  test.each([
    [["--other"]],
    [["--json=1"]],
    [["--no-json"]],
    [["--json", "--json"]],
    [["--name", "a", "-n", "b"]],
    [["--name"]],
    [["--name="]],
    [["--name", ""]],
    [["--name", "-"]],
    [["--name", "--json"]],
    [["--name=-x"]],
    [["-na"]],
    [["-n=a"]],
    [["-j"]],
    [["-"]],
    [["--"]],
    [["--", "--json"]],
    [["word"]],
    [["--json", "word"]],
    [["--size", "many"]],
    [["--toString"]],
    [["--__proto__", "x"]],
    [["--JSON"]],
    [["--jso"]],
    [["-h"]],
    [["--help"]],
  ])("%j is left to oclif's parser", (argv) => {
    expect(readFlags(argv, FLAGS)).toBeUndefined();
  });
});
