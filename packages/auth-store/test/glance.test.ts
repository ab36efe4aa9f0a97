import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuthReader, type Details } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { systemFacts } from "../src/system.js";
import { Home, members } from "./support/folder.js";

const VALID = '{"meshery-provider":"Layer5","token":"SECRET-CANARY-1"}\n';

const DETAILS: Details = {
  provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "1.0.0" },
  account: null,
  verified: false,
  savedAt: "2026-01-02T03:04:05.000Z",
};

function reader({ file, dataDir }: Home): AuthReader {
  return new AuthReader({ file, dataDir });
}

describe("a glance", () => {
  it("is a look without what the last login replaced", async () => {
    const home = new Home(VALID);
    await home
      .store()
      .commit(() => ({ members: members("SECRET-CANARY-2"), details: DETAILS, keepPrevious: true }));
    const { previous, ...rest } = await home.store().look();
    expect(previous).toBeDefined();
    expect(rest.details).toEqual(DETAILS);
    expect(await reader(home).glance()).toEqual(rest);
  });

  it("knows of a refused renewal, of odd names and of a missing file what a look does", async () => {
    for (const content of [VALID, undefined]) {
      const home = new Home(content);
      if (content !== undefined) {
        await home.store().commit(() => ({ refused: true }));
        linkSync(home.file, join(home.path, "second"));
      }
      const { previous: _, ...rest } = await home.store().look();
      expect(rest.refused).toBe(content !== undefined);
      expect(rest.state.warnings).toHaveLength(content === undefined ? 0 : 1);
      expect(await reader(home).glance()).toEqual(rest);
    }
  });

  it.each(["", " \n", '{"meshery-provider":', "[]"])(
    "does not wait for the end of a write: %j",
    async (text) => {
      expect(await reader(new Home(text)).glance()).toBeUndefined();
    },
  );

  it("is none when the file is written before all is read", async () => {
    const home = new Home(VALID);
    // The folder's state is asked for between the two readings of the file.
    const now = { ...systemFacts(), platform: process.platform };
    let asked = 0;
    const system = Object.defineProperty(now, "uid", {
      get: () => {
        asked += 1;
        writeFileSync(home.file, VALID.replace("CANARY", `CANARY-${asked}`));
        return process.geteuid?.();
      },
    });
    expect(await new AuthReader({ file: home.file, dataDir: home.dataDir, system }).glance()).toBeUndefined();
    expect(asked).toBeGreaterThan(0);
  });

  it("touches nothing", async () => {
    const home = new Home(VALID);
    mkdirSync(home.dataDir);
    const before = home.snapshot();
    await reader(home).glance();
    expect(home.snapshot()).toEqual(before);
    expect(readFileSync(home.file, "utf8")).toBe(VALID);
  });
});

it("facts that only a lock needs are not looked for by a reader", async () => {
  const home = new Home(VALID);
  const system = Object.defineProperties(
    {},
    Object.fromEntries(
      ["hostname", "bootId", "pidNamespace"].map((name) => [
        name,
        {
          enumerable: true,
          get: () => {
            throw new Error(`${name} was asked for`);
          },
        },
      ]),
    ),
  );
  const { file, dataDir } = home;
  expect((await new AuthReader({ file, dataDir, system }).look()).state.state).toBe("present");
  await expect(home.store(system).prepare()).rejects.toThrow("was asked for");
});
