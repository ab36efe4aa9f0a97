import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { detailsOf, Home, members } from "./support/folder.js";
import { Worker } from "./support/process.js";

const OLD = '{"meshery-provider":"Layer5","token":"old"}\n';

beforeAll(build);

async function isRefused(home: Home): Promise<boolean> {
  const { refused } = await home.store().look();
  await home.store().commit((_, turn) => {
    expect(turn.refused).toBe(refused);
    return undefined;
  });
  return refused;
}

describe("the mark of a refused renewal", () => {
  it("belongs to the bytes that were refused, and changes nothing else", async () => {
    const home = new Home(OLD);
    expect(await isRefused(home)).toBe(false);
    const before = home.snapshot().filter((line) => line.startsWith(".meshery/"));
    const result = await home.store().commit(() => ({ refused: true }));
    expect(result).toMatchObject({ changed: false, previous: { token: "old" }, warnings: [] });
    expect(home.snapshot().filter((line) => line.startsWith(".meshery/"))).toEqual(before);
    expect(await isRefused(home)).toBe(true);
    expect(readFileSync(join(home.data, "refused"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    writeFileSync(home.file, `${OLD} `);
    expect(await isRefused(home)).toBe(false);
    writeFileSync(home.file, OLD);
    expect(await isRefused(home)).toBe(true);
  });

  it("goes with every write", async () => {
    for (const what of [{ members: members("new") }, { renewed: members("new") }, { empty: true }] as const) {
      const home = new Home(OLD);
      await home.store().commit(() => ({ refused: true }));
      await home.store().commit(() => what);
      expect([await isRefused(home), existsSync(join(home.data, "refused"))]).toEqual([false, false]);
    }
    const home = new Home(OLD);
    await home.store().commit(() => ({ members: members("new"), keepPrevious: true }));
    await home.store().commit(() => ({ refused: true }));
    await home.store().commit(() => ({ restore: true }));
    expect(home.names(home.data)).toEqual([]);
  });

  it("is not made where there is no file", async () => {
    const home = new Home();
    expect(await home.store().commit(() => ({ refused: true }))).toMatchObject({ changed: false });
    expect([await isRefused(home), home.snapshot()]).toEqual([false, []]);
  });

  it("that cannot be written is a warning", async () => {
    const home = new Home(OLD);
    writeFileSync(home.dataDir, "a file where the folder should be");
    const result = await home.store().commit(() => ({ refused: true }));
    expect(result).toMatchObject({ changed: false, warnings: [{ code: "details" }] });
  });
});

describe("look", () => {
  it("gives all that is known in one reading, and touches nothing", async () => {
    const home = new Home(OLD);
    const details = detailsOf({ clockSkew: 90_000 });
    await home.store().commit(() => ({ members: members("new"), details, keepPrevious: true }));
    const before = home.snapshot();
    expect(await home.store().look()).toEqual({
      state: await home.store().read(),
      details,
      refused: false,
      previous: {
        keptAt: expect.any(String),
        state: expect.objectContaining({ token: "old" }),
        details: undefined,
      },
    });
    expect(home.snapshot()).toEqual(before);
  });

  it("looks again when a login came between the file and what is kept about it", async () => {
    const later = new Home(OLD);
    await later.store().commit(() => ({ members: members("later"), details: detailsOf() }));
    const home = new Home(OLD);
    await home
      .store()
      .commit(() => ({ members: members("sooner"), details: detailsOf({ verified: false }) }));
    let asked = 0;
    // The clock is asked after the file was read.
    const now = () => {
      if (asked++ === 0) {
        writeFileSync(home.file, readFileSync(later.file));
        writeFileSync(join(home.data, "details.json"), readFileSync(join(later.data, "details.json")));
      }
      return new Date();
    };
    expect(await home.store({ now }).look()).toMatchObject({
      state: { token: "later" },
      details: { verified: true },
    });
    expect(asked).toBe(2);
  });

  it("creates nothing where there is nothing", async () => {
    const home = new Home();
    expect(await home.store().look()).toEqual({
      state: { state: "missing", digest: "missing", warnings: [] },
      details: undefined,
      refused: false,
      previous: undefined,
    });
    expect(home.snapshot()).toEqual([]);
  });

  it("takes no skew of the clock that is no number, or more than a year", async () => {
    const home = new Home();
    const details = detailsOf({ clockSkew: 5 });
    await home.store().commit(() => ({ members: members("new"), details }));
    const side = join(home.data, "details.json");
    const text = readFileSync(side, "utf8");
    for (const bad of ['"5"', "null", "1e999", "[5]", "1e308", "-31622400001"]) {
      writeFileSync(side, text.replace('"clockSkew": 5', `"clockSkew": ${bad}`));
      const read = (await home.store().look()).details;
      expect(read === undefined || !("clockSkew" in read)).toBe(true);
    }
  });
});

describe("prove", () => {
  it("leaves nothing behind, and fails where a write would", async () => {
    const home = new Home(OLD);
    const names: string[][] = [];
    await home.store().commit(async (_, turn) => {
      await turn.prove();
      names.push(home.names());
      return undefined;
    });
    expect(names).toEqual([["auth.json", "auth.json.lock"]]);
    const proofs: unknown[] = [];
    for (const spoil of [() => writeFileSync(home.file, `${OLD} `), () => rmSync(`${home.file}.lock`)]) {
      await home.store().commit(async (_, turn) => {
        spoil();
        proofs.push(await turn.prove().catch((error: unknown) => error));
        return undefined;
      });
    }
    const changed = expect.objectContaining({ code: "MESHAUTH_E_CHANGED" });
    expect(proofs).toEqual([changed, changed]);
    expect(readFileSync(home.file, "utf8")).toBe(`${OLD} `);
    const gone = home.store().commit(async (_, turn) => {
      rmSync(home.meshery, { recursive: true });
      await turn.prove();
      return undefined;
    });
    await expect(gone).rejects.toMatchObject({ name: "StoreError" });
  });
});

describe("a wait for a live holder of the lock", () => {
  it("ends for all who need nothing any more, none of whom takes the lock", async () => {
    const home = new Home(OLD);
    const workers: Worker[] = [];
    await home.store().commit(async () => {
      for (let number = 0; number < 25; number++) {
        workers.push(new Worker(home, { action: "waitFor", token: "new" }));
      }
      for (const worker of workers) await worker.says("waiting");
      return { renewed: members("new") };
    });
    for (const worker of workers) {
      expect(await worker.answer()).toEqual({ ok: true, changed: false, decided: false });
    }
    expect(home.names()).toEqual(["auth.json"]);
  }, 30_000);

  it("ends while the holder is still there, with what was read", async () => {
    const home = new Home(OLD);
    await home.store().commit(async () => {
      const result = await home.store().commit(
        () => {
          throw new Error("decided");
        },
        { unless: (current) => current.state === "present" && current.token === "old" },
      );
      expect(result).toMatchObject({ changed: false, previous: { token: "old" }, warnings: [] });
      return undefined;
    });
  });

  it("goes on over a file that is torn, cannot be read or is gone", async () => {
    const home = new Home(OLD);
    const seen: string[] = [];
    const told: string[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await home.store().commit(async () => {
      waiting = home.store().commit(() => undefined, {
        unless: (current) => {
          seen.push(current.state);
          return false;
        },
        onWait: (locked) => told.push(locked.code),
      });
      const until = async (state: string) => {
        while (seen.at(-1) !== state) await sleep(5);
      };
      await until("present");
      writeFileSync(home.file, OLD.slice(0, 20));
      await until("damaged");
      writeFileSync(home.file, "x".repeat(1024 * 1024 + 1));
      const count = seen.length;
      await sleep(400);
      expect(seen.length - count).toBeLessThan(2);
      writeFileSync(home.file, "");
      await until("logged-out");
      rmSync(home.file);
      await until("missing");
      return undefined;
    });
    expect(await waiting).toMatchObject({ changed: false, previous: { state: "missing" } });
    expect(told).toEqual(["MESHAUTH_E_LOCKED"]);
  });

  it("is not ended by a file that nobody is working on: then the decision is made", async () => {
    const home = new Home(OLD);
    let decided = false;
    await home.store().commit(
      () => {
        decided = true;
        return undefined;
      },
      { unless: () => true },
    );
    expect(decided).toBe(true);
  });
});
