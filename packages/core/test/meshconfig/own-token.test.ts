import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  giveOwnToken,
  type MeshContext,
  type Meshconfig,
  type OwnTokenPlan,
  planOwnToken,
  proveOwnToken,
} from "../../src/meshconfig/index.js";
import { failure } from "./errors.js";
import { type Home, makeHome, TYPICAL } from "./folder.js";

function contextOf(config: Meshconfig, name: string): MeshContext {
  const context = config.contexts.find((candidate) => candidate.name === name);
  if (!context) throw new Error(`no context ${name}`);
  return context;
}

async function planFor(home: Home, context: string): Promise<OwnTokenPlan> {
  const config = await home.resolve({ flags: { context } });
  return await planOwnToken(config, contextOf(config, context));
}

const SHARED = `# contexts of the team
contexts:
  local:
    endpoint: http://localhost:9081 # mine
    token: default
  prod:
    endpoint: https://meshery.example
    token: default
    unknown: {kept: yes}
current-context: local
tokens:
  - location: auth.json
    name: default
# end
`;

describe("a token entry of a context's own", () => {
  test.each<[string, string, string, string]>([
    [
      "is added in the style of the list, and the context uses it; every other byte stays",
      "prod",
      SHARED,
      SHARED.replace("meshery.example\n    token: default", "meshery.example\n    token: prod").replace(
        "name: default\n",
        "name: default\n  - location: auth-prod.json\n    name: prod\n",
      ),
    ],
    [
      "JSON",
      "b",
      '{"contexts":{"a":{"token":"t"},"b":{"token":"t"}},"current-context":"a","tokens":[{"name":"t","location":"auth.json"}]}',
      '{"contexts":{"a":{"token":"t"},"b":{"token":"b"}},"current-context":"a","tokens":[{"name":"t","location":"auth.json"}, {"name": "b", "location": "auth-b.json"}]}',
    ],
    [
      "neither a token nor tokens, at the end of a file without a line break",
      "b",
      "current-context: a\ncontexts:\n  a: {token: t}\n  b:\n    endpoint: http://b.example",
      "current-context: a\ncontexts:\n  a: {token: t}\n  b:\n    endpoint: http://b.example\n    token: b\ntokens:\n  - name: b\n    location: auth-b.json",
    ],
    [
      "the entry that the context names and that is missing is another file's: it gets the name",
      "b",
      "contexts:\n  a: {token: t}\n  b: {token: b}\ncurrent-context: a\ntokens: []\n",
      "contexts:\n  a: {token: t}\n  b: {token: b}\ncurrent-context: a\ntokens: [{name: b, location: auth-b.json}]\n",
    ],
    [
      "the line breaks of Windows",
      "b",
      "contexts:\r\n  a: {token: t}\r\n  b: {token: t}\r\ntokens:\r\n- name: t\r\n  location: auth.json\r\n",
      "contexts:\r\n  a: {token: t}\r\n  b: {token: b}\r\ntokens:\r\n- name: t\r\n  location: auth.json\r\n- name: b\r\n  location: auth-b.json\r\n",
    ],
  ])("%s", async (_, context, before, after) => {
    const home = await makeHome(before);
    const plan = await planFor(home, context);
    await proveOwnToken(plan);
    expect(await readFile(home.file, "utf8")).toBe(before);
    expect(await readdir(home.folder)).toEqual(["config.yaml"]);
    expect(await giveOwnToken(plan)).toBe(context);
    const text = await readFile(home.file, "utf8");
    expect(text).toBe(after);
    const read = parse(text) as {
      contexts: Record<string, { token: string }>;
      tokens: { name: string; location: string }[];
    };
    expect(read.contexts[context]?.token).toBe(context);
    expect(read.tokens.find(({ name }) => name === context)).toEqual({
      name: context,
      location: `auth-${context}.json`,
    });
    const now = contextOf(await home.resolve({ flags: { context } }), context);
    expect(now).toMatchObject({
      credentialFile: join(home.folder, `auth-${context}.json`),
      location: { disagrees: false, missingEntry: false },
    });
    expect(await readdir(home.folder)).toEqual(["config.yaml"]);
    expect(await giveOwnToken(plan)).toBe(context);
    expect(await readFile(home.file, "utf8")).toBe(after);
  });

  test.each<[string, string, string, string]>([
    ["an entry has it", "prod", "tokens: [{name: prod, location: x.json}]\n", "prod-meshauth"],
    [
      "an entry has it in other letters",
      "prod",
      "tokens: [{name: PROD, location: x.json}]\n",
      "prod-meshauth",
    ],
    [
      "an entry has the second choice, too",
      "prod",
      "tokens: [{name: prod, location: x.json}, {name: prod-meshauth, location: y.json}]\n",
      "prod-meshauth-2",
    ],
    ["another context names an entry of it that is missing", "t", "", "t-meshauth"],
  ])("another name when %s", async (_, context, tokens, name) => {
    const home = await makeHome(
      `contexts: {a: {token: t}, ${context}: {token: d}}\ncurrent-context: a\n${tokens}`,
    );
    const plan = await planFor(home, context);
    expect(plan.name).toBe(name);
    expect(await giveOwnToken(plan)).toBe(name);
    expect(contextOf(await home.resolve(), "a").tokenName).toBe("t");
  });

  test.each<[string, string]>([
    ["Prod EU/West", "auth-prod-eu-west.json"],
    ["../../etc/passwd", "auth-etc-passwd.json"],
    ["..", "auth-context.json"],
    ["a_b-c.d", "auth-a_b-c-d.json"],
    ["bücher", "auth-b-cher.json"],
    ["x".repeat(300), `auth-${"x".repeat(64)}.json`],
  ])("the context %j gets a safe file name", async (context, location) => {
    const home = await makeHome(
      JSON.stringify({ contexts: { a: {}, [context]: {} }, "current-context": "a" }),
    );
    const plan = await planFor(home, context);
    expect(plan.location).toBe(location);
    await giveOwnToken(plan);
    expect(contextOf(await home.resolve(), context).credentialFile).toBe(join(home.folder, location));
    expect(JSON.parse(await readFile(home.file, "utf8")).contexts[context]).toEqual({ token: context });
  });

  test("a file name that another entry or a file has is numbered", async () => {
    const home = await makeHome(`${SHARED.replace("# end\n", "")}  - {name: x, location: Auth-Prod.json}\n`);
    await writeFile(join(home.folder, "auth-prod-2.json"), "");
    await symlink("nowhere", join(home.folder, "auth-prod-3.json"));
    expect((await planFor(home, "prod")).location).toBe("auth-prod-4.json");
  });

  test("a name that another program took after the plan is not used", async () => {
    const home = await makeHome(SHARED);
    const plan = await planFor(home, "prod");
    await writeFile(home.file, SHARED.replace("# end", "  - {name: prod, location: theirs.json}\n# end"));
    expect(await giveOwnToken(plan)).toBe("prod-meshauth");
    const { credentialFile } = contextOf(await home.resolve(), "prod");
    expect(credentialFile).toBe(join(home.folder, "auth-prod.json"));
  });

  test("a context that is gone by then: the person is told what to write", async () => {
    const home = await makeHome(SHARED);
    const plan = await planFor(home, "prod");
    const theirs = SHARED.replace("  prod:", "  other:");
    await writeFile(home.file, theirs);
    const error = await failure(giveOwnToken(plan));
    expect([error.code, error.next]).toEqual([
      "MESHAUTH_E_CONFIG",
      [
        'Add to "tokens" in config.yaml: - {name: "prod", location: "auth-prod.json"}, and set "token" of the context "prod" to "prod".',
      ],
    ]);
    expect(await readFile(home.file, "utf8")).toBe(theirs);
  });

  test.each([
    ["a context by alias", "contexts: {a: &x {token: t}, b: *x}\ncurrent-context: a\n"],
    [
      "a token with an anchor",
      "contexts: {a: {token: &t x, more: *t}, b: {token: [1]}}\ncurrent-context: a\n",
    ],
    [
      "a token as in early 2021",
      "contexts: {a: {}, b: {token: {name: t, location: auth.json}}}\ncurrent-context: a\n",
    ],
    ["a context without settings", "contexts:\n  a: {}\n  b:\ncurrent-context: a\n"],
    ["tokens by name", "contexts: {a: {}, b: {}}\ncurrent-context: a\ntokens: {x: {location: x.json}}\n"],
  ])("%s is not changed, and it is known before anything is asked for", async (_, before) => {
    const home = await makeHome(before);
    const config = await home.inspect();
    const plan = await planOwnToken(config, contextOf(config, "b"));
    for (const attempt of [proveOwnToken, giveOwnToken]) {
      const error = await failure(attempt(plan));
      expect([error.code, error.next]).toEqual(["MESHAUTH_E_CONFIG", [plan.byHand]]);
    }
    expect(await readFile(home.file, "utf8")).toBe(before);
    expect(await readdir(home.folder)).toEqual(["config.yaml"]);
  });

  test("what is to be written by hand shows no character that acts on a terminal", async () => {
    const home = await makeHome(JSON.stringify({ contexts: { a: {}, "b\u202e\u001b[2J": {} } }));
    const config = await home.inspect();
    const plan = await planOwnToken(config, contextOf(config, "b\u202e\u001b[2J"));
    expect(plan.byHand).not.toMatch(/[\u001b\u202e]/);
    expect(plan.location).toBe("auth-b-2j.json");
  });

  test("the proof fails where the folder takes no file", async () => {
    const home = await makeHome(SHARED);
    const plan = await planFor(home, "prod");
    await rm(home.folder, { recursive: true });
    await writeFile(home.folder, "");
    expect((await failure(proveOwnToken(plan))).code).toBe("MESHAUTH_E_CONFIG");
  });

  test("several at the same time are all there afterwards", async () => {
    const names = Array.from({ length: 6 }, (_, index) => `c${index}`);
    const home = await makeHome(
      `contexts: {${names.map((name) => `${name}: {token: t}`).join(", ")}}\ncurrent-context: c0\n`,
    );
    const plans = await Promise.all(names.map((name) => planFor(home, name)));
    await Promise.all(plans.map((plan) => giveOwnToken(plan)));
    const { contexts, tokens } = await home.resolve();
    expect(contexts.map(({ tokenName }) => tokenName)).toEqual(names);
    expect(tokens.map(({ name }) => name).sort()).toEqual(names);
  });
});

test("the entries of tokens are listed with the files that they stand for", async () => {
  const home = await makeHome(TYPICAL.replace("prod/auth.json", "~/away.json"));
  await mkdir(join(home.home, "h"));
  const { tokens, readable } = await home.resolve();
  expect(readable).toBe(true);
  expect(tokens).toMatchObject([
    { name: "default", credentialFile: join(home.folder, "auth.json"), location: { raw: "auth.json" } },
    { name: "other", credentialFile: join(home.folder, "~/away.json"), location: { disagrees: true } },
  ]);
  await writeFile(home.file, "tokens: [{name: x}, {name: y, location: [1]}]\n");
  expect((await home.resolve()).tokens).toEqual([
    { name: "x", location: undefined, credentialFile: undefined },
    { name: "y", location: undefined, credentialFile: undefined },
  ]);
  await writeFile(home.file, "contexts: [\n");
  expect((await home.inspect()).readable).toBe(false);
});
