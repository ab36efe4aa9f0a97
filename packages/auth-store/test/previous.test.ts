import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Commit, CommitResult } from "@meshauth/auth-store";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { detailsOf, Home, members, modeOf } from "./support/folder.js";
import { hasStrace, tamper, traceCalls } from "./support/strace.js";

/** Bytes that no writer of this package would make. */
const FIRST = '\ufeff{ "token" : "SECRET-CANARY-FIRST",\r\n"meshery-provider":"Layer5", "other":null }';
const DETAILS = detailsOf({ expiresAt: "2026-01-02T04:04:05.000Z" });
const KEPT_AT = Date.parse("2026-03-04T05:06:07.000Z");
const HOUR = 60 * 60_000;

beforeAll(build);

function commitAt(home: Home, hours: number, what: Commit): Promise<CommitResult> {
  return home.store({ now: () => new Date(KEPT_AT + hours * HOUR) }).commit(() => what);
}

function logIn(home: Home, token: string, hours = 0): Promise<CommitResult> {
  return commitAt(home, hours, { members: members(token), details: DETAILS, keepPrevious: true });
}

async function previousAt(home: Home, hours = 0): Promise<string | undefined> {
  const store = home.store({ now: () => new Date(KEPT_AT + hours * HOUR) });
  const { previous } = await store.look();
  return previous?.state.state === "present" ? previous.state.token : undefined;
}

const copyOf = (home: Home) => join(home.data, "previous.json");

/** A home where a login has replaced another, whose bytes are FIRST, and which has details. */
async function replaced(): Promise<Home> {
  const home = new Home();
  await commitAt(home, 0, { members: members("zero"), details: DETAILS });
  writeFileSync(home.file, FIRST);
  expect((await logIn(home, "second")).warnings).toEqual([]);
  return home;
}

describe("what a login replaces", () => {
  it("is kept outside of the Meshery folder, private, and comes back byte for byte", async () => {
    const home = await replaced();
    expect(home.names()).toEqual(["auth.json"]);
    expect(modeOf(copyOf(home))).toBe("600");
    const { previous } = await home.store({ now: () => new Date(KEPT_AT) }).look();
    expect(previous).toMatchObject({
      keptAt: "2026-03-04T05:06:07.000Z",
      state: { state: "present", token: "SECRET-CANARY-FIRST", serverName: "Layer5", mode: 0o600 },
      details: undefined,
    });
    const result = await commitAt(home, 1, { restore: true });
    expect(result).toMatchObject({ changed: true, durable: true, warnings: [] });
    expect([readFileSync(home.file, "utf8"), modeOf(home.file), home.names()]).toEqual([
      FIRST,
      "600",
      ["auth.json"],
    ]);
    expect(readdirSync(home.data)).toEqual([]);
    expect(result.digest).toBe((await home.store().read()).digest);
  });

  it("comes back with its details", async () => {
    const home = new Home();
    const older = detailsOf({ account: { id: "1" }, clockSkew: 2000 });
    await commitAt(home, 0, { members: members("first"), details: older });
    await logIn(home, "second");
    expect((await home.store({ now: () => new Date(KEPT_AT) }).look()).previous?.details).toEqual(older);
    await commitAt(home, 1, { restore: true });
    const { details, previous } = await home.store().look();
    expect([details, previous, readdirSync(home.data)]).toEqual([older, undefined, ["details.json"]]);
  });

  it("is usable for 24 hours, by a clock that may have been set back, and goes with the next write", async () => {
    const home = await replaced();
    for (const hours of [-24, -1, 0, 24]) expect(await previousAt(home, hours)).toBe("SECRET-CANARY-FIRST");
    for (const hours of [-24.001, 24.001, 1e6]) expect(await previousAt(home, hours)).toBeUndefined();
    await expect(commitAt(home, 25, { restore: true })).rejects.toThrow("nothing to restore");
    for (const what of [
      { renewed: members("new") },
      { members: members("new") },
      { refused: true },
    ] as const) {
      const old = await replaced();
      await home.store({ now: () => new Date(KEPT_AT + 25 * HOUR) }).commit(() => undefined);
      await commitAt(old, 24, what);
      expect(existsSync(copyOf(old))).toBe(true);
      await commitAt(old, 25, what);
      expect(existsSync(copyOf(old))).toBe(false);
    }
  });

  it("is the newest only, and stays through renewals and a login with the same bytes", async () => {
    const home = await replaced();
    await commitAt(home, 1, { renewed: members("third") });
    await logIn(home, "third", 2);
    expect(await previousAt(home, 2)).toBe("SECRET-CANARY-FIRST");
    await logIn(home, "fourth", 3);
    expect(await previousAt(home, 27)).toBe("third");
    expect(readFileSync(copyOf(home), "utf8")).not.toContain(Buffer.from(FIRST).toString("base64"));
  });

  it("goes when a login replaces nothing that is worth coming back to", async () => {
    for (const content of ["", "{", undefined]) {
      const home = await replaced();
      if (content === undefined) rmSync(home.file);
      else writeFileSync(home.file, content);
      await logIn(home, "third");
      expect([await previousAt(home), existsSync(copyOf(home))]).toEqual([undefined, false]);
    }
  });

  it("goes with the logout, half-written copies too", async () => {
    const home = await replaced();
    writeFileSync(join(home.data, ".previous.json.0123abcd.tmp"), "SECRET-CANARY");
    await commitAt(home, 0, { empty: true });
    expect(existsSync(home.data)).toBe(false);
    const again = await replaced();
    writeFileSync(again.file, "");
    rmSync(again.file);
    await commitAt(again, 0, { empty: true });
    expect(existsSync(again.data)).toBe(false);
  });

  it("leaves no half-written copy after the next write", async () => {
    const home = await replaced();
    writeFileSync(join(home.data, ".previous.json.0123abcd.tmp"), "SECRET-CANARY");
    await commitAt(home, 0, { renewed: members("third") });
    expect(readdirSync(home.data)).toEqual(["previous.json"]);
  });

  it("is what it was before, when the login fails", async () => {
    const other = '{"meshery-provider":"Layer5","token":"theirs"}';
    for (const home of [await replaced(), new Home(FIRST)]) {
      const before = await previousAt(home);
      const failing = home.store({ now: () => new Date(KEPT_AT) }).commit(() => {
        writeFileSync(home.file, other);
        return { members: members("mine"), keepPrevious: true };
      });
      await expect(failing).rejects.toMatchObject({ code: "MESHAUTH_E_CHANGED" });
      expect(await previousAt(home)).toBe(before);
      expect(existsSync(home.dataDir)).toBe(before !== undefined);
    }
  });

  it("does not stop a login when it cannot be kept", async () => {
    const home = new Home(FIRST);
    writeFileSync(home.dataDir, "a file where the folder should be");
    const result = await logIn(home, "second");
    expect(result.changed).toBe(true);
    expect(result.warnings.map(({ code }) => code).sort()).toEqual(["details", "previous"]);
    expect(await home.store().read()).toMatchObject({ token: "second" });
    expect(await previousAt(home)).toBeUndefined();
  });

  it("is nothing while the file itself still holds it", async () => {
    const home = await replaced();
    writeFileSync(home.file, FIRST);
    expect(await previousAt(home)).toBeUndefined();
  });

  it("is nothing when its copy is broken, and the broken copy goes", async () => {
    const home = await replaced();
    const text = readFileSync(copyOf(home), "utf8");
    for (const broken of [
      "",
      "{}",
      text.slice(0, -4),
      text.replace('"version": 1', '"version": 2'),
      text.replace("2026-03-04", "then"),
      text.replace(/"content": ".*"/, '"content": "e30="'),
    ]) {
      writeFileSync(copyOf(home), broken);
      expect(await previousAt(home)).toBeUndefined();
      await commitAt(home, 0, { refused: true });
      expect(existsSync(copyOf(home))).toBe(false);
    }
  });

  it("of almost 1 MiB comes back", async () => {
    const large = `{"meshery-provider":"Layer5","token":"${"x".repeat(1024 * 1024 - 60)}"}`;
    const home = new Home(large);
    await logIn(home, "second");
    await commitAt(home, 0, { restore: true });
    expect(readFileSync(home.file, "utf8") === large).toBe(true);
  });

  it("comes back over a damaged file, whose bytes are kept", async () => {
    const home = await replaced();
    writeFileSync(home.file, "{");
    const { damagedCopy = "" } = await commitAt(home, 0, { restore: true });
    expect([readFileSync(home.file, "utf8"), readFileSync(damagedCopy, "utf8")]).toEqual([FIRST, "{"]);
  });

  it.skipIf(!hasStrace)(
    "is never lost by a kill in the middle of the login (strace is needed)",
    async () => {
      const request = { action: "commit", token: "second", keepPrevious: true };
      const calls = await traceCalls(new Home(FIRST), request);
      const points = calls.filter(({ text }) =>
        /^(?:rename\(|pwrite64\(.*previous|unlink\(.*lock"|fsync)/.test(text),
      );
      expect(points.length).toBeGreaterThan(5);
      for (const point of points) {
        const home = new Home(FIRST);
        await tamper(home, request, point, "signal=KILL").ended();
        const current = await home.store().read();
        const { previous } = await home.store().look();
        if (readFileSync(home.file, "utf8") === FIRST) expect(previous).toBeUndefined();
        else
          expect([current, previous?.state]).toMatchObject([
            { token: "second" },
            { token: "SECRET-CANARY-FIRST" },
          ]);
        await home.store().commit(() => ({ empty: true }));
        expect(existsSync(home.data)).toBe(false);
      }
    },
    30_000,
  );

  it("stays when something else is in the folder", async () => {
    const home = await replaced();
    mkdirSync(join(home.data, "another"));
    await commitAt(home, 0, { empty: true });
    expect(readdirSync(home.data)).toEqual(["another"]);
  });
});
