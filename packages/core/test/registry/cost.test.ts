import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildRegistry, type Candidate } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

const CALLS = ["openSync", "fstatSync", "readSync", "closeSync", "statSync", "lstatSync"] as const;

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

async function packages(count: number): Promise<Candidate[]> {
  const root = await folder();
  const names = Array.from({ length: count }, (_, index) => `acme-${index}`);
  return await Promise.all(
    names.map((id) => writePackage(root, `${id}-provider`, pjson(`${id}-provider`, [entry(id)]))),
  );
}

/** How often the reading of so many packages asks the file system, and how many names it prepares. */
async function costOf(count: number): Promise<Record<string, number>> {
  const candidates = await packages(count);
  const names = vi.spyOn(String.prototype, "normalize");
  const real = vi.spyOn(fs.realpathSync, "native");
  const calls = CALLS.map((name) => [name, vi.spyOn(fs, name)] as const);
  syncBuiltinESMExports();
  const { providers } = await buildRegistry(candidates, { reservedPackages: ["@meshauth/cli"] });
  expect(providers).toHaveLength(count);
  const cost = {
    ...Object.fromEntries(calls.map(([name, spy]) => [name, spy.mock.calls.length])),
    realpath: real.mock.calls.length,
    names: names.mock.calls.length,
  };
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  return cost;
}

describe("what a package more costs", () => {
  it("is the same however many there are", async () => {
    const [few, more, many] = [await costOf(2), await costOf(4), await costOf(40)];
    for (const [what, calls] of Object.entries(more)) {
      const each = (calls - (few[what] ?? 0)) / 2;
      expect({ what, calls: many[what] }).toEqual({ what, calls: calls + 36 * each });
    }
  });

  it("is one small file, opened once, and a look at the folder and at the module", async () => {
    const [few, more] = [await costOf(1), await costOf(2)];
    const each = Object.fromEntries(
      Object.entries(more).map(([what, calls]) => [what, calls - (few[what] ?? 0)]),
    );
    expect(each).toMatchObject({
      openSync: 1,
      fstatSync: 1,
      readSync: 2,
      closeSync: 1,
      lstatSync: 2,
      statSync: 0,
      realpath: 0,
    });
  });
});

describe("a package.json", () => {
  const NAME = "acme-provider";
  /** One of so many bytes. */
  const ofSize = async (size: number): Promise<Candidate> => {
    const text = (padding: string) => JSON.stringify(pjson(NAME, [entry("acme")], { padding }));
    return await writePackage(await folder(), NAME, text("x".repeat(size - text("").length)));
  };
  const KIB = 1024;

  it.each([16 * KIB - 1, 16 * KIB, 16 * KIB + 1, 100 * KIB, KIB * KIB])(
    "of %i bytes is read whole",
    async (size) => {
      const candidate = await ofSize(size);
      expect(fs.statSync(join(candidate.root, "package.json")).size).toBe(size);
      expect(await buildRegistry([candidate])).toMatchObject({
        providers: [{ package: NAME }],
        problems: [],
      });
    },
  );

  it("that is larger than it seemed is read to its end, and no further than the limit", async () => {
    const [large, tooLarge] = [await ofSize(40 * KIB), await ofSize(KIB * KIB + 1)];
    const { fstatSync } = fs;
    vi.spyOn(fs, "fstatSync").mockImplementation(((file: number) =>
      Object.assign(fstatSync(file), { size: 0 })) as typeof fs.fstatSync);
    syncBuiltinESMExports();
    expect((await buildRegistry([large])).providers).toHaveLength(1);
    expect((await buildRegistry([tooLarge])).problems[0]?.reason).toBe(
      "Its package.json is larger than 1 MiB.",
    );
  });

  it("leaves nothing behind for the next one", async () => {
    const root = await folder();
    const long = await writePackage(root, "a", pjson("a", [entry("first")], { padding: "x".repeat(5_000) }));
    const short = await writePackage(root, "b", pjson("b", [entry("second")]));
    const { providers, problems } = await buildRegistry([long, short]);
    expect(providers.map(({ entry: { id } }) => id)).toEqual(["first", "second"]);
    expect(problems).toEqual([]);
  });
});
