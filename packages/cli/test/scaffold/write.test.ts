import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { writeTree } from "../../src/scaffold/write.js";

const FILES = new Map([
  ["a.txt", "a"],
  ["deep/er/b.txt", "b"],
  ["deep/c.txt", "c"],
]);
const never = {
  signal: new AbortController().signal,
  elsewhere: "meshauth provider new acme --directory DIR",
};
const tree = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "meshauth-write-"));
  onTestFinished(() => rm(base, { recursive: true }));
});

describe("files in a new folder", () => {
  it("are written, with the folders on the way", async () => {
    const folder = join(base, "x/y/z");
    await writeTree(folder, FILES, never);
    expect(await tree(folder)).toEqual(["a.txt", "deep", "deep/c.txt", "deep/er", "deep/er/b.txt"]);
    expect(await readFile(join(folder, "deep/er/b.txt"), "utf8")).toBe("b");
  });

  it("are written into an empty folder, and through a link to one", async () => {
    await mkdir(join(base, "empty"));
    await symlink(join(base, "empty"), join(base, "link"));
    await writeTree(join(base, "link"), FILES, never);
    expect(await tree(join(base, "empty"))).toContain("a.txt");
  });

  it.each([
    [
      "a folder with a file",
      async (path: string) => mkdir(path).then(() => writeFile(join(path, ".keep"), "")),
    ],
    ["a file", async (path: string) => writeFile(path, "mine")],
    ["a link that leads nowhere", async (path: string) => symlink(join(base, "nowhere/else"), path)],
  ])("are not written where there is %s", async (_, prepare) => {
    const path = join(base, "taken");
    await prepare(path);
    const before = await tree(base);
    const error = await writeTree(path, FILES, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: expect.stringMatching(/^MESHAUTH_E_(USAGE|STORE)$/) });
    expect((error as Error).message).toContain(path);
    expect(await tree(base)).toEqual(before);
  });

  it("are not written below a file", async () => {
    await writeFile(join(base, "file"), "mine");
    const error = await writeTree(join(base, "file/x"), FILES, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "MESHAUTH_E_USAGE" });
    expect(await tree(base)).toEqual(["file"]);
  });
});

describe("when it cannot be finished", () => {
  it("what was made is taken away again, and what others put there stays", async () => {
    const impossible = new Map([...FILES, [`${"n".repeat(300)}.txt`, "too long a name"]]);
    await mkdir(join(base, "mine"));
    const error = await writeTree(join(base, "mine/x/y"), impossible, never).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "MESHAUTH_E_STORE" });
    expect(await tree(base)).toEqual(["mine"]);
  });

  it("the same when the person leaves", async () => {
    const leaving = new AbortController();
    const reason = new Error("left");
    leaving.abort(reason);
    await expect(writeTree(join(base, "x"), FILES, { ...never, signal: leaving.signal })).rejects.toBe(
      reason,
    );
    expect(await tree(base)).toEqual([]);
  });
});
