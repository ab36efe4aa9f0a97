import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { type CommitResult, type CredentialState, type Details, StoreError } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { Home, members, modeOf } from "./support/folder.js";
import { goUnmarshal } from "./support/go-reader.js";

const OLD = '{"meshery-provider":"Layer5","token":"SECRET-CANARY-OLD"}\n';
const DETAILS: Details = {
  provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "0.1.0" },
  account: { id: "42", name: "Ada", email: "ada@example.org" },
  verified: true,
  savedAt: "2026-01-02T03:04:05.000Z",
  expiresAt: "2026-01-02T04:04:05.000Z",
  providerUrl: "https://provider.example",
};

async function failure(doing: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error("expected a StoreError", { cause: error });
  return error;
}

function write(home: Home, token = "new", details?: Details): Promise<CommitResult> {
  return home.store().commit(() => ({ members: members(token), ...(details ? { details } : {}) }));
}

describe("commit", () => {
  it("creates folder and file, writes the local provider in 39 bytes, and leaves nothing beside it", async () => {
    const home = new Home();
    const result = await home.store().commit(() => ({ members: members("", "None") }));
    expect(readFileSync(home.file, "latin1")).toBe('{"meshery-provider":"None","token":""}\n');
    expect(statSync(home.file).size).toBe(39);
    expect([modeOf(home.meshery), modeOf(home.file)]).toEqual(["700", "600"]);
    expect(home.names()).toEqual(["auth.json"]);
    expect(result).toEqual({
      changed: true,
      file: home.file,
      previous: { state: "missing", digest: "missing", warnings: [] },
      digest: (await home.store().read()).digest,
      durable: true,
      warnings: [],
    });
  });

  it("T01 keeps the members that it is given, readable by Go", async () => {
    const home = new Home('{"meshery-provider":"Layer5","other":"kept <&>","token":"old"}');
    await home.store().commit((current) => {
      if (current.state !== "present") throw new Error("not read");
      return { members: new Map(current.members).set("token", "new") };
    });
    expect([...goUnmarshal(readFileSync(home.file))]).toEqual([
      ["meshery-provider", "Layer5"],
      ["other", "kept <&>"],
      ["token", "new"],
    ]);
  });

  it("never writes to the old file: whoever has it open keeps all of it", async () => {
    const home = new Home(OLD);
    const open = openSync(home.file, "r");
    const inode = statSync(home.file).ino;
    await write(home);
    expect(readFileSync(open, "utf8")).toBe(OLD);
    closeSync(open);
    expect(statSync(home.file).ino).not.toBe(inode);
  });

  it.each([0o644, 0o666, 0o777])("T12 replaces a file of mode %o by one of mode 600", async (mode) => {
    const home = new Home(OLD);
    chmodSync(home.file, mode);
    await write(home);
    expect(modeOf(home.file)).toBe("600");
  });

  it("T02 logs out with zero bytes, and in again", async () => {
    const home = new Home(OLD);
    const out = await home.store().commit(() => ({ empty: true }));
    expect(out).toMatchObject({ changed: true, previous: { state: "present" } });
    expect([statSync(home.file).size, modeOf(home.file)]).toEqual([0, "600"]);
    const back = await write(home);
    expect(back).toMatchObject({ changed: true, previous: { state: "logged-out" } });
    expect(back).not.toHaveProperty("damagedCopy");
  });

  it("has nothing to log out where there is no file", async () => {
    const home = new Home();
    expect(await home.store().commit(() => ({ empty: true }))).toMatchObject({ changed: false });
    expect(home.snapshot()).toEqual([]);
  });

  it("T03 keeps the bytes of a damaged file elsewhere, with mode 0600, and names the copy", async () => {
    const home = new Home(OLD.slice(0, 40));
    const { damagedCopy = "", previous } = await write(home);
    expect(previous.state).toBe("damaged");
    expect(damagedCopy.startsWith(home.dataDir)).toBe(true);
    expect(readFileSync(damagedCopy, "utf8")).toBe(OLD.slice(0, 40));
    expect([modeOf(damagedCopy), modeOf(home.dataDir), modeOf(join(damagedCopy, ".."))]).toEqual([
      "600",
      "700",
      "700",
    ]);
    expect(home.names()).toEqual(["auth.json"]);
    expect(await home.store().read()).toMatchObject({ state: "present", token: "new" });
  });

  it("keeps the newest damaged copy only: each holds a token", async () => {
    const home = new Home('{"token":"SECRET-CANARY-1');
    const first = (await write(home)).damagedCopy ?? "";
    const folder = join(first, "..");
    writeFileSync(join(folder, "damaged-notes.json"), "not ours");
    writeFileSync(home.file, '{"token":"SECRET-CANARY-2');
    const second = (await write(home, "new", DETAILS)).damagedCopy ?? "";
    expect(home.names(folder)).toEqual([basename(second), "damaged-notes.json", "details.json"].sort());
    expect(readFileSync(second, "utf8")).toContain("CANARY-2");
    await write(home);
    expect(existsSync(second)).toBe(true);
  });

  it("keeps the older damaged copy when the write fails", async () => {
    const home = new Home("{");
    const { damagedCopy = "" } = await write(home);
    writeFileSync(home.file, "[");
    await failure(
      home.store().commit(() => {
        writeFileSync(home.file, OLD);
        return { members: members("mine") };
      }),
    );
    expect(home.names(join(damagedCopy, ".."))).toEqual([basename(damagedCopy)]);
  });

  it("decides about what the file holds, and may leave it as it is", async () => {
    const home = new Home(OLD);
    const seen: CredentialState[] = [];
    const before = home.snapshot().filter((line) => !line.startsWith(".meshery "));
    const result = await home.store().commit(async (current) => {
      seen.push(current);
      return undefined;
    });
    expect(result).toMatchObject({ changed: false, durable: true, previous: { state: "present" } });
    expect(seen).toMatchObject([{ state: "present", token: "SECRET-CANARY-OLD" }]);
    expect(home.snapshot().filter((line) => !line.startsWith(".meshery "))).toEqual(before);
  });

  it("throws on what the decision throws, a system error too, and writes nothing", async () => {
    const home = new Home();
    const refused = Object.assign(new Error("connect"), {
      code: "ECONNREFUSED",
      errno: -111,
      syscall: "connect",
    });
    await expect(home.store().commit(() => Promise.reject(refused))).rejects.toBe(refused);
    expect(home.snapshot()).toEqual([]);
  });

  it("A15 leaves a login alone that another tool wrote meanwhile, even one of the same length", async () => {
    for (const other of [OLD.replace("OLD", "NEW"), "", `${OLD} `]) {
      const home = new Home(OLD);
      const error = await failure(
        home.store().commit(() => {
          writeFileSync(home.file, other);
          return { members: members("mine") };
        }),
      );
      expect(error.code).toBe("MESHAUTH_E_CHANGED");
      expect(readFileSync(home.file, "utf8")).toBe(other);
      expect(home.names()).toEqual(["auth.json"]);
    }
  });

  it("A15 notices a file that came or went meanwhile", async () => {
    const came = new Home(OLD);
    rmSync(came.file);
    const first = came.store().commit(() => {
      writeFileSync(came.file, OLD);
      return { members: members("mine") };
    });
    expect((await failure(first)).code).toBe("MESHAUTH_E_CHANGED");
    const went = new Home(OLD);
    const second = went.store().commit(() => {
      rmSync(went.file);
      return { members: members("mine") };
    });
    expect((await failure(second)).code).toBe("MESHAUTH_E_CHANGED");
    expect([came.names(), went.names()]).toEqual([["auth.json"], []]);
  });

  it("gives way when its lock was taken from it", async () => {
    const home = new Home(OLD);
    const error = await failure(
      home.store().commit(() => {
        rmSync(`${home.file}.lock`);
        return { members: members("mine") };
      }),
    );
    expect(error).toMatchObject({
      code: "MESHAUTH_E_CHANGED",
      why: expect.stringContaining("auth.json.lock"),
    });
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it.each<[string, Map<string, unknown>]>([
    ["a number", new Map<string, unknown>(members("x")).set("token", 5)],
    ["half of a surrogate pair", members("\ud800")],
    ["a NUL", members("SECRET-CANARY\0")],
    ["a key that reaches a prototype", members("x").set("__proto__", "y")],
    ["no provider", members("x", "")],
    ["no token", new Map([["meshery-provider", "Layer5"]])],
    ["more than 1 MiB", members("x".repeat(1024 * 1024))],
  ])("never writes %s", async (_, bad) => {
    const home = new Home(OLD);
    const error = await failure(home.store().commit(() => ({ members: bad as Map<string, string> })));
    expect(error.code).toBe("MESHAUTH_E_DAMAGED");
    expect(`${error.message} ${error.why}`).not.toContain("CANARY");
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it("removes folders and the damaged copy again when the write fails", async () => {
    const empty = new Home();
    await failure(empty.store().commit(() => ({ members: members("\ud800") })));
    expect(empty.snapshot()).toEqual([]);
    const damaged = new Home("{");
    await failure(
      damaged.store().commit(() => {
        writeFileSync(damaged.file, OLD);
        return { members: members("mine") };
      }),
    );
    expect(existsSync(damaged.dataDir)).toBe(false);
  });

  it("removes abandoned staged files older than ten minutes, and nothing else", async () => {
    const home = new Home(OLD);
    const nonce = "0123456789abcdef01234567";
    const old = new Date(Date.now() - 11 * 60_000);
    const kept = [
      ".auth.json.notes.tmp",
      ".auth.json.fedcba987654321001234567.tmp",
      ".other.json.0123456789abcdef01234567.tmp",
    ];
    for (const name of [`.auth.json.${nonce}.tmp`, ...kept]) {
      writeFileSync(join(home.meshery, name), "x");
      if (!name.includes("fedcba")) utimesSync(join(home.meshery, name), old, old);
    }
    await write(home);
    expect(home.names()).toEqual([...kept, "auth.json"].sort());
  });

  it("ends an interrupted write without a trace", async () => {
    for (const home of [new Home(), new Home(OLD)]) {
      const before = home.names(home.path);
      const controller = new AbortController();
      const reason = new Error("interrupted");
      const committing = home.store().commit(
        () => {
          controller.abort(reason);
          return { members: members("mine") };
        },
        { signal: controller.signal },
      );
      await expect(committing).rejects.toBe(reason);
      expect(home.names(home.path)).toEqual(before);
      if (before.length > 0) expect(home.names()).toEqual(["auth.json"]);
      await expect(home.store().commit(() => undefined, { signal: controller.signal })).rejects.toBe(reason);
      await expect(home.store().prepare({ signal: controller.signal })).rejects.toBe(reason);
      expect(home.names(home.path)).toEqual(before);
    }
  });
});

describe("prepare", () => {
  it("leaves nothing behind", async () => {
    for (const home of [new Home(), new Home(""), new Home(OLD)]) {
      const before = home.snapshot().filter((line) => !line.startsWith(".meshery "));
      await home.store().prepare();
      expect(home.snapshot().filter((line) => !line.startsWith(".meshery "))).toEqual(before);
    }
  });

  it("T15 refuses a folder that everybody can write in, and tells how to mend it", async () => {
    const home = new Home(OLD);
    chmodSync(home.meshery, 0o777);
    for (const doing of [() => home.store().prepare(), () => write(home)]) {
      expect(await failure(doing())).toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        next: [`chmod go-w ${home.meshery}`],
      });
    }
    expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([OLD, ["auth.json"]]);
    chmodSync(home.meshery, 0o1777);
    await home.store().prepare();
  });

  it("refuses what is not a regular file, and a folder that is a file", async () => {
    const home = new Home(OLD);
    rmSync(home.file);
    mkdirSync(home.file);
    expect((await failure(home.store().prepare())).code).toBe("MESHAUTH_E_UNSAFE");
    rmSync(home.meshery, { recursive: true });
    writeFileSync(home.meshery, "");
    expect(await failure(home.store().prepare())).toMatchObject({
      code: "MESHAUTH_E_UNSAFE",
      why: `${home.meshery}: it is not a folder.`,
    });
  });
});

describe("details", () => {
  it("are kept outside of the Meshery folder, private, and come back whole", async () => {
    const home = new Home();
    await write(home, "new", DETAILS);
    expect(await home.store().details()).toEqual(DETAILS);
    const [file = ""] = home.snapshot().filter((line) => line.includes("details.json"));
    expect(file).toMatch(/^data\/credentials\/[0-9a-f]{64}\/details\.json 100600 /);
    expect(readFileSync(join(home.path, file.split(" ")[0] ?? ""), "utf8")).not.toContain('"new"');
    const minimal = { ...DETAILS, account: { id: "7" }, verified: false };
    await write(home, "new", minimal);
    expect(await home.store().details()).toEqual(minimal);
    await write(home, "new", { ...DETAILS, account: null });
    expect((await home.store().details())?.account).toBeNull();
  });

  it("describe the file only as it was written here", async () => {
    const home = new Home();
    await write(home, "new", DETAILS);
    writeFileSync(home.file, OLD);
    expect(await home.store().details()).toBeUndefined();
    await write(home, "new");
    expect(await home.store().details()).toBeUndefined();
    expect(await new Home().store().details()).toBeUndefined();
  });

  it("are undefined when the side file is broken", async () => {
    const home = new Home();
    await write(home, "new", DETAILS);
    const [line = ""] = home.snapshot().filter((name) => name.includes("details.json"));
    const side = join(home.path, line.split(" ")[0] ?? "");
    const text = readFileSync(side, "utf8");
    for (const broken of [
      "",
      "{}",
      text.slice(0, -3),
      text.replace('"version": 1', '"version": 2'),
      text.replace('"42"', "42"),
    ]) {
      writeFileSync(side, broken);
      expect(await home.store().details()).toBeUndefined();
    }
    writeFileSync(side, text);
    expect(await home.store().details()).toEqual(DETAILS);
  });

  it("go with the logout, and so do the damaged copies", async () => {
    const home = new Home("{");
    await write(home, "new", DETAILS);
    expect(home.snapshot().filter((line) => line.startsWith("data/"))).toHaveLength(4);
    const other = join(
      home.path,
      "data",
      "credentials",
      home.names(join(home.dataDir, "credentials"))[0] ?? "",
    );
    writeFileSync(join(other, "another.json"), "");
    await home.store().commit(() => ({ empty: true }));
    expect(home.names(other)).toEqual(["another.json"]);
  });

  it("do not stop a login when they cannot be written", async () => {
    const home = new Home();
    writeFileSync(home.dataDir, "a file where the folder should be");
    const result = await write(home, "new", DETAILS);
    expect(result).toMatchObject({ changed: true, warnings: [{ code: "details" }] });
    expect(await home.store().read()).toMatchObject({ state: "present", token: "new" });
  });
});
