import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreError, type StoreError, withLock } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { processStart } from "../src/lock/owner.js";
import { formatRecord } from "../src/lock/record.js";
import { systemFacts } from "../src/system.js";
import { Home } from "./support/folder.js";

/** A file of any kind in a folder of its own. */
function target(): { folder: string; file: string; lock: string } {
  const { path } = new Home();
  return { folder: path, file: join(path, "list"), lock: join(path, "list.lock") };
}

async function leaveLock(path: string, changes: object = {}): Promise<void> {
  const { bootId, pidNamespace } = systemFacts();
  const record = {
    pid: process.pid,
    start: await processStart(process.pid),
    boot: bootId,
    namespace: pidNamespace,
    host: hostname(),
    program: "another",
    nonce: "0123456789abcdef01234567",
    time: "2026-01-02T03:04:05.000Z",
  };
  writeFileSync(path, formatRecord({ ...record, ...changes }), { mode: 0o600 });
}

describe("withLock", () => {
  it("gives the result, lets one at a time in, and leaves nothing beside the file", async () => {
    const { folder, file, lock } = target();
    let inside = 0;
    const turn = (number: number) =>
      withLock(file, { system: { program: "meshauth" } }, async () => {
        inside += 1;
        expect(inside).toBe(1);
        expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({
          pid: process.pid,
          program: "meshauth",
        });
        await sleep(5);
        inside -= 1;
        return number;
      });
    expect(await Promise.all([1, 2, 3, 4].map(turn))).toEqual([1, 2, 3, 4]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gives the lock up when the work fails", async () => {
    const { folder, file } = target();
    const failure = new Error("no luck");
    await expect(withLock(file, {}, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("names the holder and, as the last resort, the file to delete", async () => {
    const { folder, file, lock } = target();
    await leaveLock(lock);
    const options = { wait: 50, busy: "Another program is changing the list." };
    await expect(withLock(file, options, async () => undefined)).rejects.toMatchObject({
      code: "MESHAUTH_E_LOCKED",
      message: "Another program is changing the list.",
      why: `another (process ${process.pid} on ${hostname()}, since 2026-01-02T03:04:05.000Z) holds ${lock}.`,
      next: [
        "Wait for the other program, or end it, and try again.",
        `Only when there is no such program any more: rm ${lock}`,
      ],
    });
    expect(readdirSync(folder)).toEqual(["list.lock"]);
  });

  it("tells of each holder once, and waits until the signal when there is no other limit", async () => {
    const { folder, file, lock } = target();
    await leaveLock(lock);
    const told: StoreError[] = [];
    const controller = new AbortController();
    const reason = new Error("time is up");
    const waiting = withLock(
      file,
      { wait: Number.POSITIVE_INFINITY, signal: controller.signal, onWait: (locked) => told.push(locked) },
      async () => undefined,
    );
    const ended = expect(waiting).rejects.toBe(reason);
    while (told.length < 1) await sleep(5);
    rmSync(lock);
    await leaveLock(lock, { nonce: "fedcba987654321001234567", program: "a third" });
    while (told.length < 2) await sleep(5);
    await sleep(300);
    controller.abort(reason);
    await ended;
    expect(told.map(({ why }) => why.split(" (")[0])).toEqual(["another", "a third"]);
    expect(told.every(isStoreError)).toBe(true);
    expect(readdirSync(folder)).toEqual(["list.lock"]);
  });

  it("takes the lock of a dead process at once, that of another machine after a minute's silence", async () => {
    const { folder, file, lock } = target();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await leaveLock(lock, { pid, start: "1" });
    expect(await withLock(file, { wait: 2_000 }, async () => "dead")).toBe("dead");
    await leaveLock(lock, { host: "elsewhere" });
    await expect(withLock(file, { wait: 50 }, async () => "early")).rejects.toThrow();
    const before = new Date(Date.now() - 70_000);
    utimesSync(lock, before, before);
    expect(await withLock(file, { wait: 2_000 }, async () => "silent")).toBe("silent");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("knows whether the lock was lost, and leaves the next one's alone", async () => {
    const { file, lock } = target();
    await withLock(file, {}, async (held) => {
      expect(await held.isOurs()).toBe(true);
      rmSync(lock);
      await leaveLock(lock);
      expect(await held.isOurs()).toBe(false);
    });
    expect(existsSync(lock)).toBe(true);
  });

  it("removes what a killed process staged long ago", async () => {
    const { folder, file } = target();
    const old = join(folder, ".list.0123456789abcdef01234567.tmp");
    writeFileSync(old, "half");
    utimesSync(old, new Date(0), new Date(0));
    await withLock(file, {}, async ({ staged }) => writeFileSync(staged, "whole"));
    const names = readdirSync(folder);
    expect(names).toEqual([expect.stringMatching(/^\.list\.[0-9a-f]{24}\.tmp$/)]);
    expect(names).not.toContain(".list.0123456789abcdef01234567.tmp");
  });
});
