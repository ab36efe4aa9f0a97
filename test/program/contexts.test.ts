import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { browserLogin } from "../support/browser-login.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { configText, put, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome, plainHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, canary, leaksOf, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

interface Row {
  readonly name: string;
  readonly current: boolean;
  readonly endpoint: string | null;
  readonly state: string;
  readonly account: { readonly email: string } | null;
  readonly file: string;
  readonly sharedWith: readonly string[];
}

interface List {
  readonly current: string | null;
  readonly contexts: readonly Row[];
  readonly problems: readonly {
    readonly code: string | null;
    readonly message: string;
    readonly next: string;
  }[];
}

const valid = madeUpToken();
const PROD = "https://meshery.example";

/** Three contexts: two share `auth.json`, the third has a file of its own. */
const THREE = `# the team's
contexts:
  local: # mine
    endpoint: ${NOWHERE}
    token: default
    provider: Layer5
    platform: kubernetes
  Prod:
    endpoint: ${PROD}/
    token: default
  lab:
    endpoint: http://127.0.0.1:10
    token: lab
current-context: local
tokens:
  - name: default
    location: auth.json
  - name: lab
    location: lab.json
`;

async function listOf(home: Home, args: readonly string[] = [], env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["context", "list", "--json", ...args], { env });
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  return document(outcome) as List;
}

function threeContexts(text = THREE): { home: Home; config: string } {
  const home = plainHome();
  const config = putConfig(home, text);
  put(join(home.meshery, "lab.json"), authJson("Layer5", valid.token));
  return { home, config };
}

describe.concurrent("context list", () => {
  test("every context with the state of its credential, offline, and nothing is touched", async () => {
    const { home } = threeContexts();
    const before = treeOf(home.path);
    const outcome = await meshauth(home, ["context", "list", "--json"]);
    expect(document(outcome)).toEqual({
      current: "local",
      contexts: [
        {
          name: "local",
          current: true,
          endpoint: NOWHERE,
          token: "default",
          contextProvider: "Layer5",
          state: "logged-out",
          account: null,
          provider: null,
          expiresAt: null,
          refreshable: false,
          file: home.authJson,
          sharedWith: ["Prod"],
        },
        expect.objectContaining({
          name: "Prod",
          current: false,
          endpoint: PROD,
          contextProvider: null,
          file: home.authJson,
          sharedWith: ["local"],
        }),
        expect.objectContaining({
          name: "lab",
          state: "valid",
          contextProvider: null,
          provider: "Layer5",
          refreshable: true,
          file: join(home.meshery, "lab.json"),
          sharedWith: [],
        }),
      ],
      problems: [],
    });
    const people = await meshauth(home, ["context", "list"]);
    expect(
      people.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(0, 7)),
    ).toEqual(["* local", "  Prod ", "  lab  "]);
    expect(leaksOf(outcome.stdout + people.stdout + people.stderr, [valid.token])).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("the alias of mesheryctl says the same", async () => {
    const { home } = threeContexts();
    const [own, alias] = await Promise.all(
      [
        ["context", "list"],
        ["system", "context", "list"],
      ].map((words) => meshauth(home, words)),
    );
    expect(alias).toEqual(own);
  });

  test("a flag and a variable say which is in force", async () => {
    const { home } = threeContexts();
    expect((await listOf(home, ["-c", "PROD"])).current).toBe("Prod");
    expect(
      (await listOf(home, [], { MESHERY_CONTEXT: "lab" })).contexts.map(({ current }) => current),
    ).toEqual([false, false, true]);
  });

  test("a current context that does not exist is told, and the others are listed", async () => {
    const { home } = threeContexts(THREE.replace("current-context: local", "current-context: gone"));
    const { current, contexts, problems } = await listOf(home);
    expect([current, contexts.length, contexts.filter((row) => row.current)]).toEqual([null, 3, []]);
    expect(problems).toEqual([
      {
        code: "MESHAUTH_E_CONFIG",
        message: expect.stringContaining('"gone"'),
        next: "meshauth context use local",
      },
    ]);
    const people = await meshauth(home, ["context", "list"]);
    expect([people.code, people.stderr]).toEqual([0, expect.stringContaining("meshauth context use local")]);
    const byVariable = await listOf(home, [], { MESHERY_CONTEXT: "nowhere" });
    expect(byVariable.problems[0]?.code).toBe("MESHAUTH_E_UNKNOWN_CONTEXT");
  });

  test("a context that was typed and is not there: 2", async () => {
    const { home } = threeContexts();
    expectFailure(await meshauth(home, ["context", "list", "-c", "Produ"]), 2, "MESHAUTH_E_UNKNOWN_CONTEXT");
  });

  test("no config file: an empty list, a line that says so, 0, and none is made", async () => {
    const home = offlineHome();
    expect(await listOf(home)).toEqual({ current: null, contexts: [], problems: [] });
    const { code, stdout, stderr } = await meshauth(home, ["context", "list"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/There is no \S+config\.yaml, so there are no contexts/);
    expect(namesIn(home.path)).toEqual(["Downloads"]);
  });

  test("a config of no bytes is said to be empty", async () => {
    const { home } = threeContexts("");
    const list = await meshauth(home, ["context", "list"]);
    expect(list.stderr).toMatch(/config\.yaml is empty, so there are no contexts/);
    for (const [args, exit] of [
      [["context", "view", "--json"], 2],
      [["context", "use", "x", "--json"], 2],
      [["system", "token", "view", "x", "--json"], 2],
      [["system", "provider", "set", "Layer5", "--json"], 8],
    ] as const) {
      const error = failureOf(await meshauth(home, args));
      expect([error.exitCode, error.cause]).toEqual([
        exit,
        expect.stringMatching(/config\.yaml is empty\.$/),
      ]);
    }
  });

  test("a config that is none: 8", async () => {
    const { home } = threeContexts("contexts: [\n  a");
    expectFailure(await meshauth(home, ["context", "list"]), 8, "MESHAUTH_E_CONFIG");
  });

  test("a damaged file, an unreadable one and an address with a password", async () => {
    const home = plainHome();
    putConfig(
      home,
      configText({
        a: { endpoint: "http://someone:hunter2@127.0.0.1:1" },
        b: { endpoint: NOWHERE, location: "broken.json" },
        c: { endpoint: NOWHERE, location: "folder" },
      }),
    );
    put(join(home.meshery, "broken.json"), `{"token":"${canary()}`);
    put(join(home.meshery, "folder/x"), "");
    const outcome = await meshauth(home, ["context", "list", "--json"]);
    expect((document(outcome) as List).contexts).toMatchObject([
      { state: "logged-out", endpoint: null },
      { state: "damaged", problem: expect.any(String) },
      { state: "unknown", problem: expect.any(String) },
    ]);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/hunter2|CANARY/);
  });

  test("names with escape codes are shown without them", async () => {
    const home = plainHome();
    putConfig(home, JSON.stringify({ contexts: { "a\u001b]0;x\u0007\u202eb": {} } }));
    const { stdout, stderr } = await meshauth(home, ["context", "list"]);
    expect(stdout).toContain("b");
    expect(stdout + stderr).not.toMatch(/[\u0007\u001b\u202e]/);
  });

  test("a file that links lead to is shared", async () => {
    const home = plainHome();
    const text = configText({
      a: { endpoint: NOWHERE, location: "auth.json" },
      b: { endpoint: NOWHERE, location: join(home.meshery, "sub/../auth.json") },
    });
    putConfig(home, text);
    expect((await listOf(home)).contexts.map(({ sharedWith }) => sharedWith)).toEqual([["b"], ["a"]]);
  });
});

describe.concurrent("context view", () => {
  test("the one in force, or the one that is named in any case", async () => {
    const { home } = threeContexts();
    const before = treeOf(home.path);
    const current = document(await meshauth(home, ["context", "view", "--json"]));
    expect(current).toMatchObject({
      name: "local",
      current: true,
      platform: "kubernetes",
      location: "auth.json",
      readerFile: home.authJson,
      writerFile: home.authJson,
      missingEntry: false,
      config: join(home.meshery, "config.yaml"),
      warnings: [],
    });
    const named = await meshauth(home, ["system", "context", "view", "PROD", "--json"]);
    expect(document(named)).toMatchObject({ name: "Prod", current: false, endpoint: PROD });
    const byFlag = await meshauth(home, ["context", "view", "--context", "lab", "--json"]);
    expect(document(byFlag)).toMatchObject({ name: "lab", current: true, state: "valid" });
    const people = await meshauth(home, ["context", "view", "lab"]);
    expect(people).toMatchObject({ code: 0, stderr: "" });
    for (const text of ["lab", "http://127.0.0.1:10", "lab.json", "valid", "Layer5"]) {
      expect(people.stdout).toContain(text);
    }
    expect(treeOf(home.path)).toEqual(before);
  });

  test("an unknown name: 2, with the nearest", async () => {
    const { home } = threeContexts();
    const error = failureOf(await meshauth(home, ["context", "view", "prd", "--json"]));
    expect(error).toMatchObject({ code: "MESHAUTH_E_UNKNOWN_CONTEXT", exitCode: 2 });
    expect(error.message).toContain('Did you mean "Prod"?');
    expect(error.next[0]).toBe("meshauth context view Prod");
  });

  test("none in force", async () => {
    const { home } = threeContexts(THREE.replace("current-context: local\n", ""));
    const error = failureOf(await meshauth(home, ["context", "view", "--json"]));
    expect([error.code, error.next]).toEqual([
      "MESHAUTH_E_UNKNOWN_CONTEXT",
      ["meshauth context use local", "meshauth context list"],
    ]);
    expect([error.exitCode, error.message]).toEqual([2, "No context is in force."]);
    expect((await meshauth(home, ["context", "view", "lab"])).code).toBe(0);
    expectFailure(await meshauth(offlineHome(), ["context", "view"]), 2, "MESHAUTH_E_UNKNOWN_CONTEXT");
    expectFailure(await meshauth(offlineHome(), ["context", "view", "x"]), 2, "MESHAUTH_E_UNKNOWN_CONTEXT");
  });

  test("--all: every context, one after the other, by both spellings", async () => {
    const { home } = threeContexts(THREE.replace("provider: Layer5", "provider: none"));
    const [own, alias, people] = await Promise.all([
      meshauth(home, ["context", "view", "--all", "--json"]),
      meshauth(home, ["system", "context", "view", "--all", "--json"]),
      meshauth(home, ["context", "view", "--all"]),
    ]);
    const { contexts } = document(own) as { contexts: Row[] };
    expect(contexts.map(({ name }) => name)).toEqual(["local", "Prod", "lab"]);
    expect(alias).toEqual(own);
    const [local = "", prod = "", lab = "", ...more] = people.stdout.split("\n\n");
    expect(more).toEqual([]);
    expect(local).toMatch(/^Context +local \(in force\)$[\s\S]*^Provider +none$/m);
    expect(prod).toMatch(/^Platform +not set$\n^Provider +not set$/m);
    expect(lab).toMatch(/^Signed in with {2}Layer5$/m);
    expectFailure(await meshauth(home, ["context", "view", "lab", "--all"]), 2, "MESHAUTH_E_USAGE");
  });

  test("a location that mesheryctl reads and writes in two places is warned about", async () => {
    const { home } = threeContexts(THREE.replace("lab.json", "~/lab.json"));
    const { stderr } = await meshauth(home, ["context", "view", "lab"]);
    expect(stderr).toMatch(/Warning: .*mesheryctl reads/);
  });
});

describe.concurrent("context use", () => {
  test("sets the current context and nothing else, by any spelling of the name", async () => {
    const { home, config } = threeContexts();
    const outcome = await meshauth(home, ["context", "use", "PROD", "--json"]);
    expect(document(outcome)).toEqual({
      context: "Prod",
      changed: true,
      overriddenBy: null,
      endpoint: PROD,
      state: "logged-out",
      provider: null,
      account: null,
      expiresAt: null,
      refreshable: false,
      file: home.authJson,
      warnings: [],
      next: "meshauth login",
    });
    const text = readFileSync(config, "utf8");
    expect(text).toBe(THREE.replace("current-context: local", "current-context: Prod"));
    expect(parse(text)).toMatchObject({ "current-context": "Prod" });
    expect(namesIn(home.meshery)).toEqual(["config.yaml", "lab.json"]);
  });

  test("that it was so already", async () => {
    const { home, config } = threeContexts();
    const before = treeOf(config);
    const { code, stdout, stderr } = await meshauth(home, ["context", "use", "local"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("The current context is local already.");
    expect(stderr).toMatch(/Next: +meshauth login$/m);
    expect(treeOf(config)).toEqual(before);
  });

  test("a context with a login: whose, and what to do next", async () => {
    const { home } = threeContexts();
    const { stderr } = await meshauth(home, ["context", "use", "lab"]);
    expect(stderr).toMatch(
      /The current context is now lab\.[\s\S]*valid, Layer5, expires[\s\S]*Next: +meshauth check$/m,
    );
    expect((await meshauth(home, ["status"])).code).toBe(0);
  });

  test("mends a current context that does not exist, and one that is missing", async () => {
    for (const replacement of ["current-context: gone\n", ""]) {
      const { home, config } = threeContexts(THREE.replace("current-context: local\n", replacement));
      expect((await meshauth(home, ["context", "use", "lab"])).code).toBe(0);
      expect(parse(readFileSync(config, "utf8"))).toMatchObject({ "current-context": "lab" });
    }
  });

  test("a variable that wins is warned about, and the next command names the context", async () => {
    const { home } = threeContexts();
    const env = { MESHERY_CONTEXT: "local" };
    const used = document(await meshauth(home, ["context", "use", "prod", "--json"], { env }));
    expect(used).toMatchObject({
      context: "Prod",
      overriddenBy: "local",
      warnings: [expect.stringContaining("MESHERY_CONTEXT")],
      next: "meshauth login --context Prod",
    });
    const same = await meshauth(home, ["context", "use", "local", "--json"], { env });
    expect(document(same)).toMatchObject({ overriddenBy: null, warnings: [], next: "meshauth login" });
  });

  test("an unknown name: 2, and nothing is changed", async () => {
    const { home, config } = threeContexts();
    const before = treeOf(config);
    const error = failureOf(await meshauth(home, ["context", "use", "loca", "--json"]));
    expect([error.code, error.next[0]]).toEqual(["MESHAUTH_E_UNKNOWN_CONTEXT", "meshauth context use local"]);
    const missing = await meshauth(home, ["context", "use"]);
    expectFailure(missing, 2, "MESHAUTH_E_USAGE");
    expect(missing.stderr).toContain("Error: Missing CONTEXT.\n");
    expect(treeOf(config)).toEqual(before);
  });

  test("a config that cannot be changed in place: 8, with what to write by hand", async () => {
    const text = THREE.replace("current-context: local\n", "")
      .replace("# the team's\n", "current-context: &name local\nowner: *name\n")
      .replace("platform: kubernetes", "platform: *name");
    const { home, config } = threeContexts(text);
    const error = failureOf(await meshauth(home, ["context", "use", "lab", "--json"]));
    expect([error.code, error.next]).toEqual([
      "MESHAUTH_E_CONFIG",
      ['Set "current-context" in config.yaml to "lab".'],
    ]);
    expect(readFileSync(config, "utf8")).toBe(text);
  });
});

describe("two contexts, two servers", () => {
  test("a login for each, and the list tells who is signed in where", async () => {
    const [first, second] = await Promise.all([simulated(), simulated()]);
    const home = plainHome();
    putConfig(
      home,
      configText({
        one: { endpoint: first.server.url },
        two: { endpoint: second.server.url, location: "two.json" },
      }),
    );
    const [mira, tomas] = ["mira.solberg@example.com", "tomas.okafor@example.org"];
    expect((await browserLogin(home, [], { person: { user: mira } })).code).toBe(0);
    expect((await meshauth(home, ["context", "use", "two"])).code).toBe(0);
    expect((await browserLogin(home, [], { person: { user: tomas } })).code).toBe(0);
    const { current, contexts } = await listOf(home);
    expect(current).toBe("two");
    expect(contexts.map(({ name, state, account }) => [name, state, account?.email])).toEqual([
      ["one", "valid", mira],
      ["two", "valid", tomas],
    ]);
    const asked = [first.server.requests.length, second.server.requests.length];
    await listOf(home);
    await meshauth(home, ["context", "view", "one"]);
    expect([first.server.requests.length, second.server.requests.length]).toEqual(asked);
  }, 90_000);
});

describe.concurrent("the token commands of mesheryctl", () => {
  test("list and view tell names and files, never a token", async () => {
    const { home } = threeContexts();
    const list = await meshauth(home, ["system", "token", "list"]);
    expect(list).toEqual({ code: 0, stdout: "default\nlab\n", stderr: "" });
    const own = await meshauth(home, ["system", "token", "view"]);
    expect(own.stdout).toBe(`token: default\nlocation: ${home.authJson}\n`);
    const named = await meshauth(home, ["system", "token", "view", "lab"]);
    expect(named.stdout).toBe(`token: lab\nlocation: ${join(home.meshery, "lab.json")}\n`);
    const all = await meshauth(home, ["system", "token", "view", "--all", "--json"]);
    expect(document(all)).toEqual({
      tokens: [
        { name: "default", location: "auth.json", file: home.authJson, contexts: ["local", "Prod"] },
        { name: "lab", location: "lab.json", file: join(home.meshery, "lab.json"), contexts: ["lab"] },
      ],
    });
    expectFailure(await meshauth(home, ["system", "token", "view", "lap"]), 2, "MESHAUTH_E_USAGE");
  });

  test.each(["create", "delete", "set"])("%s is left to mesheryctl, whatever is typed", async (verb) => {
    const { home } = threeContexts();
    const before = treeOf(home.path);
    const words = ["system", "token", verb, "new one", "-f", "x.json", "--set"];
    const error = failureOf(await meshauth(home, [...words, "--json"]));
    expect(error).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(error.next[0]).toBe(`mesheryctl system token ${verb} 'new one' -f x.json --set`);
    expectFailure(await meshauth(home, ["system", "token", verb]), 2, "MESHAUTH_E_USAGE");
    expect(treeOf(home.path)).toEqual(before);
  });
});
