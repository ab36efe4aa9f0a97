import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brokenPlugins, installBroken } from "../../packages/cli/test/support/broken-plugins.js";
import { recordConsent } from "../../packages/cli/test/support/consent.js";
import { failureOf } from "../support/failure.js";
import { put } from "../support/files.js";
import { NOWHERE } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { dataDir } from "../support/third-party.js";

/** One home with every broken plugin at once, shared by the tests of this file. */
let home: Home;
let marker: string;
beforeAll(async () => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-broken-")));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: path,
    NO_COLOR: "1",
    HTTPS_PROXY: NOWHERE,
    MESHERY_SERVER_URL: NOWHERE,
    npm_config_registry: NOWHERE,
    npm_config_fetch_retries: "0",
    npm_config_offline: "true",
  };
  home = { path, meshery: join(path, ".meshery"), authJson: join(path, ".meshery/auth.json"), env };
  marker = join(path, "marker");
  await installBroken(dataDir(home), brokenPlugins(marker));
  await recordConsent(dataDir(home));
});
afterAll(() => rmSync(home.path, { recursive: true, force: true }));

const plugins = () => brokenPlugins(marker);

describe("with every broken plugin at once", () => {
  test.each([
    ["--version", ["--version"], /^@meshauth\/cli\/\d/],
    ["version", ["version"], /^@meshauth\/cli\/\d/],
    ["help", ["--help"], /login/],
    ["help of a login", ["login", "none", "--help"], /--force/],
  ])("%s is as always", async (_, args, text) => {
    const outcome = await meshauth(home, args);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(text);
    expect(existsSync(marker)).toBe(false);
  });

  test("login none works", async () => {
    const outcome = await meshauth(home, ["login", "none"]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(home.authJson, "utf8")).toBe('{"meshery-provider":"None","token":""}\n');
    expect(existsSync(marker)).toBe(false);
  });

  test("status --json works, with DEBUG=* too", async () => {
    for (const env of [{}, { DEBUG: "*" }]) {
      const outcome = await meshauth(home, ["status", "--json"], { env });
      expect(outcome.code).toBe(0);
      expect(document(outcome)).toMatchObject({ contexts: [{ state: "local" }] });
    }
    expect(existsSync(marker)).toBe(false);
  });

  test("provider list names each problem once, with package, reason and command", async () => {
    const outcome = await meshauth(home, ["provider", "list", "--json"]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const { providers, problems } = document(outcome) as {
      providers: { id: string; origin: string }[];
      problems: { package: string; reason: string; next: string }[];
    };
    for (const { name, problem, entry } of plugins()) {
      const found = problems.filter(
        (one) =>
          one.package === name ||
          (entry !== undefined && one.package.endsWith("/package.json") && problem?.test(one.reason)),
      );
      if (problem === undefined) expect(found, name).toEqual([]);
      else
        expect(
          found.map(({ reason }) => reason),
          name,
        ).toEqual([expect.stringMatching(problem)]);
    }
    for (const one of problems) {
      expect(Object.keys(one).sort()).toEqual(["next", "package", "reason"]);
      expect(one.next).toMatch(/^(meshauth|npm) /);
    }
    const ids = providers.filter(({ origin }) => origin !== "built-in").map(({ id }) => id);
    expect(ids.sort()).toEqual(
      plugins()
        .flatMap(({ provider }) => provider ?? [])
        .sort(),
    );
    expect(
      providers
        .slice(0, 4)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["file-import", "layer5", "none", "oidc"]);
    const people = await meshauth(home, ["provider", "list"]);
    expect(people.code).toBe(0);
    expect(people.stdout + people.stderr).not.toMatch(/[\u0007\u001b\u202e]|NOISE|noise/);
    expect(existsSync(marker)).toBe(false);
  });

  test("the completion scripts of all of them run nothing when a shell reads them", async () => {
    for (const shell of ["bash", "zsh"]) {
      const outcome = await meshauth(home, ["autocomplete", shell]);
      expect(outcome.code, outcome.stderr).toBe(0);
    }
    expect(existsSync(marker)).toBe(false);
    const scripts: string[] = [];
    const visit = (folder: string): void => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) visit(path);
        else if (/\.bash$|bash/.test(name)) scripts.push(path);
      }
    };
    visit(join(home.path, ".cache/meshauth"));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      execFileSync("bash", ["-n", script]);
      execFileSync(
        "bash",
        [
          "-c",
          `source "$0"; COMP_WORDS=(meshauth login none --); COMP_CWORD=3; declare -F | while read -r _ _ name; do case $name in *meshauth*) "$name" >/dev/null 2>&1;; esac; done`,
          script,
        ],
        { cwd: home.path, timeout: 10_000 },
      );
    }
    expect(existsSync(marker)).toBe(false);
  });

  test("a provider whose module fails says so, and nothing else does", async () => {
    for (const id of ["module-throws", "module-exits"]) {
      const failure = failureOf(await meshauth(home, ["login", id, "--json"]));
      expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_BROKEN", exitCode: 9 });
      expect(failure.message).toContain(id);
    }
    const prints = await meshauth(home, ["login", "module-prints", "--json"]);
    expect(document(prints)).toMatchObject({ provider: { id: "module-prints" } });
    rmSync(marker, { force: true });
  });

  test("hooks never run, whatever they would do", async () => {
    for (const id of ["hook-throws", "hook-exits"]) {
      const outcome = await meshauth(home, ["login", id, "--json"]);
      expect(outcome.code, outcome.stdout).toBe(0);
    }
    expect(readFileSync(marker, "utf8")).not.toContain("hook.js");
    rmSync(marker, { force: true });
  });

  test("plugins lists them, and uninstall takes a broken one away", async () => {
    const listed = await meshauth(home, ["plugins", "--json"]);
    expect(listed.code).toBe(0);
    document(listed);
    for (const name of ["command-exits", "folder-gone", "module-exits"]) {
      const outcome = await meshauth(home, ["plugins", "uninstall", name, "--json"]);
      expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
      expect(document(outcome)).toMatchObject({ removed: { name } });
    }
    const { problems, providers } = document(await meshauth(home, ["provider", "list", "--json"])) as {
      problems: { package: string }[];
      providers: { id: string }[];
    };
    expect(problems.map((problem) => problem.package)).not.toContain("command-exits");
    expect(problems.map((problem) => problem.package)).not.toContain("folder-gone");
    expect(providers.map(({ id }) => id)).not.toContain("module-exits");
    expect(problems.map((problem) => problem.package)).toContain("command-hangs");
    expect(existsSync(marker)).toBe(false);
  });

  test("safe mode leaves all of them out", async () => {
    const env = { MESHAUTH_SAFE_MODE: "1" };
    const { providers, problems } = document(
      await meshauth(home, ["provider", "list", "--json"], { env }),
    ) as {
      providers: unknown[];
      problems: unknown[];
    };
    expect([providers.length, problems]).toEqual([4, []]);
  });
});

describe("a list of plugins that makes no sense", () => {
  test.each([
    ["no JSON", "{{{"],
    ["an array", "[]"],
    ["plugins that are no list", '{"oclif":{"plugins":{}}}'],
    [
      "an entry that is none",
      '{"oclif":{"plugins":[7,null,{"name":"../x","type":"user"},{"name":"$(touch x)","type":"link","root":"/"}]}}',
    ],
    ["a folder", undefined],
  ])("%s: a problem that names the way out, and everything else works", async (_, text) => {
    const folder = join(home.path, "xdg", String(Math.random()).slice(2));
    const list = join(folder, "meshauth/package.json");
    if (text === undefined) mkdirSync(list, { recursive: true });
    else put(list, text);
    const env = { XDG_DATA_HOME: folder };
    const { problems, providers } = document(
      await meshauth(home, ["provider", "list", "--json"], { env }),
    ) as {
      problems: { next: string }[];
      providers: unknown[];
    };
    expect(providers).toHaveLength(4);
    expect(problems.length + (text === "[]" ? 1 : 0)).toBeGreaterThan(0);
    for (const { next } of problems) expect(next).toMatch(/^meshauth plugins (reset|uninstall [\w@/.-]+)$/);
    expect((await meshauth(home, ["login", "none"], { env })).code).toBe(0);
  });
});
