import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, put, putConfig, readAuth } from "../support/files.js";
import { NOWHERE, offlineHome, plainHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { namesIn, treeOf } from "../support/tree.js";

const NONE = '{"meshery-provider":"None","token":""}\n';

interface Report {
  readonly context: string | null;
  readonly server: string;
  readonly file: string;
  readonly warnings: readonly string[];
}

async function loginNone(
  home: Home,
  args: readonly string[] = [],
  env: Record<string, string | undefined> = {},
) {
  const outcome = await meshauth(home, ["login", "none", "--json", ...args], { env });
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  const report = document(outcome) as Report;
  expect(readFileSync(report.file, "utf8")).toBe(NONE);
  return report;
}

describe.concurrent("the file of the context", () => {
  test.each([
    ["a bare name", "auth.json", "auth.json"],
    ["a folder below", "sub/auth.json", "sub/auth.json"],
  ])("%s is in the Meshery folder", async (_, location, file) => {
    const home = offlineHome();
    const path = putConfig(home, configText({ a: { endpoint: NOWHERE, location } }));
    const before = treeOf(path);
    const report = await loginNone(home);
    expect(report).toMatchObject({ context: "a", file: join(home.meshery, file), warnings: [] });
    expect(treeOf(path)).toEqual(before);
  });

  test("an absolute path under home is taken as it is", async () => {
    const home = offlineHome();
    const location = join(home.path, "elsewhere/credential.json");
    putConfig(home, configText({ a: { endpoint: NOWHERE, location } }));
    expect(await loginNone(home)).toMatchObject({ file: location, warnings: [] });
    expect(existsSync(home.authJson)).toBe(false);
  });

  test.each([
    ["~/away.json", (home: Home) => [join(home.path, "away.json"), join(home.meshery, "~/away.json")]],
    [
      "an absolute path outside home",
      (home: Home) => [`${home.path}-out/a.json`, `${home.meshery}${home.path}-out/a.json`],
    ],
  ])("%s, which mesheryctl writes and reads in two places: warned about", async (what, files) => {
    const home = offlineHome();
    const [writer = "", reader = ""] = files(home);
    // The name of the home is part of the other path, which mesheryctl's reader would take for below it.
    const env = what.startsWith("~") ? {} : { HOME: join(home.path, "h") };
    if (env.HOME) mkdirSync(env.HOME);
    const meshery = join(env.HOME ?? home.path, ".meshery");
    const location = what.startsWith("~") ? what : writer;
    put(join(meshery, "config.yaml"), configText({ a: { endpoint: NOWHERE, location } }), 0o644);
    const read = what.startsWith("~") ? reader : join(meshery, writer);
    const { stderr } = await meshauth(home, ["status"], { env });
    for (const path of [writer, read]) expect(stderr).toContain(path);
    const check = document(await meshauth(home, ["check", "--json"], { env })) as {
      checks: { id: string; result: string; message: string }[];
    };
    const found = check.checks.find(({ id }) => id === "credential.location");
    expect(found?.result).toBe("warn");
    for (const path of [writer, read]) expect(found?.message).toContain(path);
  });

  test("a context may be in any case, and a flag wins over a variable, which wins over the file", async () => {
    const home = offlineHome();
    const names = {
      One: { endpoint: NOWHERE, location: "1.json" },
      two: { endpoint: NOWHERE, location: "2.json" },
      three: { endpoint: NOWHERE, location: "3.json" },
    };
    putConfig(home, configText(names));
    expect((await loginNone(home)).file).toBe(join(home.meshery, "1.json"));
    const env = { MESHERY_CONTEXT: "TWO" };
    expect((await loginNone(home, [], env)).file).toBe(join(home.meshery, "2.json"));
    expect((await loginNone(home, ["-c", "Three"], env)).file).toBe(join(home.meshery, "3.json"));
  });

  test("current-context in another case than the context, as mesheryctl leaves it", async () => {
    const home = offlineHome();
    const text = configText({ prod: { endpoint: NOWHERE, location: "p.json" } });
    putConfig(home, text.replace("current-context: prod", "current-context: Prod"));
    expect((await loginNone(home)).file).toBe(join(home.meshery, "p.json"));
  });
});

describe.concurrent("the config file itself", () => {
  test("--config, MESHERY_CONFIG_PATH and the Meshery folder, in this order", async () => {
    const home = offlineHome();
    const at = (name: string, location: string) =>
      put(
        join(home.path, name),
        configText({ [location]: { endpoint: NOWHERE, location: `${location}.json` } }),
        0o644,
      );
    at("flag.yaml", "flag");
    at("variable.yaml", "variable");
    putConfig(home, configText({ own: { endpoint: NOWHERE, location: "own.json" } }));
    const env = { MESHERY_CONFIG_PATH: join(home.path, "variable.yaml") };
    expect((await loginNone(home, ["--config", "flag.yaml"], env)).context).toBe("flag");
    expect((await loginNone(home, [], env)).context).toBe("variable");
    expect((await loginNone(home, [], { MESHERY_CONFIG_PATH: "" })).context).toBe("own");
  });

  test("one that was named and is not there: 8, and it is not created", async () => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none", "--config", "gone.yaml"]);
    expectFailure(outcome, 8, "MESHAUTH_E_CONFIG");
    expect(namesIn(home.path)).toEqual(["Downloads"]);
  });

  test("is never created", async () => {
    const home = offlineHome();
    await loginNone(home);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test.each([
    ["no YAML", "contexts: [\n  a"],
    ["a tab for indentation", "contexts:\n\ta: b\n"],
    ["a list", "- a\n"],
    ["contexts that are a list", "contexts: []\ncurrent-context: a\n"],
    ["a current context that is not there", "contexts: {}\ncurrent-context: a\n"],
    [
      "a billion laughs",
      `a: &a [x,x,x,x,x,x,x,x]\n${"bcdefghij"
        .split("")
        .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]`)
        .join("\n")}\n`,
    ],
  ])("%s: 8 at once, and nothing is written", async (_, text) => {
    const home = offlineHome();
    putConfig(home, text);
    const before = treeOf(home.path);
    const outcome = await meshauth(home, ["login", "none"]);
    if (text.startsWith("a: &a")) expect([0, 8]).toContain(outcome.code);
    else {
      expectFailure(outcome, 8, "MESHAUTH_E_CONFIG");
      expect(treeOf(home.path)).toEqual(before);
    }
  });

  test.each([
    ["an empty file, which mesheryctl takes for none", ""],
    [
      "tokens that are an empty map (2020)",
      "contexts:\n  local:\n    endpoint: http://127.0.0.1:9\n    token: default\ncurrent-context: local\ntokens: {}\n",
    ],
    [
      "a token that is a map (2021)",
      "contexts:\n  local:\n    endpoint: http://127.0.0.1:9\n    token:\n      name: Default\n      location: auth.json\n    adapters:\n      - meshery-istio\ncurrent-context: local\ntokens: {}\n",
    ],
    [
      "JSON",
      '{"contexts":{"local":{"endpoint":"http://127.0.0.1:9","token":"default","platform":"docker"}},"current-context":"local","tokens":[{"location":"auth.json","name":"default"}]}',
    ],
    [
      "a byte-order mark and CRLF",
      `\ufeff${configText({ local: { endpoint: NOWHERE } }).replaceAll("\n", "\r\n")}`,
    ],
  ])("%s", async (_, text) => {
    const home = offlineHome();
    putConfig(home, text);
    expect((await loginNone(home)).file).toBe(home.authJson);
    expect((await meshauth(home, ["status"])).code).toBe(0);
  });

  test("a login changes no byte of it, and not its time, when the token entry is there", async () => {
    const home = offlineHome();
    const text = `# my servers
contexts:
    Prod:   # the big one
        endpoint: "${NOWHERE}"   # do not touch
        token: default
        provider: Meshery
        mine: {kept: true}
current-context: Prod
tokens:
-   location: auth.json
    name: default
# the end`;
    const path = putConfig(home, text);
    const before = treeOf(path);
    await loginNone(home);
    await meshauth(home, ["status"]);
    await meshauth(home, ["check"]);
    expect(treeOf(path)).toEqual(before);
  });

  test.each([
    [
      "in a block list",
      "tokens:\n  - name: other # mine\n    location: other.json\n# the end\n",
      "tokens:\n  - name: other # mine\n    location: other.json\n  - name: default\n    location: auth.json\n# the end\n",
    ],
    [
      "in an empty list",
      "tokens: [] # none yet\n",
      /^tokens: \[\{ ?name: default, location: auth\.json ?\}\] # none yet\n$/,
    ],
  ])("a missing token entry is added %s, and every other byte stays", async (_, tokens, expected) => {
    const home = offlineHome();
    const head = `# my servers\ncontexts:\n  local:  # here\n    endpoint: ${NOWHERE}\n    token: default\n    mine: 1\ncurrent-context: local\n`;
    const path = putConfig(home, head + tokens);
    await loginNone(home);
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(head)).toBe(true);
    if (typeof expected === "string") expect(text.slice(head.length)).toBe(expected);
    else expect(text.slice(head.length)).toMatch(expected);
    const before = treeOf(path);
    await loginNone(home);
    expect(treeOf(path)).toEqual(before);
  });

  test("a missing token entry: no other command adds it", async () => {
    const home = offlineHome();
    putConfig(
      home,
      `contexts:\n  local:\n    endpoint: ${NOWHERE}\n    token: default\ncurrent-context: local\n`,
    );
    put(home.authJson, NONE);
    const before = treeOf(home.path);
    for (const args of [["status"], ["check"], ["provider", "show"]]) await meshauth(home, args);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("an alias without an anchor is no YAML to mesheryctl: 8, and the file is not edited", async () => {
    const home = offlineHome();
    const head = `contexts:\n  local:\n    endpoint: ${NOWHERE}\n    token: default\ncurrent-context: local\n`;
    putConfig(home, `${head}tokens: [*a]\n`);
    const before = treeOf(home.path);
    expectFailure(await meshauth(home, ["login", "none"]), 8, "MESHAUTH_E_CONFIG");
    expect(treeOf(home.path)).toEqual(before);
  });
});

describe.concurrent("the server", () => {
  test("a flag, a variable, the context's endpoint, and the default, in this order", async () => {
    const home = plainHome();
    putConfig(home, configText({ a: { endpoint: "http://127.0.0.1:11/prefix/" } }));
    const env = { MESHERY_SERVER_URL: "http://127.0.0.1:12/" };
    expect((await loginNone(home, ["--server", "http://127.0.0.1:13//"], env)).server).toBe(
      "http://127.0.0.1:13",
    );
    expect((await loginNone(home, [], env)).server).toBe("http://127.0.0.1:12");
    expect((await loginNone(home, [], { MESHERY_SERVER_URL: "" })).server).toBe("http://127.0.0.1:11/prefix");
    const unset = await meshauth(plainHome(), ["login", "none", "--json"]);
    expect((document(unset) as Report).server).toBe("http://localhost:9081");
  });

  test.each([
    "ftp://127.0.0.1",
    "127.0.0.1:9081",
    "http://user:pass@127.0.0.1:9",
    "http://127.0.0.1:9/\r\nx",
    "",
  ])("%j is no address: 2, and nothing of a password is shown", async (address) => {
    const home = offlineHome();
    const failure = failureOf(await meshauth(home, ["login", "none", "--server", address, "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(JSON.stringify(failure)).not.toContain("pass@");
    expect(existsSync(home.meshery)).toBe(false);
  });

  test("a context whose endpoint is no address", async () => {
    const home = plainHome();
    putConfig(home, configText({ a: { endpoint: "nowhere" } }));
    expectFailure(await meshauth(home, ["login", "none"]), 8, "MESHAUTH_E_CONFIG");
    expect((await loginNone(home, ["--server", NOWHERE])).server).toBe(NOWHERE);
  });
});

describe.concurrent("MESHERY_HOME", () => {
  test("moves config and credential", async () => {
    const home = offlineHome({ MESHERY_HOME: "" });
    const folder = join(home.path, "other");
    put(join(folder, "config.yaml"), configText({ moved: { endpoint: NOWHERE, location: "m.json" } }), 0o644);
    const report = await loginNone(home, [], { MESHERY_HOME: folder });
    expect(report).toMatchObject({ context: "moved", file: join(folder, "m.json") });
    expect(existsSync(home.meshery)).toBe(false);
    expect(readAuth(join(folder, "m.json"))["meshery-provider"]).toBe("None");
  });
});
