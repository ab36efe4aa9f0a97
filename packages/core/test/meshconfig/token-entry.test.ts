import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  addTokenEntry,
  type MeshContext,
  type Meshconfig,
  planTokenEntry,
} from "../../src/meshconfig/index.js";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";
import { ADDED, HEAD } from "./layouts.js";

function current(config: Meshconfig): MeshContext {
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  if (!context) throw new Error("no context");
  return context;
}

describe("a token entry is added", () => {
  test.each(ADDED)("%s", async (_, before, after) => {
    const { folder, file, resolve } = await makeHome(before);
    const config = await resolve();
    const plan = planTokenEntry(config, current(config));
    expect(plan).toMatchObject({ file, location: "auth.json" });
    expect(await addTokenEntry(config, current(config))).toEqual(plan);
    expect(await readFile(file, "utf8")).toBe(after);
    const now = await resolve();
    expect(current(now).location).toMatchObject({ missingEntry: false, disagrees: false });
    expect(now.credentialFile).toBe(join(folder, "auth.json"));
    if (before.startsWith("{")) JSON.parse(after);
    expect(await addTokenEntry(now, current(now))).toBeUndefined();
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });
});

describe("nothing is changed", () => {
  test("when the entry is there", async () => {
    const { file, resolve } = await makeHome(TYPICAL);
    const config = await resolve();
    expect(planTokenEntry(config, current(config))).toBeUndefined();
    const { mtimeMs } = await stat(file);
    expect(await addTokenEntry(config, current(config))).toBeUndefined();
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  test("when another program added it meanwhile", async () => {
    const { file, resolve } = await makeHome(HEAD);
    const config = await resolve();
    const theirs = `${HEAD}tokens: [{name: t, location: theirs.json}]\n`;
    await writeFile(file, theirs);
    expect(await addTokenEntry(config, current(config))).toBeUndefined();
    expect(await readFile(file, "utf8")).toBe(theirs);
  });

  test("when the file is gone: it is not made anew", async () => {
    const { folder, file, resolve } = await makeHome(HEAD);
    const config = await resolve();
    await rm(file);
    const error = await failure(addTokenEntry(config, current(config)));
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["a list by alias", `x: &l\n  - {name: x, location: x.json}\n${HEAD}tokens: *l\n`],
    ["a map of names", `${HEAD}tokens:\n  x: {location: x.json}\n`],
    ["a key alone in braces", "{contexts: {a: {token: t}}, current-context: a, tokens}"],
  ])("where the tokens are %s: the person is told what to add", async (_, before) => {
    const { folder, file, resolve } = await makeHome(before);
    const config = await resolve();
    const error = await failure(addTokenEntry(config, current(config)));
    expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_CONFIG", 8]);
    expect(error.next).toEqual(['Add to "tokens" in config.yaml: - {name: "t", location: "auth.json"}']);
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });

  test("when the folder cannot be written, and no file is left behind", async () => {
    // Root may write everywhere; a file of another kind in the place of the folder stops root, too.
    const { home, folder, file, resolve } = await makeHome(HEAD);
    const config = await resolve();
    await rm(folder, { recursive: true });
    await writeFile(join(home, ".meshery"), "");
    const error = await failure(addTokenEntry({ ...config, file }, current(config)));
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(await readFile(join(home, ".meshery"), "utf8")).toBe("");
  });
});

describe("the file that is replaced", () => {
  test.each([0o600, 0o644, 0o664])("keeps its mode %o", async (mode) => {
    const { file, resolve } = await makeHome(HEAD);
    await chmod(file, mode);
    const old = process.umask(0o077);
    const config = await resolve();
    await addTokenEntry(config, current(config)).finally(() => process.umask(old));
    expect((await stat(file)).mode & 0o777).toBe(mode);
  });

  test("is the one that a link leads to, and the link stays", async () => {
    const { home, folder, file, resolve, write } = await makeHome();
    const real = await write("dotfiles/meshery.yaml", HEAD);
    await mkdir(folder);
    await symlink("../dotfiles/meshery.yaml", file);
    const config = await resolve();
    await addTokenEntry(config, current(config));
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(real, "utf8")).toContain("location: auth.json");
    expect(await readdir(join(home, "dotfiles"))).toEqual(["meshery.yaml"]);
  });

  test("gets all of the changes that are made at the same time", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const head = `contexts: {${names.map((name) => `${name}: {token: ${name}}`).join(", ")}}\ncurrent-context: c0\n`;
    const { folder, file, resolve } = await makeHome(head);
    const configs = await Promise.all(names.map((context) => resolve({ flags: { context } })));
    await Promise.all(configs.map((config) => addTokenEntry(config, current(config))));
    const { contexts } = await resolve();
    expect(contexts.filter(({ location }) => location.missingEntry)).toEqual([]);
    expect((await readFile(file, "utf8")).startsWith(head)).toBe(true);
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });
});
