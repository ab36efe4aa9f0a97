import { execFileSync } from "node:child_process";
import { lstat, mkdir, open, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ENVELOPE, type Folder, importFile, makeFolder, map, provider } from "./support/importing.js";

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => folder.remove());

const GOOD = map("Layer5", ENVELOPE);
const taken = { credential: { token: ENVELOPE } };

describe("how the file is named", () => {
  it.each([
    ["as it is", (path: string) => path],
    ["between double quotes", (path: string) => `"${path}"`],
    ["between single quotes, with space around", (path: string) => ` '${path}' `],
    ["with backslashes", (path: string) => path.replace(/[ ()&]/g, "\\$&")],
    ["as a file: address", (path: string) => pathToFileURL(path).href],
    [
      "as a file: address of localhost",
      (path: string) => pathToFileURL(path).href.replace("file://", "file://localhost"),
    ],
    ["as a quoted file: address", (path: string) => `'${pathToFileURL(path).href}'`],
  ])("%s", async (_, spell) => {
    const path = await folder.write("auth (1) & more.json", GOOD);
    await expect(importFile(spell(path))).resolves.toMatchObject(taken);
  });

  it("with ~ for the home directory, quoted or not", async () => {
    await folder.write("auth.json", GOOD);
    await expect(importFile("~/auth.json", { home: folder.path })).resolves.toMatchObject(taken);
    await expect(importFile('"~/auth.json"', { home: folder.path })).resolves.toMatchObject(taken);
  });

  it("~ without a home directory is refused", async () => {
    await expect(importFile("~/auth.json")).rejects.toMatchObject({ code: "input" });
  });

  it("a file that really has quotes or backslashes in its name comes first", async () => {
    const path = await folder.write("a\\ b'.json", GOOD);
    await folder.write("a b'.json", "{}");
    await expect(importFile(path)).resolves.toMatchObject(taken);
  });

  it.each(["file://host.example/auth.json", "file:///a%2Fb", "file:"])("%s is refused", async (address) => {
    await expect(importFile(address)).rejects.toMatchObject({ code: "input" });
  });

  it("through a link", async () => {
    const path = await folder.write("real.json", GOOD);
    await symlink(path, join(folder.path, "auth.json"));
    await expect(importFile(join(folder.path, "auth.json"))).resolves.toMatchObject(taken);
  });

  it("- is standard input", async () => {
    await expect(importFile("-", { stdin: GOOD })).resolves.toMatchObject(taken);
    await expect(importFile("-", { stdin: "" })).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("Standard input"),
    });
  });
});

describe("T10, T11: what is refused before it is read", () => {
  const refused = (reason: string) => ({ code: "input", message: expect.stringContaining(reason) });

  it("T10: a sparse file of 5 GB, without memory for it", async () => {
    const path = await folder.write("auth.json", "");
    const file = await open(path, "r+");
    await file.truncate(5 * 1024 ** 3);
    await file.close();
    const before = process.memoryUsage().rss;
    await expect(importFile(path)).rejects.toMatchObject(refused("larger than 1 MiB"));
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024);
  });

  it("T10: one byte over 1 MiB; 1 MiB itself is read", async () => {
    const spaces = " ".repeat(1024 * 1024 - GOOD.length);
    await expect(importFile(await folder.write("a.json", GOOD + spaces))).resolves.toMatchObject(taken);
    const over = await folder.write("b.json", `${GOOD}${spaces} `);
    await expect(importFile(over)).rejects.toMatchObject(refused("larger than 1 MiB"));
  });

  it("T10: too much on standard input", async () => {
    const stdin = " ".repeat(1024 * 1024 + 1);
    await expect(importFile("-", { stdin })).rejects.toMatchObject({ code: "input" });
  });

  it("T11: a FIFO that nobody writes to", { timeout: 2_000 }, async () => {
    const path = join(folder.path, "auth.json");
    execFileSync("mkfifo", [path]);
    await expect(importFile(path)).rejects.toMatchObject(refused("not a regular file"));
  });

  it("T11: a directory, a device without end, and a link to it", { timeout: 2_000 }, async () => {
    await symlink("/dev/zero", join(folder.path, "auth.json"));
    for (const path of [folder.path, "/dev/zero", join(folder.path, "auth.json")]) {
      await expect(importFile(path)).rejects.toMatchObject(refused("not a regular file"));
    }
  });

  it("T11: a socket", { timeout: 2_000 }, async () => {
    const path = join(folder.path, "auth.json");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(importFile(path)).rejects.toMatchObject(refused("not a regular file"));
    await new Promise((resolve) => server.close(resolve));
  });

  it("a link to itself, and a file that is not there", async () => {
    const loop = join(folder.path, "loop.json");
    await symlink(loop, loop);
    await expect(importFile(loop)).rejects.toMatchObject(refused("leads nowhere"));
    await expect(importFile(join(folder.path, "no.json"))).rejects.toMatchObject(refused("no such file"));
    await expect(importFile(`${folder.path}/\u0000`)).rejects.toMatchObject({ code: "input" });
  });
});

describe("without FILE", () => {
  it("and without a terminal the exact commands are named", async () => {
    await expect(importFile(undefined)).rejects.toMatchObject({
      code: "interaction",
      next: ["meshauth login file-import FILE", "meshauth login file-import - < FILE"],
    });
  });

  async function download(path: string, minutesAgo: number, content = GOOD): Promise<void> {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, content);
    const time = new Date(Date.now() - minutesAgo * 60_000);
    await utimes(path, time, time);
  }
  const onTerminal = {
    interactive: true,
    get home() {
      return folder.path;
    },
  } as const;

  it("the newest auth*.json of the downloads folder is offered with name, age and size", async () => {
    await download(join(folder.path, "Downloads", "auth.json"), 60, "{}");
    await download(join(folder.path, "Downloads", "auth (1).json"), 5);
    await download(join(folder.path, "Downloads", "author.txt"), 1, "{}");
    await download(join(folder.path, "Downloads", "auth (2).json"), 1, "");
    const { host, credential } = await importFile(undefined, { ...onTerminal, answers: { confirm: [true] } });
    expect(credential).toMatchObject({ token: ENVELOPE });
    expect(host.questions).toEqual([
      expect.stringMatching(/auth \(1\)\.json from the downloads folder \(5 minutes old, \d+ bytes\)/),
    ]);
  });

  it("the folder is the one of user-dirs.dirs", async () => {
    await download(join(folder.path, "Mes téléchargements", "auth.json"), 1);
    await mkdir(join(folder.path, ".config"));
    const setting = '# comment\nXDG_DOWNLOAD_DIR="$HOME/Mes téléchargements"\n';
    await writeFile(join(folder.path, ".config", "user-dirs.dirs"), setting);
    await expect(
      importFile(undefined, { ...onTerminal, answers: { confirm: [true] } }),
    ).resolves.toMatchObject(taken);
  });

  it("who does not want it, or has none, is asked for a path", async () => {
    const path = await folder.write("elsewhere.json", GOOD);
    const asked = { ...onTerminal, answers: { confirm: [false], ask: [`'${path}'`] } };
    await expect(importFile(undefined, asked)).resolves.toMatchObject(taken);
    await download(join(folder.path, "Downloads", "auth.json"), 1, "{}");
    const { host } = await importFile(undefined, asked);
    expect(host.questions).toHaveLength(2);
  });

  it("an empty answer is a typing error", async () => {
    await expect(importFile(undefined, { ...onTerminal, answers: { ask: [" "] } })).rejects.toMatchObject({
      code: "usage",
    });
  });

  it("a hostile file name cannot act on the terminal", async () => {
    await download(join(folder.path, "Downloads", "auth\u001b[2J\n.json"), 1);
    const { host } = await importFile(undefined, { ...onTerminal, answers: { confirm: [true] } });
    expect(JSON.stringify([host.questions, host.events])).not.toMatch(/\\u001b|\\n/);
  });
});

describe("--remove-source", () => {
  const options = { "remove-source": true };
  const exists = (path: string) =>
    lstat(path).then(
      () => true,
      () => false,
    );

  it("deletes the file once the credential is stored, and not before", async () => {
    const path = await folder.write("auth.json", GOOD);
    const { request, host } = await importFile(path, { options });
    expect(await exists(path)).toBe(true);
    await provider.saved?.(request, host);
    expect(await exists(path)).toBe(false);
  });

  it("leaves the file without the option", async () => {
    const path = await folder.write("auth.json", GOOD);
    const { request, host } = await importFile(path);
    await provider.saved?.(request, host);
    expect(await readFile(path, "utf8")).toBe(GOOD);
  });

  it("deletes nothing for standard input", async () => {
    const { request, host } = await importFile("-", { options, stdin: GOOD });
    await expect(provider.saved?.(request, host)).resolves.toBeUndefined();
  });

  it("does not mind a file that is gone already", async () => {
    const path = await folder.write("auth.json", GOOD);
    const { request, host } = await importFile(path, { options });
    await folder.remove();
    await expect(provider.saved?.(request, host)).resolves.toBeUndefined();
  });

  it("leaves a file that was written to or replaced meanwhile, as auth.json itself would be", async () => {
    const path = await folder.write("auth.json", GOOD);
    const { request, host } = await importFile(path, { options });
    await writeFile(path, `${GOOD}\n`);
    await expect(provider.saved?.(request, host)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("not removed"),
    });
    expect(await exists(path)).toBe(true);
  });

  it("leaves a link and what it leads to", async () => {
    const target = await folder.write("real.json", GOOD);
    const path = join(folder.path, "auth.json");
    await symlink(target, path);
    const { request, host } = await importFile(path, { options });
    await expect(provider.saved?.(request, host)).rejects.toMatchObject({
      reason: expect.stringContaining("link"),
    });
    expect([await exists(path), await exists(target)]).toEqual([true, true]);
  });
});
