import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offlineHome } from "../support/offline.js";
import { meshauth } from "../support/program.js";
import { contentOf, lintMessages, typeProblems, unexpectedFiles } from "../support/tarball.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly oclif?: { readonly repositoryPrefix?: string };
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
const PUBLIC = readdirSync(join(root, "packages")).filter((folder) => manifestOf(folder).private !== true);

/** Where the tarballs are, and what npm put into each. */
let work: string;
const packed = new Map<string, { tarball: string; files: string[] }>();

beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-pack-")));
  const workspaces = PUBLIC.map((folder) => `--workspace=packages/${folder}`);
  // The scripts would write into the checkout; the build has made what they make.
  const output = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--offline", `--pack-destination=${work}`, ...workspaces],
    { cwd: root, encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "ignore"] },
  );
  const parsed: unknown = JSON.parse(output);
  const list = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    name: string;
    filename: string;
    files: { path: string }[];
  }[];
  for (const { name, filename, files } of list) {
    const tarball = join(work, filename.replace("@", "").replace("/", "-"));
    packed.set(name, { tarball, files: files.map(({ path }) => path).sort() });
  }
}, 90_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.each(PUBLIC)("the tarball of %s", (folder) => {
  const { name } = manifestOf(folder);

  test("contains what it needs and nothing else", () => {
    const files = packed.get(name)?.files ?? [];
    const needed = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
    const scripts = ["start", "hot", "program", "yaml", "undici"].map((script) => `dist/${script}.cjs`);
    const own =
      folder === "cli"
        ? ["bin/run.js", "bin/package.json", "oclif.manifest.json", "dist/licences.txt", ...scripts]
        : [];
    if (existsSync(join(root, "packages", folder, "CHANGELOG.md"))) needed.push("CHANGELOG.md");
    const expected =
      folder === "cli" ? [...needed.filter((file) => !file.startsWith("dist/")), ...own] : needed;
    expect(files).toEqual(expect.arrayContaining(expected));
    expect(unexpectedFiles(name, files)).toEqual([]);
    // A source that is gone must not live on in what is published.
    const sources = (path: string) =>
      join(root, "packages", folder, path.replace(/^dist\//, "src/").replace(/(?:\.d)?\.(?:js|ts)$/, ".ts"));
    const compiled = files.filter((file) => file.startsWith("dist/") && folder !== "cli");
    expect(compiled.filter((file) => !existsSync(sources(file)))).toEqual([]);
  });

  test("passes publint", async () => {
    expect(await lintMessages(packed.get(name)?.tarball ?? "")).toEqual([]);
  });

  test("has types that fit what Node and bundlers import", async () => {
    expect(await typeProblems(packed.get(name)?.tarball ?? "")).toEqual([]);
  });

  test("holds no path of the machine that built it, and names no registry", () => {
    const text = contentOf(packed.get(name)?.tarball ?? "");
    expect(text).not.toContain(root.replace(/\/$/, ""));
    expect(text).not.toMatch(/registry\.npmjs\.org/);
  });
});

describe("all tarballs, unpacked into an empty folder", () => {
  let program: string;
  beforeAll(() => {
    const modules = join(work, "install/node_modules");
    mkdirSync(join(modules, "@meshauth"), { recursive: true });
    for (const [name, { tarball }] of packed) {
      const target = join(modules, name);
      mkdirSync(join(work, "unpack"), { recursive: true });
      execFileSync("tar", ["-xzf", tarball, "-C", join(work, "unpack")]);
      renameSync(join(work, "unpack/package"), target);
    }
    // What others make comes from the checkout's own installation: there is no registry here.
    for (const entry of readdirSync(join(root, "node_modules"))) {
      const from = join(root, "node_modules", entry);
      if (entry === "@meshauth" || entry.startsWith(".")) continue;
      if (!entry.startsWith("@")) symlinkSync(from, join(modules, entry));
      else {
        mkdirSync(join(modules, entry));
        for (const scoped of readdirSync(from)) symlinkSync(join(from, scoped), join(modules, entry, scoped));
      }
    }
    program = join(modules, "@meshauth/cli/bin/run.js");
  });

  test("every dependency on one of ours is met by what was packed", () => {
    for (const folder of PUBLIC) {
      const { dependencies = {} } = manifestOf(folder);
      for (const [name, range] of Object.entries(dependencies)) {
        if (!name.startsWith("@meshauth/")) continue;
        expect(packed.has(name), `${folder} needs ${name}`).toBe(true);
        expect(range).toMatch(/^\^\d/);
      }
    }
  });

  test("the program runs, lists its providers and signs in", async () => {
    const home = offlineHome();
    const run = (args: readonly string[]) => meshauth(home, args, { command: [process.execPath, program] });
    const version = await run(["--version"]);
    expect(version).toMatchObject({ code: 0, stderr: "" });
    expect(version.stdout).toContain(`/${manifestOf("cli").version} `);
    const list = await run(["provider", "list", "--json"]);
    const { providers, problems } = JSON.parse(list.stdout) as {
      providers: { id: string }[];
      problems: unknown[];
    };
    expect(providers.map(({ id }) => id).sort()).toEqual(["file-import", "layer5", "none", "oidc"]);
    expect(problems).toEqual([]);
    expect((await run(["login", "none"])).code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe('{"meshery-provider":"None","token":""}\n');
    const which = await run(["which", "login", "none"]);
    expect(which.stdout).toContain(join(work, "install"));
  });

  test("nothing in its folder is written while it runs", async () => {
    const home = offlineHome();
    const before = execFileSync("find", [join(work, "install/node_modules/@meshauth"), "-newer", program], {
      encoding: "utf8",
    });
    await meshauth(home, ["help"], { command: [process.execPath, program] });
    const after = execFileSync("find", [join(work, "install/node_modules/@meshauth"), "-newer", program], {
      encoding: "utf8",
    });
    expect(after).toBe(before);
  });

  test("the manifest that is shipped names the commands of this version", () => {
    const manifest = JSON.parse(
      readFileSync(join(work, "install/node_modules/@meshauth/cli/oclif.manifest.json"), "utf8"),
    ) as { version: string; commands: Record<string, object> };
    expect(manifest.version).toBe(manifestOf("cli").version);
    const sources = readdirSync(join(root, "packages/cli/src/commands"), {
      recursive: true,
      encoding: "utf8",
    });
    const ids = sources
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.replace(/(?:\/index)?\.ts$/, "").replaceAll("/", ":"));
    expect(Object.keys(manifest.commands).sort()).toEqual(ids.sort());
    expect(JSON.stringify(manifest)).not.toContain(process.env["HOME"] ?? root);
  });
});
