import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "@oclif/core/config";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { dataDirOf } from "../../src/hot/data-dir.js";

const NAMES = ["MESHAUTH_DATA_DIR", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"] as const;
const VALUES = [undefined, "", "/some/where", "relative/folder", "/a/../b/"];

/** Every environment that the values make. */
function environments(): Record<string, string | undefined>[] {
  return NAMES.reduce<Record<string, string | undefined>[]>(
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

/** What oclif takes for the data folder. */
async function oclifDataDir(env: Record<string, string | undefined>, windows: boolean): Promise<string> {
  for (const name of NAMES) vi.stubEnv(name, env[name]);
  try {
    const config = await Config.load({ root, userPlugins: false, devPlugins: false });
    if (!windows) return config.dataDir;
    Object.assign(config, { windows });
    return (
      env["MESHAUTH_DATA_DIR"] ||
      (Reflect.get(config, "dir") as (category: string) => string).call(config, "data")
    );
  } finally {
    vi.unstubAllEnvs();
  }
}

describe.each<NodeJS.Platform>(["linux", "darwin", "win32"])("the data folder on %s", (platform) => {
  test("is oclif's in every environment, or not known where oclif asks the system", async () => {
    let known = 0;
    for (const env of environments()) {
      const found = dataDirOf({ env, platform });
      if (found === undefined) {
        expect(env["HOME"] || env["XDG_DATA_HOME"] || env["MESHAUTH_DATA_DIR"]).toBeFalsy();
        continue;
      }
      known += 1;
      expect([env, found]).toEqual([env, await oclifDataDir(env, platform === "win32")]);
    }
    expect(known).toBeGreaterThan(100);
  });
});
