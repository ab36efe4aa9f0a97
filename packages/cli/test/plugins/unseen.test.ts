import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forgetLocked, lockedPackages, placedPackages } from "../../src/plugins/lock-file.js";
import { findUnseen } from "../../src/plugins/unseen.js";
import { temporaryFolder } from "../support/folder.js";
import { write } from "../support/provider-package.js";

type Entries = Record<string, { version: string; integrity?: string; dependencies?: object }>;

const entry = (version: string, integrity = `sha512-${version}`) => ({ version, integrity });

const ACME: Entries = {
  "node_modules/acme": { ...entry("1.0.0"), dependencies: { within: "1", peer: "1" } },
  "node_modules/acme/node_modules/within": entry("1.1.0"),
  "node_modules/peer": entry("2.0.0"),
};
const OTHER: Entries = { "node_modules/other": entry("7.0.0") };

/** A folder with packages, and npm's notes about them. */
async function folderWith(entries: Entries): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, pjson] of Object.entries(entries)) {
    await write(join(folder, path, "package.json"), { name: path.replace(/.*node_modules\//, ""), ...pjson });
  }
  await write(join(folder, "node_modules/.package-lock.json"), { packages: entries });
  await write(join(folder, "package-lock.json"), { lockfileVersion: 3, packages: { "": {}, ...entries } });
  return folder;
}

const unseen = async (after: Entries, before: Entries = OTHER) =>
  await findUnseen("acme", await folderWith(after), {
    looked: await lockedPackages(await folderWith(ACME)),
    before: await placedPackages(await folderWith(before)),
  });

describe("what npm installed is what was looked at", () => {
  it.each<[string, Entries]>([
    ["the same packages", { ...OTHER, ...ACME }],
    [
      "another plugin's package, which is none of its business",
      { ...ACME, "node_modules/new": entry("9.9.9") },
    ],
    [
      "the same packages elsewhere",
      {
        "node_modules/acme": ACME["node_modules/acme"] ?? entry("1.0.0"),
        "node_modules/acme/node_modules/peer": entry("2.0.0"),
        "node_modules/within": entry("1.1.0"),
      },
    ],
  ])("%s", async (_, after) => {
    expect(await unseen(after)).toBeUndefined();
  });

  const WITHIN = "node_modules/acme/node_modules/within";
  it.each<[string, Entries, string]>([
    ["another version", { ...ACME, [WITHIN]: entry("1.2.0", "sha512-1.1.0") }, WITHIN],
    ["other files", { ...ACME, [WITHIN]: entry("1.1.0", "sha512-x") }, WITHIN],
    ["files that nobody vouches for", { ...ACME, [WITHIN]: { version: "1.1.0" } }, WITHIN],
    [
      "other files of its own",
      { ...ACME, "node_modules/acme": entry("1.0.0", "sha512-x") },
      "node_modules/acme",
    ],
    ["another peer", { ...ACME, "node_modules/peer": entry("2.1.0") }, "node_modules/peer"],
    ["one more", { ...ACME, [`${WITHIN}/node_modules/more`]: entry("1.0.0") }, `${WITHIN}/node_modules/more`],
  ])("%s is noticed", async (_, after, path) => {
    expect(await unseen(after)).toBe(path);
  });

  it("a package beside it that another plugin had brought may stay; one of its own may not", async () => {
    const peer = { "node_modules/peer": entry("2.1.0") };
    expect(await unseen({ ...ACME, ...peer }, { ...OTHER, ...peer })).toBeUndefined();
    const within = { [WITHIN]: entry("1.0.0") };
    expect(await unseen({ ...ACME, ...within }, within)).toBe(WITHIN);
  });

  it("packages that npm has noted nothing of are not taken on trust", async () => {
    const looked = await lockedPackages(await folderWith(ACME));
    const folder = await folderWith(ACME);
    await rm(join(folder, "node_modules/.package-lock.json"));
    expect(await findUnseen("acme", folder, { looked, before: [] })).toBe("node_modules/acme");
  });
});

describe("package-lock.json", () => {
  it("forgets a plugin with all that is in its folder, and nothing else", async () => {
    const folder = await folderWith({ ...ACME, ...OTHER, "node_modules/acme-two": entry("1.0.0") });
    await forgetLocked(folder, "acme");
    const left = (await lockedPackages(folder)).map(({ path }) => path);
    expect(left).toEqual(["node_modules/peer", "node_modules/other", "node_modules/acme-two"]);
  });

  it.each(["gone", "{", "[]", '{"packages":[]}'])("%s: npm makes it anew", async (text) => {
    const folder = await temporaryFolder();
    if (text !== "gone") await write(join(folder, "package-lock.json"), text);
    await expect(forgetLocked(folder, "acme")).resolves.toBeUndefined();
  });

  it("that tells of more packages than any plugin needs is refused", async () => {
    const folder = await folderWith(ACME);
    await write(join(folder, "package-lock.json"), `{"packages":{}}${" ".repeat(1024 * 1024)}`);
    await expect(lockedPackages(folder)).rejects.toThrow("It needs more packages than any plugin.");
  });
});
