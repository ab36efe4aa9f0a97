import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CodeCache } from "../../src/start/code-cache.js";

const SOURCE = "(function(){ return [1, 2, 3].map((n) => n * 2).join(); })";

let base: string;
let folder: string;
/** The name of the file, when it is not there any more. */
let name: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "meshauth-code-"));
  folder = join(base, "a/code");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** The cache for a script whose file has this content. */
function cacheOf(source = SOURCE): CodeCache {
  const path = join(base, "program.cjs");
  if (!existsSync(path) || readFileSync(path, "utf8") !== source) writeFileSync(path, source);
  return new CodeCache(folder, "program.cjs", statSync(path));
}
const file = () => join(folder, readdirSync(folder)[0] ?? "");

function keep(source = SOURCE): void {
  const script = new Script(source);
  script.runInThisContext()();
  cacheOf(source).write(script);
}

describe("what was kept", () => {
  it("is taken by V8 for the same script", () => {
    keep();
    const cachedData = cacheOf().read();
    expect(cachedData).toBeInstanceOf(Buffer);
    const script = new Script(SOURCE, { cachedData: cachedData as Buffer });
    expect(script.cachedDataRejected).toBe(false);
    expect(script.runInThisContext()()).toBe("2,4,6");
  });

  it("can be used by its owner only, and is alone in its folder", () => {
    keep();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("is not there for ever: what is a month old is removed when something is kept", () => {
    keep();
    const [old, young] = ["program.cjs-v18.0.0-x64", "program.cjs-v19.0.0-x64"].map((other) =>
      join(folder, other),
    );
    for (const path of [old, young]) writeFileSync(path ?? "", "");
    const month = new Date(Date.now() - 31 * 24 * 3_600_000);
    utimesSync(old ?? "", month, month);
    keep();
    expect(existsSync(old ?? "")).toBe(false);
    expect(existsSync(young ?? "")).toBe(true);
  });

  it("is replaced by what is kept for another version of the script", () => {
    keep();
    const other = SOURCE.replace("* 2", "* 3");
    keep(other);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(cacheOf(other).read()).toBeInstanceOf(Buffer);
    expect(cacheOf().read()).toBeUndefined();
  });
});

describe("nothing is taken from", () => {
  it("a folder that is missing, and none is made", () => {
    expect(cacheOf().read()).toBeUndefined();
    expect(readdirSync(base)).toEqual(["program.cjs"]);
  });

  it.each<[string, () => void]>([
    ["a file that is empty", () => truncateSync(file())],
    ["a file that was cut", () => truncateSync(file(), statSync(file()).size - 1)],
    ["a file whose first byte was changed", () => flip(0)],
    ["a file whose last byte was changed", () => flip(statSync(file()).size - 1)],
    ["a file with a byte more", () => writeFileSync(file(), "x", { flag: "a" })],
    ["a file with nothing in it but the script's description", () => truncateSync(file(), headOf(file()))],
    ["a file that its group can write", () => chmodSync(file(), 0o620)],
    ["a file that everybody can write", () => chmodSync(file(), 0o602)],
    ["a folder that its group can write", () => chmodSync(folder, 0o770)],
    ["a folder that everybody can write", () => chmodSync(folder, 0o1777)],
    ["a file with a second name", () => linkSync(file(), join(base, "second"))],
    [
      "a link",
      () => {
        renameSync(file(), join(base, "moved"));
        symlinkSync(join(base, "moved"), join(folder, name));
      },
    ],
    [
      "a folder behind a link",
      () => {
        renameSync(folder, join(base, "moved"));
        symlinkSync(join(base, "moved"), folder);
      },
    ],
    [
      "a folder in its place",
      () => {
        const path = file();
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      "a pipe in its place, without waiting",
      () => {
        const path = file();
        rmSync(path);
        execFileSync("mkfifo", [path]);
      },
    ],
  ])("%s", (_, spoil) => {
    keep();
    name = readdirSync(folder)[0] ?? "";
    expect(cacheOf().read()).toBeInstanceOf(Buffer);
    spoil();
    expect(cacheOf().read()).toBeUndefined();
  });

  it("what was kept of another script, though it is as long", () => {
    const evil = SOURCE.replace("* 2", "* 9");
    expect(evil).toHaveLength(SOURCE.length);
    keep(evil);
    expect(cacheOf().read()).toBeUndefined();
  });

  it("what was kept of a script that was replaced by one of the same size and time", () => {
    keep();
    const path = join(base, "program.cjs");
    const { atime, mtime } = statSync(path);
    writeFileSync(path, SOURCE.replace("* 2", "* 9"));
    utimesSync(path, atime, mtime);
    expect(new CodeCache(folder, "program.cjs", statSync(path)).read()).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)("a file of another user (run as root)", () => {
    keep();
    execFileSync("chown", ["12345", file()]);
    expect(cacheOf().read()).toBeUndefined();
  });
});

describe("nothing is written, and nothing fails, when", () => {
  it("a file is in the way", () => {
    writeFileSync(join(base, "a"), "mine");
    keep();
    expect(readFileSync(join(base, "a"), "utf8")).toBe("mine");
  });

  it("the folder is somebody else's to write", () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    keep();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("the folder leads elsewhere", () => {
    mkdirSync(join(base, "elsewhere"));
    mkdirSync(join(base, "a"));
    symlinkSync(join(base, "elsewhere"), folder);
    keep();
    expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
  });
});

/** The length of what describes the script. */
function headOf(path: string): number {
  return readFileSync(path).indexOf("\n") + 1;
}

function flip(at: number): void {
  const bytes = readFileSync(file());
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  writeFileSync(file(), bytes);
}
