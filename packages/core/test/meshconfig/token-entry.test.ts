import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
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

function current(config: Meshconfig): MeshContext {
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  if (!context) throw new Error("no context");
  return context;
}

const HEAD = "contexts:\n  a:\n    token: t\ncurrent-context: a\n";

/** Before and after: everything but the added entry is the same, byte for byte. */
const ADDED: readonly (readonly [string, string, string])[] = [
  [
    "after the last entry of a list, in its order and indentation",
    `${HEAD}tokens:\n    - location: x.json\n      name: x\n`,
    `${HEAD}tokens:\n    - location: x.json\n      name: x\n    - location: auth.json\n      name: t\n`,
  ],
  [
    "in a list without indentation",
    `tokens:\n- name: x\n  location: x.json\n${HEAD}`,
    `tokens:\n- name: x\n  location: x.json\n- name: t\n  location: auth.json\n${HEAD}`,
  ],
  [
    "with the quotes and the gap of the entry before",
    `${HEAD}tokens:\n  -   "name": 'x'\n      "location": "x.json"\n`,
    `${HEAD}tokens:\n  -   "name": 'x'\n      "location": "x.json"\n  -   "name": 't'\n      "location": "auth.json"\n`,
  ],
  [
    "before the comments and blank lines that follow the list",
    `# top\n\ntokens: # list\n  # first\n  - name: x   # the x\n    location: x.json  # where\n\n  # tail\n\n# about contexts\n${HEAD}# end\n`,
    `# top\n\ntokens: # list\n  # first\n  - name: x   # the x\n    location: x.json  # where\n  - name: t\n    location: auth.json\n\n  # tail\n\n# about contexts\n${HEAD}# end\n`,
  ],
  [
    "at the end of a file without a final line break, which stays without one",
    `${HEAD}tokens:\n- name: x\n  location: x.json`,
    `${HEAD}tokens:\n- name: x\n  location: x.json\n- name: t\n  location: auth.json`,
  ],
  [
    "with the line breaks of Windows",
    `${HEAD}tokens:\n  - name: x\n    location: x.json\n`.replaceAll("\n", "\r\n"),
    `${HEAD}tokens:\n  - name: x\n    location: x.json\n  - name: t\n    location: auth.json\n`.replaceAll(
      "\n",
      "\r\n",
    ),
  ],
  [
    "after a byte-order mark",
    `\ufefftokens:\n  - name: x\n    location: x.json\n${HEAD}`,
    `\ufefftokens:\n  - name: x\n    location: x.json\n  - name: t\n    location: auth.json\n${HEAD}`,
  ],
  [
    "as a flow map where the entries are flow maps",
    `${HEAD}tokens:\n  - { name: x, location: x.json } # x\n`,
    `${HEAD}tokens:\n  - { name: x, location: x.json } # x\n  - { name: t, location: auth.json }\n`,
  ],
  [
    "in a list in brackets",
    `${HEAD}tokens: [{name: x, location: x.json}] # x\n`,
    `${HEAD}tokens: [{name: x, location: x.json}, {name: t, location: auth.json}] # x\n`,
  ],
  [
    "in a list in brackets over lines, with a comma at its end",
    `${HEAD}tokens: [\n    {location: x.json, name: x},\n    {location: y.json, name: y}, # y\n  ]\n`,
    `${HEAD}tokens: [\n    {location: x.json, name: x},\n    {location: y.json, name: y},\n    {location: auth.json, name: t}, # y\n  ]\n`,
  ],
  [
    "in an empty list",
    `tokens: [] # none\n${HEAD}`,
    `tokens: [{name: t, location: auth.json}] # none\n${HEAD}`,
  ],
  [
    "in place of the empty map of early 2021",
    `${HEAD}tokens: {}\nx: 1\n`,
    `${HEAD}tokens: [{name: t, location: auth.json}]\nx: 1\n`,
  ],
  ["in place of null", `${HEAD}tokens: null # n\n`, `${HEAD}tokens: [{name: t, location: auth.json}] # n\n`],
  [
    "under a key without a value",
    `tokens: # none yet\n${HEAD}`,
    `tokens: # none yet\n  - name: t\n    location: auth.json\n${HEAD}`,
  ],
  [
    "under a key without a value, at the end",
    `${HEAD}tokens:`,
    `${HEAD}tokens:\n  - name: t\n    location: auth.json`,
  ],
  [
    "under a key of its own when there is none",
    `${HEAD}# end\n`,
    `${HEAD}tokens:\n  - name: t\n    location: auth.json\n# end\n`,
  ],
  [
    "under a key of its own, in a file that is indented as a whole",
    `  contexts: {a: {token: t}}\n  current-context: a`,
    `  contexts: {a: {token: t}}\n  current-context: a\n  tokens:\n    - name: t\n      location: auth.json`,
  ],
  [
    "before the end of the document and what is after it",
    `---\n${HEAD}...\n---\nother: 1\n`,
    `---\n${HEAD}tokens:\n  - name: t\n    location: auth.json\n...\n---\nother: 1\n`,
  ],
  [
    "after a last value that is a block of text",
    `${HEAD}tokens:\n  - name: x\n    location: >-\n      x.json\nz: 1\n`,
    `${HEAD}tokens:\n  - name: x\n    location: >-\n      x.json\n  - name: t\n    location: auth.json\nz: 1\n`,
  ],
  [
    "in JSON on one line",
    '{"contexts":{"a":{"token":"t"}},"current-context":"a","tokens":[{"name":"x","location":"x.json"}]}',
    '{"contexts":{"a":{"token":"t"}},"current-context":"a","tokens":[{"name":"x","location":"x.json"}, {"name": "t", "location": "auth.json"}]}',
  ],
  [
    "in JSON over lines",
    '{\n\t"contexts": {"a": {"token": "t"}},\n\t"tokens": [\n\t\t{"location": "x.json", "name": "x"}\n\t],\n\t"current-context": "a"\n}\n',
    '{\n\t"contexts": {"a": {"token": "t"}},\n\t"tokens": [\n\t\t{"location": "x.json", "name": "x"},\n\t\t{"location": "auth.json", "name": "t"}\n\t],\n\t"current-context": "a"\n}\n',
  ],
  [
    "in JSON without tokens",
    '{\n  "contexts": {"a": {"token": "t"}},\n  "current-context": "a"\n}',
    '{\n  "contexts": {"a": {"token": "t"}},\n  "current-context": "a",\n  "tokens": [{"name": "t", "location": "auth.json"}]\n}',
  ],
  [
    "in JSON with no tokens in the list",
    '{"contexts":{"a":{"token":"t"}},"tokens":[],"current-context":"a"}',
    '{"contexts":{"a":{"token":"t"}},"tokens":[{"name": "t", "location": "auth.json"}],"current-context":"a"}',
  ],
  [
    "for a context that names no token",
    "contexts: {a: {}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n",
    'contexts: {a: {}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n  - name: ""\n    location: auth.json\n',
  ],
  [
    "with a name that has to be quoted",
    "contexts: {a: {token: 'yes: #1'}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n",
    "contexts: {a: {token: 'yes: #1'}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n  - name: \"yes: #1\"\n    location: auth.json\n",
  ],
  [
    "after an entry that is no map",
    `${HEAD}tokens:\n  - 7\n`,
    `${HEAD}tokens:\n  - 7\n  - name: t\n    location: auth.json\n`,
  ],
];

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

  test("is not blocked by what a killed process left behind", async () => {
    const { folder, resolve, write } = await makeHome(HEAD);
    const left = await write(".meshery/.config.yaml.meshauth", "half");
    await utimes(left, new Date(0), new Date(0));
    const config = await resolve();
    await addTokenEntry(config, current(config));
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });
});
