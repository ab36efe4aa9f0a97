import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, rename, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createPending,
  pendingFolder,
  readPending,
  removePending,
  sweepPending,
} from "../../src/two-step/pending.js";
import { pendingLogin, temporaryFolder } from "./support.js";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER = "f".repeat(32);
const END = new Date("2030-01-01T00:00:00.000Z");

function damaged(other: object): string {
  return JSON.stringify({ version: 1, ...pendingLogin(END), ...other });
}

test("a record comes back as it was, and is for its user alone", async () => {
  const dataDir = await temporaryFolder();
  const folder = await createPending({ dataDir }, ID, pendingLogin(END));
  expect(folder).toBe(pendingFolder({ dataDir }, ID));
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, "login.json"))).mode & 0o777).toBe(0o600);
  expect(await readPending({ dataDir }, ID)).toEqual(pendingLogin(END));
  expect(await readPending({ dataDir }, OTHER)).toBeUndefined();
  await expect(createPending({ dataDir }, ID, pendingLogin(END))).rejects.toThrow();
  await removePending({ dataDir }, ID);
  expect(await readdir(dataDir)).toEqual([]);
  await removePending({ dataDir }, ID);
});

test("a folder that others can write to, a link, and a broken record are not believed", async () => {
  const dataDir = await temporaryFolder();
  const folder = await createPending({ dataDir }, ID, pendingLogin(END));
  await chmod(folder, 0o770);
  expect(await readPending({ dataDir }, ID)).toBeUndefined();
  await chmod(folder, 0o700);
  await symlink(folder, pendingFolder({ dataDir }, OTHER));
  expect(await readPending({ dataDir }, OTHER)).toBeUndefined();
  await rename(join(folder, "login.json"), join(folder, "other.json"));
  await symlink("other.json", join(folder, "login.json"));
  expect(await readPending({ dataDir }, ID)).toBeUndefined();
  await rename(join(folder, "other.json"), join(folder, "login.json"));
  expect(await readPending({ dataDir }, ID)).toBeDefined();
  for (const text of [
    "",
    "null",
    "[]",
    '{"version":1}',
    '{"version":2}',
    damaged({ expiresAt: "soon" }),
    damaged({ input: {} }),
  ]) {
    await writeFile(join(folder, "login.json"), text);
    expect(await readPending({ dataDir }, ID)).toBeUndefined();
  }
});

test("only what is past its end is swept, and nothing that is not ours", async () => {
  const dataDir = await temporaryFolder();
  const at = (milliseconds: number) => () => new Date(END.getTime() + milliseconds);
  await sweepPending({ dataDir, now: at(0) });
  expect(await readdir(dataDir)).toEqual([]);
  await createPending({ dataDir }, ID, pendingLogin(END));
  await mkdir(join(dataDir, "pending", "other"));
  await sweepPending({ dataDir, now: at(59_000) });
  expect(await readPending({ dataDir }, ID)).toBeDefined();
  await sweepPending({ dataDir, now: at(61_000) });
  expect(await readdir(join(dataDir, "pending"))).toEqual(["other"]);
});

test("a folder without a record goes when no login can be that old", async () => {
  const dataDir = await temporaryFolder();
  const folder = pendingFolder({ dataDir }, ID);
  await mkdir(folder, { recursive: true });
  const age = (hours: number) => new Date(END.getTime() - hours * 3_600_000);
  await utimes(folder, age(24), age(24));
  await sweepPending({ dataDir, now: () => END });
  expect(await readdir(join(dataDir, "pending"))).toEqual([ID]);
  await utimes(folder, age(26), age(26));
  await sweepPending({ dataDir, now: () => END });
  expect(await readdir(dataDir)).toEqual([]);
});

test.runIf(process.platform !== "win32")("a FIFO in the place of a record holds nobody up", async () => {
  const dataDir = await temporaryFolder();
  const folder = await createPending({ dataDir }, ID, pendingLogin(END));
  await rename(join(folder, "login.json"), join(folder, "other.json"));
  execFileSync("mkfifo", [join(folder, "login.json")]);
  expect(await readPending({ dataDir }, ID)).toBeUndefined();
  await sweepPending({ dataDir, now: () => new Date() });
  expect(await readdir(join(dataDir, "pending"))).toEqual([ID]);
});

test("a data folder that cannot be one is an error of storage, with a way out", async () => {
  const dataDir = join(await temporaryFolder(), "file");
  await writeFile(dataDir, "");
  await expect(createPending({ dataDir }, ID, pendingLogin(END))).rejects.toMatchObject({
    code: "MESHAUTH_E_STORE",
    exitCode: 8,
    why: expect.stringContaining("ENOTDIR"),
    next: [expect.stringContaining("XDG_DATA_HOME")],
  });
});
