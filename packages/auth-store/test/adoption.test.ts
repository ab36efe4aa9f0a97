import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { detailsOf, Home, members, modeOf } from "./support/folder.js";
import { type Call, hasStrace, tamper, traceCalls } from "./support/strace.js";

const OLD = '{"meshery-provider":"Layer5","other":"kept","token":"SECRET-CANARY-OLD"}\n';
const NEW = OLD.replace("OLD", "NEW");
const OTHER = '{"meshery-provider":"Layer5","token":"SECRET-CANARY-OTHER"}';
const NONCE = "0123456789abcdef01234567";
const providerUrl = "https://cloud.example";
const OLD_DETAILS = detailsOf({ providerUrl, expiresAt: "2026-01-02T04:00:00.000Z" });
const NEW_DETAILS = detailsOf({ providerUrl, expiresAt: "2026-01-02T05:00:00.000Z", clockSkew: -1500 });
const RENEW = { action: "renew", token: "SECRET-CANARY-NEW", details: NEW_DETAILS };

beforeAll(build);

/** A home with a login and its details. */
async function loggedIn(): Promise<Home> {
  const home = new Home();
  const all = members("SECRET-CANARY-OLD").set("other", "kept");
  await home.store().commit(() => ({ members: all, details: OLD_DETAILS }));
  return home;
}

/** Leaves a staged renewal as a killed process would have; gives its path. */
function stage(home: Home, { content = NEW, replaces = OLD, nonce = NONCE } = {}): string {
  const base = createHash("sha256").update(replaces).digest("hex").slice(0, 16);
  const path = join(home.meshery, `.auth.json.${nonce}.${base}.tmp`);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** What a command that changes nothing finds under the lock. */
async function found(home: Home): Promise<string | undefined> {
  let token: string | undefined;
  await home.store().commit((current) => {
    token = current.state === "present" ? current.token : current.state;
    return undefined;
  });
  return token;
}

describe("a process killed in the middle of a renewal (strace is needed)", () => {
  it.skipIf(!hasStrace)(
    "A17 at any call that changes something: the next one finds the new token if it was complete, else the old",
    async () => {
      const changing = (await traceCalls(await loggedIn(), RENEW)).filter(
        ({ name, text }) => !["close", "openat"].includes(name) || text.includes("O_CREAT"),
      );
      expect(changing.length).toBeGreaterThan(15);
      const outcomes = new Set<string>();
      for (const point of changing) outcomes.add(await killAt(point));
      expect([...outcomes].sort()).toEqual(["adopted", "new", "old"]);
    },
    60_000,
  );

  async function killAt(point: Call): Promise<string> {
    const home = await loggedIn();
    const worker = tamper(home, RENEW, point, "signal=KILL");
    await worker.ended();
    expect(worker.output).toBe("");
    const left = readFileSync(home.file, "utf8");
    const staged = home
      .names()
      .filter((name) => /^\.auth\.json\.[0-9a-f]{24}\.[0-9a-f]{16}\.tmp$/.test(name));
    const complete = staged.some((name) => readFileSync(join(home.meshery, name), "utf8") === NEW);
    expect(left).toBe(complete || left === OLD ? OLD : NEW);
    const outcome = complete ? "adopted" : left === OLD ? "old" : "new";
    // Readers, who take no lock, know what the file is as well.
    expect((await home.store().look()).details).toEqual(left === OLD ? OLD_DETAILS : NEW_DETAILS);

    const seen: unknown[] = [];
    await home.store().commit(
      (current, { details }) => {
        seen.push(current.state === "present" && current.members.get("other"), details);
        return undefined;
      },
      { wait: 2000 },
    );
    // A process that was killed before it wrote the new details leaves those of the same account.
    const { provider, account } = NEW_DETAILS;
    const handedDown = expect.objectContaining({ provider, account, providerUrl });
    const expected = { old: OLD_DETAILS, new: NEW_DETAILS, adopted: handedDown }[outcome];
    expect(seen).toEqual(["kept", expected]);
    expect(readFileSync(home.file, "utf8")).toBe(outcome === "old" ? OLD : NEW);
    expect(modeOf(home.file)).toBe("600");
    // Nothing is left that has a token in it; the empty lock of a moment goes later.
    for (const name of home.names()) {
      if (name !== "auth.json") expect(name).toMatch(/^\.auth\.json\.[0-9a-f]{24}\.tmp$/);
    }
    await home.store().commit(() => ({ members: members("after") }));
    expect(existsSync(home.data) ? readdirSync(home.data) : []).toEqual([]);
    rmSync(home.path, { recursive: true });
    return outcome;
  }

  it.skipIf(!hasStrace)("a renewal that could not be put in place waits for the next process", async () => {
    const calls = await traceCalls(await loggedIn(), RENEW);
    const rename = calls.find(({ text }) => /^rename\(.*auth\.json"\)/.test(text));
    if (rename === undefined) throw new Error("no rename");
    const home = await loggedIn();
    const worker = tamper(home, RENEW, rename, "error=EBUSY");
    expect(await worker.answer()).toMatchObject({ ok: false, code: "MESHAUTH_E_STORE" });
    expect(worker.output).not.toContain("CANARY");
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
    expect(await found(home)).toBe("SECRET-CANARY-NEW");
    expect(home.names()).toEqual(["auth.json"]);
  });

  it.skipIf(!hasStrace)("a renewal that found no space leaves nothing", async () => {
    const calls = await traceCalls(await loggedIn(), RENEW);
    const write = calls.find(({ text }) => /^pwrite64\(\d+<.*\.[0-9a-f]{16}\.tmp>/.test(text));
    if (write === undefined) throw new Error("no write");
    const home = await loggedIn();
    expect(await tamper(home, RENEW, write, "error=ENOSPC").answer()).toMatchObject({
      code: "MESHAUTH_E_STORE",
    });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
    expect((await home.store().look()).details).toEqual(OLD_DETAILS);
  });
});

describe("a staged renewal that a killed process left", () => {
  it("is put in place by whoever gets the lock next", async () => {
    for (const next of ["commit", "prepare"] as const) {
      const home = new Home(OLD);
      stage(home);
      if (next === "commit") await home.store().commit(() => undefined);
      else await home.store().prepare();
      expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([NEW, ["auth.json"]]);
    }
  });

  it("is not touched by readers", async () => {
    const home = new Home(OLD);
    stage(home);
    const before = home.snapshot();
    expect(await home.store().read()).toMatchObject({ token: "SECRET-CANARY-OLD" });
    await home.store().look();
    expect(home.snapshot()).toEqual(before);
  });

  it.each<[string, string]>([
    ["another tool signed in", OTHER],
    ["another tool has just begun to sign in", ""],
    ["another tool is in the middle of signing in", OTHER.slice(0, 40)],
    ["the same content was written with another end", OLD.trimEnd()],
  ])("is never put over what is new: %s", async (_, content) => {
    const home = new Home(OLD);
    stage(home);
    // As mesheryctl writes: the same file, truncated.
    writeFileSync(home.file, content);
    const seen = await found(home);
    expect(seen).not.toContain("NEW");
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([content, ["auth.json"]]);
    writeFileSync(home.file, OLD);
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
  });

  it("is removed when there is no file any more", async () => {
    const home = new Home(OLD);
    stage(home);
    rmSync(home.file);
    expect(await found(home)).toBe("missing");
    expect(home.names()).toEqual([]);
  });

  it.each<[string, string]>([
    ["empty", ""],
    ["torn", NEW.slice(0, 50)],
    ["followed by more", `${NEW}x`],
    ["without a token", '{"meshery-provider":"Layer5"}\n'],
    ["with an empty token", '{"meshery-provider":"Layer5","token":""}\n'],
    ["without a provider", '{"token":"SECRET-CANARY-NEW"}\n'],
    ["with a number", '{"meshery-provider":"Layer5","n":1,"token":"SECRET-CANARY-NEW"}\n'],
    ["with a key twice", '{"meshery-provider":"Layer5","token":"x","token":"SECRET-CANARY-NEW"}\n'],
    ["over 1 MiB", `{"meshery-provider":"Layer5","token":"${"x".repeat(1024 * 1024)}"}\n`],
  ])("is removed when it is %s", async (_, content) => {
    const home = new Home(OLD);
    stage(home, { content });
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
  });

  it("is removed when others could have written it", async () => {
    const home = new Home(OLD);
    chmodSync(stage(home), 0o622);
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("is nothing when it is a link, a folder or a file of another form of name", async () => {
    const home = new Home(OLD);
    const link = stage(home);
    const target = join(home.path, "elsewhere");
    renameSync(link, target);
    symlinkSync(target, link);
    const folder = stage(home, { nonce: "fedcba987654321001234567" });
    rmSync(folder);
    mkdirSync(folder);
    for (const name of [`.auth.json.${NONCE}.tmp`, `.auth.json.${NONCE}.0123.tmp`]) {
      writeFileSync(join(home.meshery, name), NEW, { mode: 0o600 });
    }
    const before = home.names();
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
    expect(home.names()).toEqual(before);
    expect(readFileSync(target, "utf8")).toBe(NEW);
  });

  it("of a login is never put in place, whatever its age", async () => {
    const home = new Home(OLD);
    const path = join(home.meshery, `.auth.json.${NONCE}.tmp`);
    writeFileSync(path, NEW, { mode: 0o600 });
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
    utimesSync(path, new Date(0), new Date(0));
    expect(await found(home)).toBe("SECRET-CANARY-OLD");
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("is put in place once: a second one for the same bytes goes", async () => {
    const home = new Home(OLD);
    stage(home);
    stage(home, { nonce: "fedcba987654321001234567" });
    expect(await found(home)).toBe("SECRET-CANARY-NEW");
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("A15 gives way to a login that comes at the moment of its own write", async () => {
    const home = new Home(OLD);
    const renewing = home.store().commit((current) => {
      if (current.state !== "present") throw new Error("not read");
      writeFileSync(home.file, OTHER);
      return { renewed: new Map(current.members).set("token", "SECRET-CANARY-NEW") };
    });
    await expect(renewing).rejects.toMatchObject({ code: "MESHAUTH_E_CHANGED" });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OTHER, ["auth.json"]]);
  });
});

describe("a renewal", () => {
  it("keeps the other members, describes the new file, and leaves nothing beside it", async () => {
    const home = await loggedIn();
    const result = await home.store().commit((current, { details }) => {
      expect(details).toEqual(OLD_DETAILS);
      if (current.state !== "present") throw new Error("not read");
      return { renewed: new Map(current.members).set("token", "SECRET-CANARY-NEW"), details: NEW_DETAILS };
    });
    expect(result).toMatchObject({ changed: true, durable: true, warnings: [] });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([NEW, ["auth.json"]]);
    expect(await home.store().details()).toEqual(NEW_DETAILS);
    await home.store().commit(() => ({ renewed: members("later") }));
    expect(await home.store().details()).toBeUndefined();
  });

  it("is written although the command is interrupted: the old token may be worth nothing by now", async () => {
    const home = new Home(OLD);
    const controller = new AbortController();
    const result = await home.store().commit(
      () => {
        controller.abort(new Error("interrupted"));
        return { renewed: members("new") };
      },
      { signal: controller.signal },
    );
    expect(result.changed).toBe(true);
    expect(await found(home)).toBe("new");
  });

  it("goes on when its details cannot be written", async () => {
    const home = new Home(OLD);
    writeFileSync(home.dataDir, "a file where the folder should be");
    const result = await home.store().commit(() => ({ renewed: members("new"), details: NEW_DETAILS }));
    expect(result).toMatchObject({ changed: true, warnings: [{ code: "details" }] });
    expect(await found(home)).toBe("new");
  });

  it("always has a token, and a file that it renews", async () => {
    const home = new Home(OLD);
    await expect(home.store().commit(() => ({ renewed: members("") }))).rejects.toMatchObject({
      code: "MESHAUTH_E_DAMAGED",
      why: "What was to be written is not usable: its token is empty.",
    });
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
    await expect(new Home().store().commit(() => ({ renewed: members("new") }))).rejects.toThrow(
      "no file to renew",
    );
  });
});
