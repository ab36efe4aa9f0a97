import { spawn } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { changePlugins } from "../../src/plugins/change.js";
import { ensureList } from "../../src/plugins/list-file.js";
import { noteWorker, restoreSnapshot, takeSnapshot } from "../../src/plugins/snapshot.js";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, cp: vi.fn(real.cp) };
});
const { cp: whole } = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");

async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "meshauth-change-")));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const options = (dataDir: string, uid: number | undefined = undefined) => ({
  dataDir,
  signal: AbortSignal.timeout(10_000),
  say: () => undefined,
  uid,
});

async function filled(): Promise<string> {
  const dataDir = await folder();
  await writeFile(join(dataDir, "package.json"), "old list");
  await writeFile(join(dataDir, "trust.json"), "old trust", { mode: 0o600 });
  await mkdir(join(dataDir, "node_modules/acme"), { recursive: true });
  await writeFile(join(dataDir, "node_modules/acme/index.js"), "old code");
  await mkdir(join(dataDir, "outside"));
  await symlink("../outside", join(dataDir, "node_modules/link"));
  return dataDir;
}

const wreck = async (dataDir: string) => {
  await writeFile(join(dataDir, "package.json"), "new list");
  await writeFile(join(dataDir, "package-lock.json"), "new");
  await writeFile(join(dataDir, "trust.json"), "new trust");
  await rm(join(dataDir, "node_modules"), { recursive: true });
};

async function expectOld(dataDir: string): Promise<void> {
  expect((await readdir(dataDir)).sort()).toEqual(["node_modules", "outside", "package.json", "trust.json"]);
  expect(await readFile(join(dataDir, "trust.json"), "utf8")).toBe("old trust");
  expect((await stat(join(dataDir, "trust.json"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(dataDir, "package.json"), "utf8")).toBe("old list");
  expect(await readFile(join(dataDir, "node_modules/acme/index.js"), "utf8")).toBe("old code");
  expect(await realpath(join(dataDir, "node_modules/link"))).toBe(join(dataDir, "outside"));
}

describe("changePlugins", () => {
  it("keeps what a change that succeeds has done, and leaves nothing beside it", async () => {
    const dataDir = await filled();
    expect(await changePlugins(options(dataDir), async () => wreck(dataDir))).toBeUndefined();
    expect((await readdir(dataDir)).sort()).toEqual([
      "outside",
      "package-lock.json",
      "package.json",
      "trust.json",
    ]);
  });

  it("makes a folder and a list that only their owner may read: an address may hold a password", async () => {
    const dataDir = join(await folder(), "data");
    await changePlugins(options(dataDir), () => ensureList(dataDir));
    const modes = [dataDir, join(dataDir, "package.json")].map(
      async (path) => (await stat(path)).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
  });

  it("does not make a list its own that others can write and that links a folder", async () => {
    const dataDir = await folder();
    const path = join(dataDir, "package.json");
    const text = JSON.stringify({ oclif: { plugins: [{ name: "acme", type: "link", root: dataDir }] } });
    await writeFile(path, text);
    await chmod(path, 0o666);
    await expect(changePlugins(options(dataDir), () => ensureList(dataDir))).rejects.toMatchObject({
      code: "MESHAUTH_E_STORE",
    });
    expect(await readFile(path, "utf8")).toBe(text);
    await chmod(path, 0o644);
    await changePlugins(options(dataDir), () => ensureList(dataDir));
  });

  it("puts nothing back before the process that works on it has ended", async () => {
    const dataDir = await filled();
    await takeSnapshot(dataDir);
    const worker = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    noteWorker(dataDir, worker.pid);
    await wreck(dataDir);
    let restored = false;
    const restoring = restoreSnapshot(dataDir).then(() => {
      restored = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(restored).toBe(false);
    expect(await readFile(join(dataDir, "package.json"), "utf8")).toBe("new list");
    worker.kill("SIGKILL");
    await restoring;
    await expectOld(dataDir);
  });

  it("undoes one that fails, and passes the error on", async () => {
    const dataDir = await filled();
    const failure = new Error("no luck");
    const change = changePlugins(options(dataDir), async () => {
      await wreck(dataDir);
      throw failure;
    });
    await expect(change).rejects.toBe(failure);
    await expectOld(dataDir);
  });

  it("undoes one whose process died, before the next one begins", async () => {
    const dataDir = await filled();
    await takeSnapshot(dataDir);
    await wreck(dataDir);
    await changePlugins(options(dataDir), () => expectOldList(dataDir));
    await expectOld(dataDir);
  });

  it("undoes to nothing where there was nothing", async () => {
    const dataDir = join(await folder(), "new");
    await expect(
      changePlugins(options(dataDir), async () => {
        await writeFile(join(dataDir, "package.json"), "new list");
        throw new Error("no luck");
      }),
    ).rejects.toThrow("no luck");
    expect(await readdir(dataDir)).toEqual([]);
  });

  it("leaves no half of a copy when there is no room for a whole one", async () => {
    const dataDir = await filled();
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    vi.mocked(cp).mockImplementation(async (source, target, copying) => {
      if (String(source).endsWith("node_modules")) throw full;
      await whole(source, target, copying);
    });
    onTestFinished(() => void vi.mocked(cp).mockImplementation(whole));
    const change = changePlugins(options(dataDir), () => wreck(dataDir));
    await expect(change).rejects.toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
    await expectOld(dataDir);
  });

  it("lets one at a time in", async () => {
    const dataDir = await folder();
    let inside = 0;
    const change = () =>
      changePlugins(options(dataDir), async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
      });
    await Promise.all([change(), change(), change()]);
    expect(inside).toBe(0);
  });

  it("as root, refuses a folder of somebody else, one to be made in it too", async () => {
    const dataDir = await folder();
    if (process.getuid?.() === 0) await chown(dataDir, 12_345, 12_345);
    for (const path of [dataDir, join(dataDir, "a/b")]) {
      await expect(changePlugins(options(path, 0), async () => undefined)).rejects.toMatchObject({
        code: "MESHAUTH_E_ROOT",
        exitCode: 8,
      });
    }
    expect(await readdir(dataDir)).toEqual([]);
  });
});

async function expectOldList(dataDir: string): Promise<void> {
  expect(await readFile(join(dataDir, "package.json"), "utf8")).toBe("old list");
}

describe("a snapshot", () => {
  it("whose restoring was cut short is restored to the end", async () => {
    const dataDir = await filled();
    await takeSnapshot(dataDir);
    await wreck(dataDir);
    // As far as the first attempt came: the list is back, the rest is not.
    await rm(join(dataDir, "package.json"));
    const { rename } = await import("node:fs/promises");
    await rename(join(dataDir, ".plugins-snapshot/package.json"), join(dataDir, "package.json"));
    await restoreSnapshot(dataDir);
    await expectOld(dataDir);
  });

  it("does not exist: nothing happens", async () => {
    const dataDir = await filled();
    await restoreSnapshot(dataDir);
    await expectOld(dataDir);
  });
});
