import { chown, readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  addTokenEntry,
  type Meshconfig,
  setContextProvider,
  setCurrentContext,
} from "../../src/meshconfig/index.js";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

describe("the current context", () => {
  test.each([
    ["as it stands", "current-context: a # now\n", "current-context: b # now\n"],
    ["in double quotes", 'current-context: "a"\n', 'current-context: "b"\n'],
    ["in single quotes", "current-context: 'a'\n", "current-context: 'b'\n"],
    ["without a value", "current-context:\nx: 1\n", "current-context: b\nx: 1\n"],
    [
      "without a value, with a comment",
      "current-context: # none\nx: 1\n",
      "current-context: b # none\nx: 1\n",
    ],
    ["not there", "x: 1", "x: 1\ncurrent-context: b"],
    ["in other case", "Current-Context: a\n", "Current-Context: b\n"],
    ["null", "current-context: ~\n", "current-context: b\n"],
    ["an empty text in double quotes", 'current-context: "" # x\n', 'current-context: "b" # x\n'],
    ["an empty text in single quotes", "current-context: ''\nx: 1\n", "current-context: 'b'\nx: 1\n"],
    ["a block of text", "current-context: | # which\n  a\n\nx: 1\n", "current-context: b # which\n\nx: 1\n"],
    ["a folded block at the end", "current-context: >-\n  a", "current-context: b"],
    ["an empty block", "current-context: |\nx: 1\n", "current-context: b\nx: 1\n"],
    ["a text over lines", 'current-context: "a\\\n  c"\nx: 1\n', 'current-context: "b"\nx: 1\n'],
  ])("%s", async (_, before, after) => {
    const contexts = "contexts:\n  a: {}\n  b: {}\n";
    const { file, inspect, resolve } = await makeHome(contexts + before);
    expect(await setCurrentContext(await inspect(), "b")).toBe(true);
    expect(await readFile(file, "utf8")).toBe(contexts + after);
    expect((await resolve()).currentContext).toBe("b");
    expect(await setCurrentContext(await resolve(), "b")).toBe(false);
  });

  test("in JSON", async () => {
    const { file, inspect } = await makeHome('{"contexts":{"a":{},"b":{}},"current-context":"a"}');
    await setCurrentContext(await inspect(), "b");
    expect(await readFile(file, "utf8")).toBe('{"contexts":{"a":{},"b":{}},"current-context":"b"}');
  });

  test("can be mended when it names a context that is not there", async () => {
    const { inspect, resolve } = await makeHome(
      TYPICAL.replace("current-context: local", "current-context: gone"),
    );
    const config = await inspect();
    expect(config.problems[0]?.fatal).toBe("MESHAUTH_E_CONFIG");
    await setCurrentContext(config, "prod");
    expect((await resolve()).currentContext).toBe("prod");
  });

  test("with a line break at its end is shown with it", async () => {
    const { inspect } = await makeHome("contexts: {a: {}}\ncurrent-context: |\n  a\n");
    const [problem] = (await inspect()).problems;
    expect(problem?.message).toContain('"current-context" is "a\\n", but the contexts are "a"');
  });

  test("that an alias repeats is left to the person", async () => {
    const before = "current-context: &name a\ncontexts: {a: {provider: *name}, b: {}}\n";
    const { file, resolve } = await makeHome(before);
    const error = await failure(setCurrentContext(await resolve(), "b"));
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(error.next).toEqual(['Set "current-context" in config.yaml to "b".']);
    expect(await readFile(file, "utf8")).toBe(before);
  });
});

describe("the provider of a context", () => {
  test("is changed in its place", async () => {
    const { file, resolve } = await makeHome(TYPICAL);
    expect(await setContextProvider(await resolve(), "local", "Meshery")).toBe(true);
    expect(await readFile(file, "utf8")).toBe(TYPICAL.replace("provider: Layer5", "provider: Meshery"));
    expect(await setContextProvider(await resolve(), "local", "Meshery")).toBe(false);
  });

  test("is added as the last setting", async () => {
    const { file, resolve } = await makeHome(TYPICAL);
    await setContextProvider(await resolve(), "prod", "Acme Cloud");
    expect(await readFile(file, "utf8")).toBe(
      TYPICAL.replace(
        "        platform: docker\n",
        '        platform: docker\n        provider: "Acme Cloud"\n',
      ),
    );
  });

  test("is not changed through an alias that another context shares", async () => {
    const before = "contexts:\n  a: &a\n    provider: X\n  b: *a\ncurrent-context: a\n";
    const { file, resolve } = await makeHome(before);
    for (const name of ["a", "b"]) {
      expect((await failure(setContextProvider(await resolve(), name, "Y"))).code).toBe("MESHAUTH_E_CONFIG");
    }
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("of a context that is not there is nothing to change", async () => {
    const { resolve } = await makeHome(TYPICAL);
    expect(await setContextProvider(await resolve(), "gone", "Y")).toBe(false);
  });
});

const NOBODY = 65_534;

describe.runIf(process.getuid?.() === 0)("as root, in a folder of another user", () => {
  test.each<[string, (config: Meshconfig) => Promise<unknown>]>([
    ["the current context", (config) => setCurrentContext(config, "prod")],
    ["the current context, which is the same", (config) => setCurrentContext(config, "local")],
    ["the provider", (config) => setContextProvider(config, "local", "Meshery")],
  ])("%s is not changed", async (_, change) => {
    const { folder, file, resolve } = await makeHome(TYPICAL);
    for (const path of [folder, file]) await chown(path, NOBODY, NOBODY);
    const config = await resolve();
    expect((await failure(change(config))).code).toBe("MESHAUTH_E_ROOT");
    expect(await readFile(file, "utf8")).toBe(TYPICAL);
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });

  test("a token entry is not added", async () => {
    const text = TYPICAL.replace("token: default", "token: new");
    const { folder, file, resolve } = await makeHome(text);
    for (const path of [folder, file]) await chown(path, NOBODY, NOBODY);
    const config = await resolve();
    const [context] = config.contexts;
    if (context === undefined) throw new Error("no context");
    expect((await failure(addTokenEntry(config, context))).code).toBe("MESHAUTH_E_ROOT");
    expect(await readFile(file, "utf8")).toBe(text);
  });
});
