import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "./errors.js";
import { makeHome } from "./folder.js";

describe("old and odd shapes that are read all the same", () => {
  test.each([
    [
      "JSON",
      '{"contexts":{"local":{"endpoint":"http://l.example","token":"Default","adapters":[]}},"current-context":"local","tokens":[{"name":"Default","location":"auth.json"}]}',
      0,
    ],
    [
      "JSON over lines",
      JSON.stringify(
        {
          contexts: { local: { endpoint: "http://l.example", token: "Default" } },
          "current-context": "local",
          tokens: [{ location: "auth.json", name: "Default" }],
        },
        null,
        "\t",
      ),
      0,
    ],
    [
      "a token inside its context, and tokens as an empty map",
      "contexts:\n  local:\n    endpoint: http://l.example\n    token:\n      name: Default\n      location: auth.json\ntokens: {}\ncurrent-context: local\n",
      1,
    ],
    [
      "tokens as one map",
      "contexts: {local: {endpoint: 'http://l.example', token: Default}}\ntokens: {name: Default, location: auth.json}\ncurrent-context: local\n",
      0,
    ],
    [
      "tokens as a map of maps",
      "contexts: {local: {endpoint: 'http://l.example', token: Default}}\ntokens:\n  Default: {location: auth.json}\ncurrent-context: local\n",
      1,
    ],
    [
      "tokens as a map of locations",
      "contexts: {local: {endpoint: 'http://l.example', token: Default}}\ntokens:\n  Default: auth.json\ncurrent-context: local\n",
      1,
    ],
    [
      "keys in other case, as viper reads them",
      "Contexts:\n  local: {Endpoint: 'http://l.example', TOKEN: Default}\nCurrent-Context: local\nTokens:\n- Name: Default\n  Location: auth.json\n",
      0,
    ],
    [
      "adapters and unknown keys",
      "contexts:\n  local:\n    endpoint: http://l.example\n    token: Default\n    adapters: [meshery-istio]\n    operator: x\nother: {a: [1]}\ncurrent-context: local\ntokens: [{name: Default, location: auth.json, x: 1}]\n",
      0,
    ],
    [
      "anchors, aliases and merge keys",
      "base: &b\n  endpoint: http://l.example\n  token: &t Default\ncontexts:\n  local:\n    <<: *b\n  other: *b\ncurrent-context: local\ntokens:\n- name: *t\n  location: auth.json\n",
      0,
    ],
    [
      "a byte-order mark and CRLF",
      "\ufeffcontexts:\r\n  local:\r\n    endpoint: http://l.example\r\n    token: Default\r\ncurrent-context: local\r\ntokens:\r\n- name: Default\r\n  location: auth.json\r\n",
      0,
    ],
    [
      "a second document",
      "contexts: {local: {endpoint: 'http://l.example', token: Default}}\ntokens: [{name: Default, location: auth.json}]\ncurrent-context: local\n---\ncontexts: 7\n",
      0,
    ],
    [
      "comments everywhere",
      "# a\ncontexts: # b\n  # c\n  local: # d\n    endpoint: http://l.example # e\n    token: Default\ncurrent-context: local # f\ntokens: # g\n  # h\n  - name: Default # i\n    location: auth.json\n# j\n",
      0,
    ],
  ])("%s", async (_, yaml, problems) => {
    const { folder, resolve } = await makeHome(yaml);
    const config = await resolve();
    expect(config).toMatchObject({ exists: true, currentContext: "local", server: "http://l.example" });
    expect(config.contexts[0]).toMatchObject({ tokenName: "Default", location: { missingEntry: false } });
    expect(config.credentialFile).toBe(join(folder, "auth.json"));
    expect(config.problems).toHaveLength(problems);
  });

  test("numbers and truth values are the text that is written", async () => {
    const { resolve } = await makeHome(
      "contexts:\n  2024: {token: 0123}\ncurrent-context: 2024\ntokens: [{name: 0123, location: 1.10}]\n",
    );
    const { contexts, credentialFile, folder } = await resolve();
    expect(contexts).toMatchObject([{ name: "2024", tokenName: "0123", location: { missingEntry: false } }]);
    expect(credentialFile).toBe(join(folder, "1.10"));
  });

  test("names of JavaScript's own are names like others", async () => {
    const yaml =
      "contexts:\n  __proto__: {endpoint: http://p.example, token: constructor}\n  constructor: {}\ncurrent-context: __proto__\ntokens: [{name: constructor, location: c.json}, {name: __proto__, location: p.json}]\n";
    const { folder, resolve } = await makeHome(yaml);
    const config = await resolve();
    expect(config).toMatchObject({ currentContext: "__proto__", server: "http://p.example" });
    expect(config.credentialFile).toBe(join(folder, "c.json"));
    expect((await resolve({ flags: { context: "constructor" } })).currentContext).toBe("constructor");
    expect((await failure(resolve({ flags: { context: "toString" } }))).code).toBe(
      "MESHAUTH_E_UNKNOWN_CONTEXT",
    );
  });

  test("what is wrong beside the context in force is told, not fatal", async () => {
    const yaml =
      "contexts:\n  a: {token: t}\n  b: 7\n  ? [x]\n  : {}\n  c: {endpoint: [1], token: {name: [2]}}\ncurrent-context: a\ntokens:\n- 7\n- {name: t, location: auth.json}\n- {name: u}\n";
    const { resolve } = await makeHome(yaml);
    const { contexts, problems } = await resolve();
    expect(contexts.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(problems.every(({ fatal }) => fatal === undefined)).toBe(true);
    expect(problems.map(({ line }) => line).sort()).toEqual([3, 4, 6, 6, 6, 9]);
  });
});

describe("a context's token", () => {
  const token = (context: string, tokens: string) =>
    `contexts: {a: ${context}}\ncurrent-context: a\n${tokens}\n`;

  test.each([
    ["names an entry that is not there", token("{token: x}", "tokens: [{name: X, location: b.json}]"), "x"],
    [
      "is not named, and no entry is nameless",
      token("{}", "tokens: [{name: default, location: b.json}]"),
      "",
    ],
    ["names one where there is no list", token("{token: x}", ""), "x"],
  ])("%s: auth.json in the folder, and the entry is missing", async (_, yaml, tokenName) => {
    const { folder, resolve } = await makeHome(yaml);
    const { contexts, credentialFile, problems } = await resolve();
    expect(contexts).toMatchObject([
      { tokenName, location: { raw: "auth.json", missingEntry: true, disagrees: false } },
    ]);
    expect(credentialFile).toBe(join(folder, "auth.json"));
    expect(problems).toEqual([]);
  });

  test("the first of several entries of a name counts, as for mesheryctl", async () => {
    const yaml = token(
      "{token: x}",
      "tokens: [{name: x, location: one.json}, {name: x, location: two.json}]",
    );
    const { folder, resolve } = await makeHome(yaml);
    expect((await resolve()).credentialFile).toBe(join(folder, "one.json"));
  });

  test("a nameless entry serves a context that names none", async () => {
    const { folder, resolve } = await makeHome(token("{}", 'tokens: [{name: "", location: n.json}]'));
    expect((await resolve()).credentialFile).toBe(join(folder, "n.json"));
  });

  test.each([
    [
      "an entry without a location",
      token("{token: x}", "tokens: [{name: x}]"),
      /line 3: the token of the context "a" has no location/,
    ],
    ["a location that is a list", token("{token: x}", "tokens: [{name: x, location: [y]}]"), /line 3/],
    ["a token that is a list", token("{token: [x]}", ""), /line 1: the token of the context "a" is no text/],
  ])("%s is an error of the file", async (_, yaml, why) => {
    const { resolve } = await makeHome(yaml);
    const error = await failure(resolve());
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(error.why).toMatch(why);
  });
});
