import { readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { errorName } from "../src/system-error.js";
import { build } from "./support/build.js";
import { Home, members, modeOf } from "./support/folder.js";
import { goUnmarshal } from "./support/go-reader.js";
import { type Call, hasStrace, tamper, traceCalls } from "./support/strace.js";

const OLD = '{"meshery-provider":"Layer5","token":"old"}\n';
const TOKEN = "SECRET-CANARY-NEW";
const NEW = `{"meshery-provider":"Layer5","token":"${TOKEN}"}\n`;
const COMMIT = { action: "commit", token: TOKEN };

beforeAll(build);

let commitCalls: Promise<Call[]> | undefined;

/** The calls of a commit over an existing file; the same for each test. */
async function call(pattern: RegExp, nth = 0): Promise<Call> {
  commitCalls ??= traceCalls(new Home(OLD), COMMIT);
  const found = (await commitCalls).filter(({ text }) => pattern.test(text))[nth];
  if (found === undefined) throw new Error(`no call matches ${pattern}`);
  return found;
}

const LOCK_WRITE = [/^pwrite64\(\d+<.*\.tmp>/, 0] as const;
const STAGED_OPEN = [/^openat\(.*\.tmp".*O_CREAT/, 1] as const;
const STAGED_WRITE = [/^pwrite64\(\d+<.*\.tmp>/, 1] as const;
const STAGED_SYNC = [/^fsync\(\d+<.*\.tmp>/, 0] as const;
const STAGED_CLOSE = [/^close\(\d+<.*\.tmp>/, 0] as const;
const RENAME = [/^rename\(/, 0] as const;
const FOLDER_SYNC = [/^fsync\(\d+<.*\.meshery>/, 0] as const;
const LINK = [/^link\(/, 0] as const;

describe("a commit that the operating system fails (strace is needed)", () => {
  it.skipIf(!hasStrace).each<[string, readonly [RegExp, number], string, string]>([
    ["A18 a full disk while the lock is written", LOCK_WRITE, "ENOSPC", "the disk is full (ENOSPC)"],
    ["A18 a read-only file system", STAGED_OPEN, "EROFS", "the file system is read-only (EROFS)"],
    ["too many open files", STAGED_OPEN, "EMFILE", "too many files are open (EMFILE)"],
    ["T16 a full disk", STAGED_WRITE, "ENOSPC", "the disk is full (ENOSPC)"],
    ["T16 a quota", STAGED_WRITE, "EDQUOT", "the disk quota is used up (EDQUOT)"],
    ["T16 a disk error at fsync", STAGED_SYNC, "EIO", "the disk reports an input/output error (EIO)"],
    ["T16 a quota at fsync", STAGED_SYNC, "EDQUOT", "the disk quota is used up (EDQUOT)"],
    ["T16 a disk error at close", STAGED_CLOSE, "EIO", "the disk reports an input/output error (EIO)"],
    ["T16 another file system at rename", RENAME, "EXDEV", "the folder spans two file systems (EXDEV)"],
    ["a busy file at rename", RENAME, "EBUSY", "the file is in use (EBUSY)"],
    ["T16 a read-only file system at rename", RENAME, "EROFS", "the file system is read-only (EROFS)"],
    ["an error that nobody foresaw", RENAME, "ENOTRECOVERABLE", "the operating system reports an error"],
  ])("%s: the old bytes stay and nothing is left", async (_, point, error, why) => {
    const home = new Home(OLD);
    const worker = tamper(home, COMMIT, await call(...point), `error=${error}`);
    const answer = await worker.answer();
    expect(answer).toMatchObject({ ok: false, code: "MESHAUTH_E_STORE" });
    expect(answer.message).toBe("The credential file cannot be written.");
    expect(answer.why).toContain(why);
    expect(worker.output).not.toContain("CANARY");
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it.skipIf(!hasStrace)("of which the disk keeps less than it said is noticed before it counts", async () => {
    const home = new Home(OLD);
    expect(await tamper(home, COMMIT, await call(...STAGED_WRITE), "retval=10").answer()).toMatchObject({
      code: "MESHAUTH_E_STORE",
      why: expect.stringContaining("did not come back as it was"),
    });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
  });

  it.skipIf(!hasStrace)("T16 in a folder that it had just created, takes that along", async () => {
    const calls = await traceCalls(new Home(), COMMIT);
    const sync = calls.find(({ text }) => /^fsync\(\d+<.*\.tmp>/.test(text));
    if (sync === undefined) throw new Error("no fsync");
    const home = new Home();
    expect(await tamper(home, COMMIT, sync, "error=EIO").answer()).toMatchObject({
      code: "MESHAUTH_E_STORE",
    });
    expect(home.names(home.path)).toEqual([]);
  });

  it.skipIf(!hasStrace)("is done, and says so, when only the folder could not be synced", async () => {
    for (const [error, durable, warnings] of [
      ["EINVAL", true, []],
      ["EIO", false, ["durability"]],
    ] as const) {
      const home = new Home(OLD);
      const answer = await tamper(home, COMMIT, await call(...FOLDER_SYNC), `error=${error}`).answer();
      expect(answer).toMatchObject({ ok: true, changed: true, durable, warnings });
      expect(readFileSync(home.file, "utf8")).toBe(NEW);
      expect(home.names()).toEqual(["auth.json"]);
    }
  });

  it.skipIf(!hasStrace)("works on file systems without hard links", async () => {
    for (const error of ["EPERM", "EOPNOTSUPP"]) {
      const home = new Home(OLD);
      const answer = await tamper(home, COMMIT, await call(...LINK), `error=${error}`).answer();
      expect(answer).toMatchObject({ ok: true, changed: true });
      expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([NEW, ["auth.json"]]);
    }
  });

  it.skipIf(!hasStrace)("cannot be prepared where it could not be done", async () => {
    const request = { action: "prepare" };
    const calls = await traceCalls(new Home(OLD), request);
    const write = calls.filter(({ text }) => /^pwrite64\(\d+<.*\.tmp>/.test(text))[1];
    if (write === undefined) throw new Error("no second write");
    const home = new Home(OLD);
    expect(await tamper(home, request, write, "error=ENOSPC").answer()).toMatchObject({
      code: "MESHAUTH_E_STORE",
      why: expect.stringContaining("the disk is full"),
    });
    expect(home.names()).toEqual(["auth.json"]);
  });
});

describe("a process interrupted in the middle of a commit (strace is needed)", () => {
  it.skipIf(!hasStrace)("leaves the old file and nothing else", async () => {
    const request = { action: "interrupted", milliseconds: 0, token: TOKEN };
    const calls = await traceCalls(new Home(OLD), request);
    const sync = calls.find(({ text }) => STAGED_SYNC[0].test(text));
    if (sync === undefined) throw new Error("no fsync");
    const home = new Home(OLD);
    const worker = tamper(home, request, sync, "delay_enter=1500000");
    await worker.says("holding");
    while (home.names().length < 3) await sleep(10);
    const { pid } = JSON.parse(readFileSync(`${home.file}.lock`, "utf8")) as { pid: number };
    process.kill(pid, "SIGINT");
    expect(await worker.answer()).toMatchObject({ ok: false, message: "interrupted" });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
  });
});

describe("a process killed in the middle of a commit (strace is needed)", () => {
  it.skipIf(!hasStrace)(
    "T17 A17 at any call that changes something leaves the old or the new file, and the next one works",
    async () => {
      await call(/^rename\(/);
      const changing = (await commitCalls)?.filter(
        ({ name, text }) => !["close", "openat"].includes(name) || text.includes("O_CREAT"),
      );
      expect(changing?.length).toBeGreaterThan(10);
      for (const point of changing ?? []) {
        const home = new Home(OLD);
        const worker = tamper(home, COMMIT, point, "signal=KILL");
        await worker.ended();
        expect(worker.output).toBe("");
        const left = readFileSync(home.file, "utf8");
        expect([OLD, NEW]).toContain(left);
        expect(modeOf(home.file)).toBe("600");
        await home.store().commit(() => ({ members: members("after") }), { wait: 2000 });
        expect(goUnmarshal(readFileSync(home.file)).get("token")).toBe("after");
        expect(home.names().filter((name) => !/^\.auth\.json\.[0-9a-f]{24}\.tmp$/.test(name))).toEqual([
          "auth.json",
        ]);
        rmSync(home.path, { recursive: true });
      }
    },
    120_000,
  );
});

describe("errorName", () => {
  it("names quota errors, which Node calls unknown", () => {
    const error = (errno: number) => ({ errno, code: `Unknown system error ${errno}`, syscall: "write" });
    expect(errorName(error(-122), "linux")).toBe("EDQUOT");
    expect(errorName(error(-69), "darwin")).toBe("EDQUOT");
    expect(errorName({ code: "ERR_INVALID_ARG_TYPE" })).toBeUndefined();
    expect(errorName(undefined)).toBeUndefined();
  });
});
