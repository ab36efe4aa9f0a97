import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { beforeAll, describe, expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { type Home, makeHome, meshauth, PROGRAM } from "../support/program.js";

const BUNDLE = join(PROGRAM, "../../dist/program.cjs");

const codeFolder = ({ path }: Home): string => join(path, ".cache/meshauth/code");

/** The files of the scripts that a login compiles: of the program, and of the commands that scripts use. */
function files(folder: string): string[] {
  const names = readdirSync(folder).sort();
  expect(names).toEqual([expect.stringMatching(/^hot\.cjs-/), expect.stringMatching(/^program\.cjs-/)]);
  return names.map((name) => join(folder, name));
}

async function signedIn(): Promise<Home> {
  const home = makeHome({ MESHERY_SERVER_URL: "http://127.0.0.1:9" });
  expect(await meshauth(home, ["login", "none"])).toMatchObject({ code: 0 });
  return home;
}

describe("compiled code", () => {
  test("is kept by a login, for its owner only", async () => {
    const home = await signedIn();
    const folder = codeFolder(home);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of files(folder)) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["--version"],
    ["version"],
    ["status"],
    ["provider list"],
    ["login --help"],
    ["login none --explain"],
    ["nonsense"],
  ])("is not kept by `%s`, which only reads", async (line) => {
    const home = makeHome({ MESHERY_SERVER_URL: "http://127.0.0.1:9" });
    await meshauth(home, line.split(" "));
    expect(readdirSync(home.path)).toEqual(["Downloads"]);
  });

  test("of a login that fails is not kept", async () => {
    const home = makeHome({ MESHERY_SERVER_URL: "http://127.0.0.1:9" });
    expect((await meshauth(home, ["login", "file-import", "missing.json"])).code).not.toBe(0);
    expect(existsSync(codeFolder(home))).toBe(false);
  });

  test("changes nothing of what a command says, whatever has become of it", async () => {
    const home = await signedIn();
    const said = async () => [await meshauth(home, ["status"]), await meshauth(home, ["nonsense", "--json"])];
    const before = await said();
    expect(before[0]).toMatchObject({ code: 0 });
    for (const file of files(codeFolder(home))) {
      const good = readFileSync(file);
      const withNoise = Buffer.from(good);
      for (let at = 100; at < withNoise.length; at += 997) withNoise[at] = (withNoise[at] ?? 0) ^ 0xff;
      const half = good.subarray(0, good.length / 2);
      for (const bytes of [Buffer.alloc(0), half, withNoise, Buffer.alloc(1_000_000, 1), codeOfAnother()]) {
        writeFileSync(file, bytes);
        expect(await said()).toEqual(before);
      }
      writeFileSync(file, good);
      chmodSync(file, 0o666);
      expect(await said()).toEqual(before);
    }
  });

  test("a login is not hindered by a cache that cannot be written", async () => {
    const home = makeHome({ MESHERY_SERVER_URL: "http://127.0.0.1:9" });
    mkdirSync(join(home.path, ".cache"));
    writeFileSync(join(home.path, ".cache/meshauth"), "a file");
    const { code, stderr } = await meshauth(home, ["login", "none"]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("cache")]);
    expect(readFileSync(join(home.path, ".cache/meshauth"), "utf8")).toBe("a file");
  });
});

describe("a program that is not whole, as while it is replaced", () => {
  let program: string;
  beforeAll(() => {
    const root = join(PROGRAM, "../..");
    const copy = mkdtempSync(join(tmpdir(), "meshauth-half-"));
    atEnd(() => rmSync(copy, { recursive: true, force: true }));
    for (const name of ["bin", "dist", "package.json", "oclif.manifest.json"])
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.endsWith(".js.map"),
      });
    symlinkSync(join(root, "../../node_modules"), join(copy, "node_modules"));
    rmSync(join(copy, "dist/hot.cjs"));
    program = join(copy, "bin/run.js");
  });
  const run = (home: Home, args: readonly string[]) =>
    meshauth(home, args, { command: [process.execPath, program] });

  test("signs in, and does not call a login failed that has succeeded", async () => {
    const home = makeHome({ MESHERY_SERVER_URL: "http://127.0.0.1:9" });
    const { code, stderr } = await run(home, ["login", "none"]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("MESHAUTH_E")]);
  });

  test("answers without the part that is missing", async () => {
    const home = await signedIn();
    expect(await run(home, ["status"])).toEqual(await meshauth(home, ["status"]));
  });
});

test.each([["status"], ["provider list"]])(
  "`%s` in a folder that is gone, with a cache folder relative to it",
  async (line) => {
    const home = await signedIn();
    const gone = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const command = ["sh", "-c", gone, "sh", process.execPath, PROGRAM] as const;
    const env = { MESHAUTH_CACHE_DIR: "cache" };
    expect(await meshauth(home, line.split(" "), { command, env })).toEqual(
      await meshauth(home, line.split(" ")),
    );
  },
);

/** What V8 makes of a script that is as long as the program's and does something else, kept as for an older one. */
function codeOfAnother(): Buffer {
  const { dev, ino, size, mtimeMs } = statSync(BUNDLE);
  const start = '(function(){process.stdout.write("not the program");return {main(){}};/*';
  const source = `${start}${" ".repeat(size - start.length - 4)}*/})`;
  expect(source).toHaveLength(size);
  const data = new Script(source).createCachedData();
  return Buffer.concat([Buffer.from(`${[dev, ino, size, mtimeMs, 0].join(" ")}\n`), data, data]);
}
