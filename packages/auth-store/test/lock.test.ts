import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreError } from "@meshauth/auth-store";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { breakLock } from "../src/lock/break.js";
import { processStart } from "../src/lock/owner.js";
import { formatRecord, type LockRecord, seeLock } from "../src/lock/record.js";
import { workPaths } from "../src/paths.js";
import { systemFacts } from "../src/system.js";
import { build } from "./support/build.js";
import { Home, members } from "./support/folder.js";
import { Worker } from "./support/process.js";

const OLD = '{"meshery-provider":"Layer5","token":"old"}\n';
const facts = systemFacts();
const linux = process.platform === "linux";

beforeAll(build);

function commit(home: Home, wait: number, system = {}): Promise<unknown> {
  return home.store(system).commit(() => ({ members: members("new") }), { wait });
}

/** Whether a commit gets the lock within two seconds. */
async function isTaken(home: Home, system = {}): Promise<boolean> {
  try {
    await commit(home, 2000, system);
  } catch (error) {
    if (isStoreError(error) && error.code === "MESHAUTH_E_LOCKED") return false;
    throw error;
  }
  expect(home.names()).toEqual(["auth.json"]);
  return true;
}

async function isRefused(home: Home, system = {}): Promise<string> {
  const error: unknown = await commit(home, 150, system).catch((reason: unknown) => reason);
  if (!isStoreError(error)) throw new Error("expected a StoreError", { cause: error });
  expect(error.code).toBe("MESHAUTH_E_LOCKED");
  return error.why;
}

/** A record of a live process: this one. */
async function record(changes: Partial<LockRecord> = {}): Promise<LockRecord> {
  return {
    pid: process.pid,
    start: await processStart(process.pid),
    boot: facts.bootId,
    namespace: facts.pidNamespace,
    host: hostname(),
    program: "another",
    nonce: "0123456789abcdef01234567",
    time: "2026-01-02T03:04:05.000Z",
    ...changes,
  };
}

function leave(path: string, content: string | LockRecord, silentFor = 0): void {
  writeFileSync(path, typeof content === "string" ? content : formatRecord(content), { mode: 0o600 });
  const time = new Date(Date.now() - silentFor * 1000);
  utimesSync(path, time, time);
}

function pidOfThePast(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("the lock of a dead process", () => {
  it("T20 A17 is taken within two seconds after a kill", async () => {
    const home = new Home(OLD);
    const holder = new Worker(home, { action: "hold", milliseconds: 60_000 });
    await holder.says("holding");
    holder.child.kill("SIGKILL");
    await holder.ended();
    expect(home.names()).toEqual(["auth.json", "auth.json.lock"]);
    expect(await isTaken(home)).toBe(true);
  });

  it.runIf(linux)("T20 is taken from a process whose exit status nobody has fetched yet", async () => {
    const home = new Home(OLD);
    const parent = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 60"]);
    onTestFinished(() => {
      parent.kill("SIGKILL");
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    const start = await processStart(pid);
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) await sleep(10);
    leave(`${home.file}.lock`, await record({ pid, start: start === "gone" ? undefined : start }));
    expect(await isTaken(home)).toBe(true);
  });

  it.runIf(linux)("T20 is taken when its process id belongs to another process by now", async () => {
    const home = new Home(OLD);
    leave(`${home.file}.lock`, await record({ start: "1" }));
    expect(await isTaken(home)).toBe(true);
  });

  it("T20 is taken by one of many that wait for it, and nobody loses a turn", async () => {
    const home = new Home(OLD.replace("old", "0"));
    leave(`${home.file}.lock`, await record({ pid: pidOfThePast(), start: "1" }));
    const waiters = Array.from(
      { length: 8 },
      () => new Worker(home, { action: "count", turns: 3, size: 10 }),
    );
    for (const waiter of waiters) expect(await waiter.answer()).toMatchObject({ ok: true });
    expect(readFileSync(home.file, "utf8")).toMatch(/"token":"24\.x+"/);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("is left alone when it is another's by the time that it could be removed", async () => {
    const home = new Home(OLD);
    const paths = workPaths(home.file);
    leave(paths.lock, await record({ pid: pidOfThePast(), start: "1" }));
    const dead = await seeLock(paths.lock, facts);
    if (dead === undefined) throw new Error("no lock");
    rmSync(paths.lock);
    const live = await record({ nonce: "fedcba987654321001234567" });
    leave(paths.lock, live);
    await breakLock(dead, { paths, system: facts, nonce: "aaaaaaaaaaaaaaaaaaaaaaaa", content: "{}" });
    expect(readFileSync(paths.lock, "utf8")).toBe(formatRecord(live));
  });

  it("is taken when the one who was about to take it died too", async () => {
    const home = new Home(OLD);
    const dead = await record({ pid: pidOfThePast(), start: "1" });
    leave(`${home.file}.lock`, dead);
    leave(`${home.file}.lock.break`, { ...dead, nonce: "fedcba987654321001234567" });
    expect(await isTaken(home)).toBe(true);
  });

  it("waits while somebody live is about to take it", async () => {
    const home = new Home(OLD);
    const dead = await record({ pid: pidOfThePast(), start: "1" });
    leave(`${home.file}.lock`, dead);
    leave(`${home.file}.lock.break`, await record());
    await isRefused(home);
    expect(home.names()).toEqual(["auth.json", "auth.json.lock", "auth.json.lock.break"]);
  });
});

describe("the lock of a live process", () => {
  it("T20 is never taken; waiters go on after its release", async () => {
    const home = new Home(OLD);
    const holder = new Worker(home, { action: "hold", milliseconds: 3000 });
    await holder.says("holding");
    const lock = readFileSync(`${home.file}.lock`, "utf8");
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(`${home.file}.lock`, hourAgo, hourAgo);
    expect(await isRefused(home)).toMatch(
      new RegExp(`^worker\\.mjs \\(process ${holder.pid} on .*, since .*\\) holds ${home.file}\\.lock\\.$`),
    );
    expect(readFileSync(`${home.file}.lock`, "utf8")).toBe(lock);
    await commit(home, 20_000);
    expect(await holder.answer()).toMatchObject({ ok: true });
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("T20 is not taken from a process that is stopped", async () => {
    const home = new Home(OLD);
    const holder = new Worker(home, { action: "hold", milliseconds: 100 });
    await holder.says("holding");
    holder.child.kill("SIGSTOP");
    await isRefused(home);
    holder.child.kill("SIGCONT");
    expect(await holder.answer()).toMatchObject({ ok: true });
    expect(await isTaken(home)).toBe(true);
  });

  it("excludes other commits of the same process", async () => {
    const home = new Home(OLD);
    let inside = 0;
    const turn = () =>
      home.store().commit(async () => {
        inside += 1;
        expect(inside).toBe(1);
        await sleep(5);
        inside -= 1;
        return undefined;
      });
    await Promise.all(Array.from({ length: 6 }, turn));
  });

  it("shows a sign of life every five seconds, by the clock of the file system", async () => {
    const home = new Home(OLD);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    await home.store().commit(async () => {
      const lock = `${home.file}.lock`;
      const content = readFileSync(lock, "utf8");
      utimesSync(lock, new Date(0), new Date(0));
      vi.advanceTimersByTime(5_000);
      while (statSync(lock).mtimeMs === 0) await sleep(5);
      expect(readFileSync(lock, "utf8")).toBe(content);
      return undefined;
    });
  });
});

describe("a holder of which only its silence is known", () => {
  it.each<[string, Partial<LockRecord>]>([
    ["on another machine", { host: "elsewhere" }],
    ["of another start of the machine, or of one with the same name", { boot: "another boot" }],
    ["in another container", { namespace: "pid:[1]" }],
  ])("%s keeps its lock for a minute", async (_, changes) => {
    const home = new Home(OLD);
    const other = await record({ pid: pidOfThePast(), start: "1", ...changes });
    leave(`${home.file}.lock`, other, 50);
    await isRefused(home);
    leave(`${home.file}.lock`, other, 70);
    expect(await isTaken(home)).toBe(true);
  });

  it("keeps a lock with unreadable content for a minute", async () => {
    for (const content of ["", "{", "[]", '{"pid":-1,"host":"a","nonce":"b"}', '{"pid":1}']) {
      const home = new Home(OLD);
      leave(`${home.file}.lock`, content, 50);
      expect(await isRefused(home)).toBe(`Another process holds ${home.file}.lock.`);
      leave(`${home.file}.lock`, content, 70);
      expect(await isTaken(home)).toBe(true);
    }
  });

  it("loses it after fifteen seconds where starts of the machine cannot be told apart and its process is gone", async () => {
    const system = { bootId: undefined };
    const home = new Home(OLD);
    const gone = await record({ pid: pidOfThePast(), start: undefined, boot: undefined });
    leave(`${home.file}.lock`, gone, 10);
    await isRefused(home, system);
    leave(`${home.file}.lock`, gone, 20);
    expect(await isTaken(home, system)).toBe(true);
    leave(`${home.file}.lock`, await record({ boot: undefined }), 20);
    await isRefused(home, system);
  });
});

describe("the name of the lock", () => {
  it("A13 is refused when something else has it, and that is left alone", async () => {
    for (const put of [
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync("auth.json", path),
      (path: string) => spawnSync("mkfifo", [path]),
    ]) {
      const home = new Home(OLD);
      put(`${home.file}.lock`);
      await expect(commit(home, 100)).rejects.toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        message: "The lock is not safe to use.",
      });
      expect(home.names()).toEqual(["auth.json", "auth.json.lock"]);
      expect(readFileSync(home.file, "utf8")).toBe(OLD);
    }
  });

  it("is called a lock, not a credential, when it is too large to be one", async () => {
    const home = new Home(OLD);
    leave(`${home.file}.lock`, "x".repeat(1024 * 1024 + 1));
    await expect(commit(home, 100)).rejects.toMatchObject({
      message: "The lock is damaged.",
      why: `${home.file}.lock is larger than 1 MiB; no lock is.`,
    });
  });

  it("has its content escaped in messages", async () => {
    const home = new Home(OLD);
    leave(`${home.file}.lock`, await record({ program: "\u001b]0;x\u0007evil" }));
    expect(await isRefused(home)).toContain("\ufffd]0;x\ufffdevil (process");
  });
});

describe("a process that leaves", () => {
  it("while it waits, leaves the lock to its holder and nothing of its own", async () => {
    const home = new Home(OLD);
    leave(`${home.file}.lock`, await record());
    const controller = new AbortController();
    const waiting = home.store().commit(() => undefined, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("interrupted")), 100);
    await expect(waiting).rejects.toThrow("interrupted");
    expect(home.names()).toEqual(["auth.json", "auth.json.lock"]);
  });

  it("by process.exit, takes its lock along", async () => {
    const home = new Home(OLD);
    const worker = new Worker(home, { action: "exitUnderLock" });
    expect((await worker.ended()).code).toBe(3);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("by Ctrl-C, writes nothing and takes its lock along", async () => {
    const home = new Home(OLD);
    const worker = new Worker(home, { action: "interrupted", milliseconds: 60_000, token: "new" });
    await worker.says("holding");
    expect(existsSync(`${home.file}.lock`)).toBe(true);
    worker.child.kill("SIGINT");
    expect(await worker.answer()).toMatchObject({ ok: false, message: "interrupted" });
    expect(home.names()).toEqual(["auth.json"]);
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
  });
});
