import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAllowList } from "../../src/plugins/allow-list.js";
import { putRecord } from "../../src/trust/records.js";
import {
  readTrust,
  type TrustRecord,
  trustPath,
  updateTrust,
  writeTrust,
} from "../../src/trust/trust-file.js";
import { temporaryFolder } from "../support/folder.js";

const uid = process.getuid?.() ?? 0;
const RECORD: TrustRecord = {
  version: "1.2.3",
  digest: `sha512-${"A".repeat(86)}==`,
  integrity: null,
  source: "acme-provider@latest",
  publisher: "alice",
  installedAt: "2026-01-02T03:04:05.000Z",
  consentedAt: null,
};

describe("trust.json", () => {
  it("is for its owner alone, and comes back as it was written", async () => {
    const dataDir = await temporaryFolder();
    expect(await readTrust(dataDir, uid)).toEqual({ records: new Map() });
    const records = new Map([["acme-provider", RECORD]]);
    await writeTrust(dataDir, records);
    await writeTrust(dataDir, records);
    expect(await readTrust(dataDir, uid)).toEqual({ records });
    expect((await stat(trustPath(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(["trust.json"]);
  });

  it.each([
    ["cut off", '{"version":1,"packages":{', "It is not JSON."],
    ["empty", "", "It is not JSON."],
    ["a list", "[]", "It holds no records."],
    ["null", "null", "It holds no records."],
    ["of records that are a list", '{"version":1,"packages":[]}', "It holds no records."],
    ["of another version", '{"version":2,"packages":{}}', "Another version of meshauth wrote it."],
    ["of 5 MB", `{"version":1,"packages":{}}${" ".repeat(5 * 1024 * 1024)}`, "It is too large."],
  ])("%s: nothing has been allowed", async (_, text, problem) => {
    const dataDir = await temporaryFolder();
    await writeFile(trustPath(dataDir), text, { mode: 0o600 });
    expect(await readTrust(dataDir, uid)).toMatchObject({ records: new Map(), problem });
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ["cut off", (path) => writeFile(path, '{"version":1,', { mode: 0o600 }), '{"version":1,'],
    ["of no version that ever was", (path) => writeFile(path, '{"version":"9"}'), '{"version":"9"}'],
    [
      "that others can write to",
      async (path) => {
        await writeFile(path, '{"version":1,"packages":{}}');
        await chmod(path, 0o660);
      },
      '{"version":1,"packages":{}}',
    ],
    [
      "behind a link",
      async (path) => {
        await writeFile(`${path}.elsewhere`, "elsewhere");
        await chmod(`${path}.elsewhere`, 0o644);
        await symlink("trust.json.elsewhere", path);
      },
      "elsewhere",
    ],
  ])("one %s is kept aside when it is replaced, and an earlier one is not", async (_, make, text) => {
    const dataDir = await temporaryFolder();
    await mkdir(`${trustPath(dataDir)}.damaged`);
    await make(trustPath(dataDir));
    await updateTrust(dataDir, uid, (records) => records.set("acme", RECORD));
    const aside = `${trustPath(dataDir)}.damaged`;
    expect(await readFile(aside, "utf8")).toBe(text);
    expect((await stat(aside)).mode & 0o777).toBe(text === "elsewhere" ? 0o644 : 0o600);
    expect(await readTrust(dataDir, uid)).toEqual({ records: new Map([["acme", RECORD]]) });
    await updateTrust(dataDir, uid, (records) => records.set("other", RECORD));
    expect((await readTrust(dataDir, uid)).records.size).toBe(2);
    expect(await readFile(aside, "utf8")).toBe(text);
  });

  it("one of a newer version is not written over", async () => {
    const dataDir = await temporaryFolder();
    const text = '{"version":2,"packages":{"acme":"allowed"}}';
    await writeFile(trustPath(dataDir), text, { mode: 0o600 });
    const next = ["npm install --global @meshauth/cli@latest"];
    await expect(putRecord({ dataDir, uid }, "acme", RECORD)).rejects.toMatchObject({
      code: "MESHAUTH_E_STORE",
      next,
    });
    // There is nothing of it that could be taken away.
    await putRecord({ dataDir, uid }, "acme", undefined);
    expect(await readFile(trustPath(dataDir), "utf8")).toBe(text);
    expect(await readdir(dataDir)).toEqual(["trust.json"]);
  });

  it.each<[string, object]>([
    ["no object", { acme: 7 }],
    ["no digest", { acme: { version: "1.0.0" } }],
    ["a digest of another kind", { acme: { ...RECORD, digest: "sha1-abc" } }],
    ["a digest that is a number", { acme: { ...RECORD, digest: 7 } }],
  ])("a record with %s is none, and the others count", async (_, packages) => {
    const dataDir = await temporaryFolder();
    const content = { version: 1, packages: { ...packages, other: RECORD } };
    await writeFile(trustPath(dataDir), JSON.stringify(content), { mode: 0o600 });
    expect(await readTrust(dataDir, uid)).toEqual({ records: new Map([["other", RECORD]]) });
  });

  it("members that make no sense are not known, and none comes from a prototype", async () => {
    const dataDir = await temporaryFolder();
    const odd = { ...RECORD, consentedAt: "yesterday", publisher: 7, source: "x".repeat(2_000) };
    const text = JSON.stringify({ version: 1, packages: { acme: odd } });
    await writeFile(trustPath(dataDir), text.replace('"acme":', '"__proto__":{"version":"1"},"acme":'));
    await chmod(trustPath(dataDir), 0o600);
    const { records } = await readTrust(dataDir, uid);
    expect(records.get("acme")).toEqual({ ...RECORD, publisher: null, source: null });
    expect([...records.keys()]).toEqual(["acme"]);
  });

  it("of another user, or open to others, is not believed", async () => {
    const dataDir = await temporaryFolder();
    await writeTrust(dataDir, new Map([["acme", RECORD]]));
    expect(await readTrust(dataDir, uid + 1)).toMatchObject({ problem: "It belongs to another user." });
    await chmod(trustPath(dataDir), 0o620);
    expect(await readTrust(dataDir, uid)).toMatchObject({ problem: "Other users can write to it." });
    expect((await readTrust(dataDir, uid)).records.size).toBe(0);
  });

  it("a link, a folder or a FIFO is not believed, and is not waited for", async () => {
    const dataDir = await temporaryFolder();
    await writeTrust(dataDir, new Map([["acme", RECORD]]));
    await rename(trustPath(dataDir), join(dataDir, "elsewhere"));
    await symlink("elsewhere", trustPath(dataDir));
    expect(await readTrust(dataDir, uid)).toMatchObject({ problem: "It is a link." });
    const [folder, fifo] = [join(dataDir, "a"), join(dataDir, "b")];
    await mkdir(trustPath(folder), { recursive: true, mode: 0o700 });
    expect(await readTrust(folder, uid)).toMatchObject({ problem: "It is not a regular file." });
    await mkdir(fifo);
    execFileSync("mkfifo", ["-m", "600", trustPath(fifo)]);
    expect(await readTrust(fifo, uid)).toMatchObject({ problem: "It is not a regular file." });
  });
});

describe("allowed-plugins.json", () => {
  const integrity = `sha512-${"A".repeat(86)}==`;

  it("names tarballs; entries that make no sense allow nothing", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "allowed-plugins.json");
    expect(await readAllowList(folder, uid)).toEqual({ path, allowed: [] });
    const good = { name: "acme", integrity };
    const entries = [
      good,
      7,
      null,
      {},
      { name: "acme" },
      { name: "b", integrity: "sha1-abc" },
      { name: "c", integrity: "*" },
    ];
    await writeFile(path, JSON.stringify({ allowed: entries }), { mode: 0o600 });
    expect(await readAllowList(folder, uid)).toEqual({ path, allowed: [good] });
  });

  it.each([
    ["not JSON", "{", "It is not JSON."],
    ["no list", '{"allowed":{}}', 'It has no list "allowed".'],
    ["a list itself", "[]", 'It has no list "allowed".'],
  ])("%s allows nothing", async (_, text, problem) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "allowed-plugins.json"), text, { mode: 0o600 });
    expect(await readAllowList(folder, uid)).toMatchObject({ allowed: [], problem });
  });

  it("is the user's or the administrator's, and nobody else may write to it", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "allowed-plugins.json");
    await writeFile(path, JSON.stringify({ allowed: [{ name: "acme", integrity }] }), { mode: 0o666 });
    await chmod(path, 0o666);
    expect(await readAllowList(folder, uid)).toMatchObject({ problem: "Other users can write to it." });
    await chmod(path, 0o644);
    if (uid === 0) {
      expect((await readAllowList(folder, 12_345)).allowed).toHaveLength(1);
      await chown(path, 54_321, 54_321);
    }
    expect(await readAllowList(folder, 12_345)).toMatchObject({ problem: "It belongs to another user." });
    expect(await readFile(path, "utf8")).toContain("acme");
  });
});
