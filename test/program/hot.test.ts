import { chmodSync, linkSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AuthStore } from "@meshauth/auth-store";
import { describe, expect, test } from "vitest";
import { HOT } from "../../packages/cli/src/hot/commands.js";
import { answerTo, BUILT_IN_NAMES } from "../../packages/cli/src/hot/hot.js";
import { isVersion, mayBeHot } from "../../packages/cli/src/hot/start.js";
import { versionLine } from "../../packages/cli/src/hot/version.js";
import providerLayer5 from "../../packages/provider-layer5/package.json" with { type: "json" };
import providerNone from "../../packages/provider-none/package.json" with { type: "json" };
import { configText, put, putConfig } from "../support/files.js";
import { plainHome } from "../support/offline.js";
import { type Home, meshauth, type Outcome } from "../support/program.js";
import { authJson, madeUpToken } from "../support/tokens.js";

const ROOT = fileURLToPath(new URL("../../packages/cli", import.meta.url));
const FULL = fileURLToPath(new URL("../support/full.mjs", import.meta.url));

interface Case {
  readonly home: Home;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What the whole program does without the hot path. */
function full({ home, env = {} }: Case, argv: readonly string[]): Promise<Outcome> {
  return meshauth(home, [FULL, ...argv], { command: [process.execPath], env });
}

/** What is printed before the whole program is loaded; `undefined` where nothing is. */
async function hot({ home, env = {} }: Case, argv: readonly string[]): Promise<string | undefined> {
  const self = { env: { ...home.env, ...env }, cwd: () => home.path, platform: process.platform };
  if (isVersion(argv)) return versionLine(ROOT, process);
  return mayBeHot(argv) ? await answerTo(argv, self).catch(() => undefined) : undefined;
}

/** Holds what is hot against the whole program. */
async function expectSame(place: Case, argv: readonly string[]): Promise<void> {
  const line = await hot(place, argv);
  if (line === undefined) return;
  expect([argv, await full(place, argv)]).toEqual([argv, { code: 0, stdout: `${line}\n`, stderr: "" }]);
}

/** A home that a login has left: the file, and what is kept about it. */
async function signedIn(home: Home, expiresIn = 3600, clockSkew = 0): Promise<void> {
  const { token } = madeUpToken({ expiresIn });
  const store = new AuthStore({ file: home.authJson, dataDir: join(home.path, ".local/share/meshauth") });
  await store.commit(() => ({
    members: new Map(Object.entries({ "meshery-provider": "Layer5", token })),
    details: {
      provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "0.1.0" },
      account: { id: "u-1", name: "Ada", email: "ada@example.com" },
      verified: true,
      savedAt: new Date().toISOString(),
      clockSkew,
    },
  }));
}

function contexts(home: Home): void {
  putConfig(
    home,
    configText({
      local: { endpoint: "http://localhost:9081" },
      production: { endpoint: "https://meshery.example.com/prefix/", location: "production.json" },
    }),
  );
}

type Make = (home: Home) => void | Promise<void> | Case["env"] | Promise<Case["env"]>;

const fresh = (): string => authJson("Layer5", madeUpToken().token);
const inEnvironment = (provider: string | undefined) => (): Case["env"] => ({
  MESHERY_API_TOKEN: madeUpToken().token,
  MESHERY_PROVIDER: provider,
});

/** Homes with the commands that are answered at once in them. */
const HOMES: readonly (readonly [string, readonly ("token" | "credential get" | "status")[], Make])[] = [
  ["no file", [], () => undefined],
  ["a fresh token", ["token", "credential get", "status"], (home) => void put(home.authJson, fresh())],
  ["what a login has left", ["token", "credential get", "status"], (home) => signedIn(home)],
  [
    "a clock that is two minutes behind",
    ["token", "credential get"],
    (home) => signedIn(home, 3600, 120_000),
  ],
  ["a token that ends by the provider's clock", [], (home) => signedIn(home, 600, 700_000)],
  ["a token that is about to end", ["status"], (home) => signedIn(home, 60)],
  ["an expired token", ["status"], (home) => signedIn(home, -60)],
  [
    "an expired token that cannot be renewed",
    [],
    (home) =>
      void put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: -60, refresh: false }).token)),
  ],
  ["a damaged file", [], (home) => void put(home.authJson, '{"meshery-provider":')],
  ["an empty file", [], (home) => void put(home.authJson, "")],
  [
    "a login without an account",
    ["credential get", "status"],
    (home) => void put(home.authJson, authJson("None", "")),
  ],
  [
    "a token that no line may have",
    ["credential get"],
    (home) => void put(home.authJson, authJson("Layer5", "two words here")),
  ],
  ["no provider's name", [], (home) => void put(home.authJson, `{"token":"${madeUpToken().token}"}`)],
  [
    "a provider's name that looks like a token",
    ["token", "credential get", "status"],
    (home) => void put(home.authJson, authJson("eyJhbGciOiJub25l.eyJzdWIiOiIx.x", madeUpToken().token)),
  ],
  [
    "contexts",
    ["token", "credential get", "status"],
    async (home) => {
      contexts(home);
      await signedIn(home);
      put(join(home.meshery, "production.json"), authJson("Layer5", madeUpToken({ expiresIn: -60 }).token));
    },
  ],
  [
    "contexts, one of them damaged",
    ["token", "credential get"],
    (home) => {
      contexts(home);
      put(home.authJson, fresh());
      put(join(home.meshery, "production.json"), "[]");
    },
  ],
  [
    "a config that is no YAML",
    [],
    (home) => {
      putConfig(home, "contexts: [");
      put(home.authJson, fresh());
    },
  ],
  [
    "a config without a current context",
    ["token", "credential get", "status"],
    (home) => {
      putConfig(home, "contexts:\n  only:\n    endpoint: http://localhost:9081\ntokens: []\n");
      put(home.authJson, fresh());
    },
  ],
  ["a token in the environment", ["token", "credential get"], inEnvironment("Layer5")],
  ["a token in the environment, without a provider", ["token", "credential get"], inEnvironment(undefined)],
  ["a token in the environment, of a provider in other letters", [], inEnvironment("layer5")],
  ["a token in the environment, of an unknown provider", [], inEnvironment("Acme")],
  [
    "an expired token in the environment",
    [],
    () => ({ MESHERY_API_TOKEN: madeUpToken({ expiresIn: -60 }).token, MESHERY_PROVIDER: "Layer5" }),
  ],
  [
    "an empty token in the environment",
    ["token", "credential get", "status"],
    (home) => {
      put(home.authJson, fresh());
      return { MESHERY_API_TOKEN: " ", MESHERY_PROVIDER: "" };
    },
  ],
  [
    "relative paths",
    ["token", "credential get", "status"],
    (home) => {
      put(join(home.path, "here/auth.json"), fresh());
      return { MESHERY_HOME: "here", MESHERY_SERVER_URL: " https://meshery.example.com/ " };
    },
  ],
  [
    "a relative data folder",
    [],
    (home) => {
      put(home.authJson, fresh());
      return { MESHAUTH_DATA_DIR: "data" };
    },
  ],
  [
    "a data folder of another name",
    ["token", "credential get", "status"],
    (home) => {
      put(home.authJson, fresh());
      return { MESHAUTH_DATA_DIR: undefined, XDG_DATA_HOME: join(home.path, "elsewhere") };
    },
  ],
  [
    "no HOME",
    [],
    (home) => {
      put(home.authJson, fresh());
      return { HOME: undefined, MESHERY_HOME: home.meshery };
    },
  ],
  [
    "an address that is none",
    [],
    (home) => {
      put(home.authJson, fresh());
      return { MESHERY_SERVER_URL: "ftp://meshery.example.com" };
    },
  ],
  [
    "a folder in which everybody can write",
    ["token", "credential get"],
    (home) => {
      put(home.authJson, fresh());
      chmodSync(home.meshery, 0o777);
    },
  ],
  [
    "a second name of the file",
    ["token", "credential get"],
    (home) => {
      put(home.authJson, fresh());
      linkSync(home.authJson, join(home.path, "second"));
    },
  ],
  [
    "a link in place of the file",
    ["token", "credential get", "status"],
    (home) => {
      put(home.authJson, fresh());
      renameSync(home.authJson, join(home.meshery, "real.json"));
      symlinkSync("real.json", home.authJson);
    },
  ],
  [
    "a link that leads nowhere",
    [],
    (home) => {
      put(home.authJson, fresh());
      renameSync(home.authJson, join(home.meshery, "real.json"));
      symlinkSync("nowhere.json", home.authJson);
    },
  ],
];

async function make(made: Make): Promise<Case> {
  const home = plainHome();
  const env = await made(home);
  return env ? { home, env } : { home };
}

const COMMANDS = HOT.map(({ words }) => words.join(" "));

describe.concurrent.each(HOMES)("hot answers: %s", (_, answered, made) => {
  test("those that are given are the whole program's, and no other is given", async () => {
    const place = await make(made);
    const given: string[] = [];
    for (const command of COMMANDS) {
      if ((await hot(place, command.split(" "))) !== undefined) given.push(command);
      await expectSame(place, command.split(" "));
    }
    expect(given).toEqual(answered);
  });
});

/** Where something has to be told, renewed or found out first. */
const LEFT = [
  "no file",
  "an expired token",
  "a damaged file",
  "a config that is no YAML",
  "no HOME",
  "DEBUG",
];

describe.concurrent("the started program", () => {
  const inHot = HOMES.filter(([, answered]) => answered.includes("token"));
  test.each(inHot)("prints what is hot, and ends well: %s", async (_, __, made) => {
    const { home, env = {} } = await make(made);
    const line = await hot({ home, env }, ["token"]);
    expect(await meshauth(home, ["token"], { env })).toEqual({ code: 0, stdout: `${line}\n`, stderr: "" });
  });

  const others = HOMES.filter(([name]) => LEFT.includes(name));
  test.each(others)("says of the rest what it says without the hot path: %s", async (_, __, made) => {
    const place = await make(made);
    const outcome = await full(place, ["token"]);
    expect(await meshauth(place.home, ["token"], { env: place.env ?? {} })).toEqual(outcome);
  });
});

/** Ways to type each flag, for a home with the contexts `local` and `production`. */
const TYPED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  json: [["--json"]],
  "no-input": [["--no-input"]],
  "no-color": [["--no-color"]],
  format: ["access", "cookie", "env", "header", "json", "raw", "nope"].map((name) => [`--format=${name}`]),
  "min-validity": [
    ["--min-validity", "10m"],
    ["--min-validity=0"],
    ["--min-validity", "ten"],
    ["--min-validity", "24h"],
  ],
  timeout: [
    ["--timeout", "5s"],
    ["--timeout", "0"],
  ],
  context: [["-c", "production"], ["--context=LOCAL"], ["--context", "nowhere"]],
  config: [["--config", "other.yaml"], ["--config=~/none.yaml"]],
  server: [["--server=https://meshery.example.com/x/"], ["--server", "nowhere"]],
};

async function withContexts(): Promise<Case> {
  const place = await make(async (home) => {
    contexts(home);
    await signedIn(home);
    put(join(home.meshery, "production.json"), authJson("Layer5", madeUpToken({ expiresIn: 1200 }).token));
    put(
      join(home.path, "other.yaml"),
      configText({ other: { endpoint: "http://127.0.0.1:9999", location: "production.json" } }),
    );
  });
  return place;
}

describe.concurrent.each(HOT)("flags of $words", ({ words, flags }) => {
  const names = Object.keys(flags);

  test("every flag is typed here in some way", () => {
    expect(names.filter((name) => TYPED[name] === undefined)).toEqual([]);
  });

  test.each(names)("--%s alone says what the whole program says", async (name) => {
    const place = await withContexts();
    for (const typed of TYPED[name] ?? []) await expectSame(place, [...words, ...typed]);
    expect(await hot(place, [...words, ...(TYPED[name]?.[0] ?? [])])).toBeDefined();
  });

  test.each(names)("--%s with each later one says what the whole program says", async (name) => {
    const place = await withContexts();
    const [first = []] = TYPED[name] ?? [];
    for (const other of names.slice(names.indexOf(name) + 1)) {
      const [second = []] = TYPED[other] ?? [];
      expect(await hot(place, [...words, ...second, ...first])).toBe(
        await hot(place, [...words, ...first, ...second]),
      );
      await expectSame(place, [...words, ...first, ...second]);
    }
  });
});

describe.concurrent("what is not hot", () => {
  test.each([
    [[]],
    [["--help"]],
    [["--version", "--json"]],
    [["-v", "token"]],
    [["version"]],
    [["--json", "token"]],
    [["token", "--help"]],
    [["token", "-h"]],
    [["token", "--version"]],
    [["token", "extra"]],
    [["token", "--"]],
    [["token", "--check"]],
    [["token:"]],
    [["system", "token"]],
    [["credential"]],
    [["credential:get"]],
    [["credential", "exec"]],
    [["credential", "get", "--format", "raw"]],
    [["credential", "--json", "get"]],
    [["status", "--check"]],
    [["status", "--format", "json"]],
    [["whoami"]],
    [["login"]],
  ])("%j", async (argv) => {
    expect(await hot(await withContexts(), argv)).toBeUndefined();
  });
});

describe.concurrent("the version", () => {
  test.each(["--version", "-v"])("%s is what oclif prints", async (word) => {
    const place = await make(() => undefined);
    expect(await hot(place, [word])).toMatch(/^@meshauth\/cli\/\d+\.\d+\.\d+ /);
    await expectSame(place, [word]);
    expect(await meshauth(place.home, [word])).toEqual(await full(place, [word]));
  });
});

test.concurrent("with DEBUG the whole program answers, even what would be hot", async () => {
  const place = await make((home) => {
    put(home.authJson, fresh());
    return { DEBUG: "oclif:main" };
  });
  const outcome = await meshauth(place.home, ["--version"], { env: place.env ?? {} });
  expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining("oclif:main") });
});

test("a command is not hot unless its first word is", () => {
  expect(HOT.map(({ words }) => mayBeHot(words))).toEqual(HOT.map(() => true));
  const others = [[], ["login"], ["version"], ["--help"], ["toString"]];
  expect(others.filter(mayBeHot)).toEqual([]);
});

test("the names of the built-in providers are those that they declare", () => {
  const declared = [providerLayer5, providerNone].flatMap(({ meshauth: { providers } }) =>
    providers.flatMap(({ serverNames }) => serverNames),
  );
  expect([...BUILT_IN_NAMES].sort()).toEqual(declared.sort());
});

const MODULES = fileURLToPath(new URL("../support/modules.cjs", import.meta.url));

/** What takes long to load, or would mean that the whole program has been. */
const HEAVY =
  /^(?:crypto|net|tty|child_process|https?|fs\/promises|worker_threads|internal\/modules\/esm\/load)$/;

describe.concurrent("before the whole program is loaded", () => {
  test.each(["--version", "token", "credential get", "status"])("%s loads little", async (words) => {
    const place = await make(async (home) => await signedIn(home));
    const report = join(place.home.path, "modules.json");
    const env = { NODE_OPTIONS: `--require ${MODULES}`, MODULES_FILE: report };
    expect(await meshauth(place.home, words.split(" "), { env })).toMatchObject({ code: 0, stderr: "" });
    const { own, files } = JSON.parse(readFileSync(report, "utf8"));
    expect(own.filter((name: string) => HEAVY.test(name))).toEqual([]);
    expect(files.length).toBeLessThanOrEqual(2);
  });
});
