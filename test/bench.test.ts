import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A module of the script. It has no types, so they are said here. */
async function load<Module>(name: string): Promise<Module> {
  return (await import(new URL(`../scripts/bench/${name}`, import.meta.url).href)) as Module;
}

interface Judged {
  readonly name: string;
  readonly value: number;
  readonly target?: number;
}

type Packages = Readonly<
  Record<
    string,
    {
      readonly version?: string;
      readonly inBundle?: boolean;
      readonly dependencies?: Readonly<Record<string, string>>;
    }
  >
>;

const stats = await load<{
  percentile(numbers: readonly number[], part: number): number;
  median(numbers: readonly number[]): number;
  summary(numbers: readonly number[]): object;
  ratio(numbers: readonly number[], floor: readonly number[]): number;
  shuffled<T>(list: readonly T[], random?: () => number): T[];
}>("stats.mjs");
const { verdict, farOff, TARGETS } = await load<{
  verdict(value: number, target?: number): string[];
  farOff(judged: readonly Judged[]): Judged[];
  TARGETS: Readonly<Record<string, number>>;
}>("verdict.mjs");
const { table } = await load<{ table(rows: readonly (readonly string[])[], left?: number): string }>(
  "table.mjs",
);
const { judged, report } = await load<{ judged(result: object): Judged[]; report(result: object): string }>(
  "report.mjs",
);
const { measure } = await load<{
  measure(
    groups: Readonly<Record<string, Readonly<Record<string, () => number | Promise<number>>>>>,
    options: { readonly rounds: number; readonly end?: number },
  ): Promise<Record<string, Record<string, number[]>>>;
}>("rounds.mjs");
const { onlyBy, purposes, twice } = await load<{
  onlyBy(packages: Packages, parent: string, dependency: string): string[];
  purposes(readme: string): Record<string, string>;
  twice(packages: Packages): object[];
}>("dependencies.mjs");

describe("numbers", () => {
  test.each([
    [[3], 0.5, 3],
    [[9, 1, 5], 0.5, 5],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 0, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.1, 10],
    [[1, 2], 0.9, 1.9],
    [[10, 9, 100], 1, 100],
  ])("of %j the part %d lies below %d", (numbers, part, expected) => {
    expect(stats.percentile(numbers, part)).toBeCloseTo(expected);
  });

  test("of nothing there is no median", () => {
    expect(() => stats.median([])).toThrow(TypeError);
  });

  test("a summary has two decimals", () => {
    expect(stats.summary([1.234, 1.234])).toEqual({ median: 1.23, p10: 1.23, p90: 1.23, runs: 2 });
  });

  test("a ratio is one of what ran in the same round, whatever the other rounds were like", () => {
    expect(stats.ratio([2, 20, 600], [1, 10, 300])).toBe(2);
    expect(stats.ratio([1, 1, 1], [3, 3, 3])).toBe(0.33);
  });

  test("another order has the same things, and leaves the list alone", () => {
    const list = [1, 2, 3, 4];
    expect(stats.shuffled(list, () => 0)).toEqual([2, 3, 4, 1]);
    expect(stats.shuffled(list, () => 0.999)).toEqual(list);
    expect(list).toEqual([1, 2, 3, 4]);
  });
});

describe("rounds", () => {
  test("measure all of a group one after the other; the first round does not count", async () => {
    const order: string[] = [];
    const log = (name: string) => () => order.push(name);
    const groups = { token: { floor: log("a"), own: log("b") }, status: { floor: log("c"), own: log("d") } };
    const taken = await measure(groups, { rounds: 4 });
    expect(order.join("").match(/ab|cd/g)).toHaveLength(10);
    for (const { floor, own } of Object.values(taken))
      expect([floor, own]).toEqual([expect.any(Array), floor?.map((number) => number + 1)]);
    expect(taken["token"]?.["own"]).toHaveLength(4);
  });

  test("end with the time, after three at least", async () => {
    let runs = 0;
    const groups = { token: { own: () => ++runs } };
    const taken = await measure(groups, { rounds: 50, end: Date.now() - 1 });
    expect([taken, runs]).toEqual([{ token: { own: [2, 3, 4] } }, 4]);
  });
});

test("a target is reached by a value that is printed like it, and far off beyond its double", () => {
  expect([verdict(1.12, 1.12), verdict(1.13, 1.12), verdict(7)]).toEqual([
    ["1.12", "yes"],
    ["1.12", "no"],
    ["", ""],
  ]);
  const values = [
    { name: "twice", value: 2.24, target: 1.12 },
    { name: "more", value: 2.25, target: 1.12 },
    { name: "no target", value: 99 },
    { name: "check, offline", value: 8, target: 2.4 },
  ];
  expect(farOff(values).map(({ name }) => name)).toEqual(["more"]);
  expect(farOff([{ name: "check, offline", value: 8.01, target: 2.4 }])).toHaveLength(1);
});

test("a table has columns of one width, words at the left and numbers at the right", () => {
  const rows = [
    ["command", "ms"],
    ["token", "1000.0"],
  ];
  expect(table(rows)).toBe("| command |     ms |\n| ------- | -----: |\n| token   | 1000.0 |\n");
  expect(table(rows, 2).split("\n")[0]).toBe("| command | ms     |");
});

describe("a report", () => {
  const spread = { p10: 20, p90: 40, runs: 5 };
  const result = {
    node: "v20.20.2",
    system: "linux x64",
    floor: { ...spread, median: 25 },
    commands: [{ ...spread, name: "token", median: 30, floor: 25, ratio: 1.2, target: TARGETS["hot"] }],
    providers: [{ name: "token", none: 30, ratios: { 3: 1.01, 100: 1.1 } }],
    peers: [{ ...spread, name: "gh auth token", median: 35, ratio: 1.4 }],
    resources: {
      bare: { memory: 38, files: 16 },
      commands: [
        { name: "token", memory: 5.5, files: 7 },
        { name: "status", memory: 30, files: undefined },
      ],
    },
    crowd: { processes: 100, one: 100, all: 250, fresh: 200, bare: 150, ratio: 2.5 },
  };

  test("judges whatever has a target", () => {
    expect(judged(result)).toEqual([
      { name: "token", value: 1.2, target: TARGETS["hot"] },
      { name: "token, 100 providers to none", value: 1.1, target: TARGETS["providers"] },
      { name: "token, MiB", value: 5.5, target: TARGETS["memory"] },
      { name: "token, 100 at once", value: 2.5, target: TARGETS["crowd"] },
    ]);
  });

  test("says beside each number whether its target is reached", () => {
    const rows = report(result)
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| -"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const row = (name: string) =>
      rows.filter(([, first]) => first === name).map((cells) => cells.slice(2, -1));
    expect(row("token")).toEqual([
      ["30.0", "20.0 to 40.0", "25.0", "1.20", "1.12", "no"],
      ["30.0", "1.01", "1.10", "1.15", "yes"],
      ["5.5", "7", "5.00", "no"],
    ]);
    expect(row("status")).toEqual([["30", "-", "", ""]]);
    expect(row("gh auth token")).toEqual([["35.0", "20.0 to 40.0", "1.40"]]);
    expect(row("100 token")).toEqual([["250", "2.50", "3.00", "yes"]]);
  });

  test("leaves out what was not measured", () => {
    const { crowd: _, ...rest } = result;
    const few = { ...rest, peers: [], providers: [] };
    expect(report(few)).not.toMatch(/at once|Others|no other providers/);
    expect(judged(few).map(({ name }) => name)).toEqual(["token", "token, MiB"]);
  });
});

describe("an installation", () => {
  const packages: Packages = {
    "node_modules/cli": { version: "1.0.0", dependencies: { a: "1", b: "1" } },
    "node_modules/a": { version: "1.0.0", dependencies: { shared: "1", own: "1" } },
    "node_modules/a/node_modules/own": { version: "2.0.0", dependencies: { deep: "1", a: "1" } },
    "node_modules/own": { version: "1.0.0" },
    "node_modules/deep": { version: "1.0.0" },
    "node_modules/b": { version: "1.0.0", dependencies: { shared: "1", own: "1" } },
    "node_modules/shared": { version: "1.0.0" },
    "node_modules/b/node_modules/shared": { version: "1.0.0", inBundle: true },
  };

  test("has what one dependency alone brings, found as Node finds it", () => {
    expect(onlyBy(packages, "cli", "a").sort()).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/own",
      "node_modules/deep",
      "node_modules/shared",
    ]);
    expect(onlyBy(packages, "cli", "b").sort()).toEqual([
      "node_modules/b",
      "node_modules/b/node_modules/shared",
      "node_modules/own",
    ]);
  });

  test("has some things twice; what a package brings along is its own business", () => {
    expect(twice(packages)).toEqual([{ name: "own", versions: ["1.0.0", "2.0.0"] }]);
  });

  test("has a purpose for each dependency that the README names", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    expect(purposes(readme)).toMatchObject({
      "@oclif/core": expect.stringContaining("commands, flags, help"),
      "ci-info": expect.stringContaining("where it runs"),
      "is-wsl": expect.stringContaining("where it runs"),
    });
  });
});

test.each([["--rounds", "0"], ["--nodes", "x"], ["--what"]])("the script refuses %s %s", (...args) => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, usage: stderr.includes("Usage: npm run bench") }, stderr).toEqual({
    status: 2,
    usage: true,
  });
});
