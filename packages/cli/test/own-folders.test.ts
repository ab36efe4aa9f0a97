import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "@oclif/core/config";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { ownFolder } from "../src/own-folders.js";

const NAMES = ["MESHAUTH_DATA_DIR", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"] as const;
const CACHE_NAMES = ["MESHAUTH_CACHE_DIR", "XDG_CACHE_HOME", "HOME"] as const;
const CONFIG_NAMES = ["MESHAUTH_CONFIG_DIR", "XDG_CONFIG_HOME", "HOME"] as const;
const VALUES = [undefined, "", "/some/where", "relative/folder", "/a/../b/"];

/** Every environment that the values make. */
function environments(names: readonly string[]): Record<string, string | undefined>[] {
  return names.reduce<Record<string, string | undefined>[]>(
    (found, name) => found.flatMap((env) => VALUES.map((value) => ({ ...env, [name]: value }))),
    [{}],
  );
}

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "meshauth-test-"));
  const { bin, dirname } = manifest.oclif;
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "x", version: "1.0.0", oclif: { bin, dirname } }),
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs with an environment in which these variables are as given; the system's home is asked for by them, too. */
async function within<T>(env: Record<string, string | undefined>, run: () => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return await run();
  } finally {
    vi.unstubAllEnvs();
  }
}

/** What oclif takes for the data folder. */
async function oclifDataDir(windows: boolean): Promise<string> {
  const config = await Config.load({ root, userPlugins: false, devPlugins: false });
  if (!windows) return config.dataDir;
  Object.assign(config, { windows });
  const folder = Reflect.get(config, "dir") as (category: string) => string;
  return process.env["MESHAUTH_DATA_DIR"] || folder.call(config, "data");
}

test.each<NodeJS.Platform>(["linux", "darwin", "win32"])(
  "the data folder on %s is oclif's in every environment",
  async (platform) => {
    for (const env of environments(NAMES)) {
      await within(env, async () => {
        const found = ownFolder("data", { env, platform });
        expect([env, found]).toEqual([env, await oclifDataDir(platform === "win32")]);
      });
    }
  },
);

test("the cache folder is oclif's in every environment", async () => {
  for (const env of environments(CACHE_NAMES)) {
    await within(env, async () => {
      const { cacheDir } = await Config.load({ root, userPlugins: false, devPlugins: false });
      expect([env, ownFolder("cache", { env, platform: "linux" })]).toEqual([env, cacheDir]);
    });
  }
});

test("the config folder is oclif's in every environment", async () => {
  for (const env of environments(CONFIG_NAMES)) {
    await within(env, async () => {
      const { configDir } = await Config.load({ root, userPlugins: false, devPlugins: false });
      expect([env, ownFolder("config", { env, platform: "linux" })]).toEqual([env, configDir]);
    });
  }
});

test("on macOS the cache folder is in the Library", () => {
  expect(ownFolder("cache", { env: { HOME: "/Users/mira" }, platform: "darwin" })).toBe(
    "/Users/mira/Library/Caches/meshauth",
  );
});
