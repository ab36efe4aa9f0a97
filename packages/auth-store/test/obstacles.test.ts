import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isStoreError, type StoreError } from "@meshauth/auth-store";
import { describe, expect, test } from "vitest";
import { Home, members } from "./support/folder.js";

const TEXT = '{"meshery-provider":"None","token":""}\n';

async function failure(home: Home, system = {}): Promise<StoreError> {
  const error: unknown = await home
    .store(system)
    .commit(() => ({ members: members("new") }), { wait: 100 })
    .catch((reason: unknown) => reason);
  if (!isStoreError(error)) throw new Error("expected a StoreError", { cause: error });
  return error;
}

describe("something else in the place of the lock", () => {
  test.each<[string, (path: string) => unknown, string]>([
    ["a folder", (path) => mkdirSync(path), "rmdir"],
    ["a FIFO", (path) => execFileSync("mkfifo", [path]), "rm"],
    ["a link", (path) => symlinkSync("nowhere", path), "rm"],
  ])("%s: the error and the warning name the command that mends it", async (_, make, command) => {
    const home = new Home(TEXT);
    make(`${home.file}.lock`);
    const before = home.snapshot();
    const next = `${command} ${home.file}.lock`;
    expect(await failure(home)).toMatchObject({ code: "MESHAUTH_E_UNSAFE", next: [next] });
    const found = await home.store().obstacles();
    expect(found).toEqual([{ code: "lock", message: expect.stringContaining(`${home.file}.lock`), next }]);
    expect(home.snapshot()).toEqual(before);
  });
});

describe("a data folder that cannot be made", () => {
  test("what is in its way is named, with the command that mends it", async () => {
    const home = new Home(TEXT);
    writeFileSync(`${dirname(home.dataDir)}/file`, "");
    const store = home.store();
    expect(await store.obstacles()).toEqual([]);
    writeFileSync(home.dataDir, "");
    const before = home.snapshot();
    expect(await store.obstacles()).toEqual([
      {
        code: "data-folder",
        message: expect.stringMatching(`^${home.dataDir} is not a folder`),
        next: `mv ${home.dataDir} ${home.dataDir}.old`,
      },
    ]);
    expect(home.snapshot()).toEqual(before);
  });

  test.runIf(process.getuid?.() === 0)(
    "an error about it names it, and not the credential file",
    async () => {
      const home = new Home(TEXT);
      writeFileSync(home.dataDir, "");
      Object.defineProperty(home, "dataDir", { value: `${home.dataDir}/deeper/meshauth` });
      const { message, why } = await failure(home);
      expect(message).toBe("The data folder cannot be written.");
      expect(why).toContain(`${home.dataDir}: `);
    },
  );
});

test("nothing stands in the way", async () => {
  for (const home of [new Home(TEXT), new Home()]) {
    expect(await home.store().obstacles()).toEqual([]);
  }
});
