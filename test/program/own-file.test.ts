import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "@meshauth/meshery-simulator";
import { visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { browserLogin, openCallback, startBrowserLogin } from "../support/browser-login.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { put, putConfig, readAuth } from "../support/files.js";
import { offlineHome, plainHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

const MIRA = "mira.solberg@example.com";
const TOMAS = "tomas.okafor@example.org";

interface Config {
  readonly contexts: Readonly<Record<string, { readonly token: string }>>;
  readonly tokens: readonly { readonly name: string; readonly location: string }[];
}

/** Two servers, each with its own cloud: made once, since nothing is changed in them. */
let servers: Promise<readonly [Simulator, Simulator]> | undefined;
const twoServers = () => {
  servers ??= simulated().then(async (first) => [first, await simulated()] as const);
  return servers;
};

/** `a` and `b` are contexts with different servers and one file; Mira is signed in for `a`. */
async function shared() {
  const [a, b] = await twoServers();
  const home = plainHome();
  const text = `# kept
contexts:
  a:
    endpoint: ${a.server.url} # first
    token: default
  b:
    token: default
    endpoint: ${b.server.url}
    unknown: [kept]
current-context: a
tokens:
  - location: auth.json
    name: default
`;
  const config = putConfig(home, text);
  const token = a.cloud.issueToken({ user: MIRA });
  put(home.authJson, authJson("Layer5", token));
  return { home, a, b, config, text, token, own: join(home.meshery, "auth-b.json") };
}

const loginB = (home: Home, args: readonly string[] = []) =>
  browserLogin(home, ["--context", "b", ...args], { person: { user: TOMAS } });

const stored = (file: string) => readAuth(file)["token"] ?? "";

describe("a login for a context that shares its file with another", () => {
  test("nobody to ask: 10, nothing is changed, and both ways are named with the context", async () => {
    const { home } = await shared();
    const before = treeOf(home.meshery);
    const outcome = await loginB(home, ["--json"]);
    expect(outcome.code).toBe(10);
    const error = failureOf(outcome);
    expect(error).toMatchObject({
      code: "MESHAUTH_E_INTERACTION",
      next: [
        "meshauth login layer5 --no-browser --context b --own-file",
        "meshauth login layer5 --no-browser --context b --force",
      ],
    });
    expect(error.cause).toContain('The context "a" would lose it, too');
    const after = treeOf(home.meshery);
    delete (before as Record<string, string>)["."];
    delete (after as Record<string, string>)["."];
    expect(after).toEqual(before);
  });

  test("--own-file: both are signed in afterwards, and mesheryctl can read the config", async () => {
    const { home, b, config, text, token, own } = await shared();
    const outcome = await loginB(home, ["--own-file", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ context: "b", file: own, server: b.server.url, warnings: [] });
    expect(outcome.stderr).toContain(
      'the context "b" now has the token entry "b", with the file auth-b.json',
    );
    expect(stored(home.authJson)).toBe(token);
    expect(b.cloud.userOf(stored(own))?.email).toBe(TOMAS);
    const now = readFileSync(config, "utf8");
    expect(now).toBe(
      `${text.replace("b:\n    token: default", "b:\n    token: b")}  - location: auth-b.json\n    name: b\n`,
    );
    const read = parse(now) as Config;
    expect(read.tokens.find(({ name }) => name === read.contexts["b"]?.token)).toEqual({
      name: "b",
      location: "auth-b.json",
    });
    expect(namesIn(home.meshery)).toEqual(["auth-b.json", "auth.json", "config.yaml"]);
    const list = document(await meshauth(home, ["context", "list", "--json"])) as {
      contexts: { name: string; state: string; sharedWith: string[] }[];
    };
    expect(list.contexts).toMatchObject([
      { name: "a", state: "valid", sharedWith: [] },
      { name: "b", state: "valid", sharedWith: [] },
    ]);
    // The file is nobody else's by now: the usual login.
    const bytes = readFileSync(config);
    expect((await loginB(home, ["--own-file"])).code).toBe(0);
    expect(readFileSync(config)).toEqual(bytes);
    expect(namesIn(home.meshery)).toEqual(["auth-b.json", "auth.json", "config.yaml"]);
  });

  test("--force: the login is replaced, with a warning that names the other context", async () => {
    const { home, b, config, text } = await shared();
    const outcome = await loginB(home, ["--force", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    const { warnings } = document(outcome) as { warnings: string[] };
    expect(warnings).toEqual([expect.stringMatching(/is replaced for the context "a", too/)]);
    expect(outcome.stderr).toContain('for the context "a", too');
    expect(b.cloud.userOf(stored(home.authJson))?.email).toBe(TOMAS);
    expect(readFileSync(config, "utf8")).toBe(text);
  });

  test("--force with --own-file leaves the shared file alone", async () => {
    const { home, token, own } = await shared();
    const outcome = await loginB(home, ["--force", "--own-file", "--json"]);
    expect(document(outcome)).toMatchObject({ file: own, warnings: [] });
    expect(stored(home.authJson)).toBe(token);
  });

  test("contexts with the same server are named, too, and the command is the one that was typed", async () => {
    const { home, a, b, config, text, token, own } = await shared();
    writeFileSync(config, text.replace(b.server.url, a.server.url));
    const input = a.cloud.issueToken({ user: TOMAS });
    const args = ["login", "layer5", "--token-stdin", "-c", "b", "--provider-url", a.cloud.url];
    const typed = `meshauth ${args.join(" ")}`;
    const error = failureOf(await meshauth(home, [...args, "--json", "--no-input"], { input }));
    expect(error.next).toEqual([`${typed} --own-file`, `${typed} --force`]);
    expect(error.cause).toContain('The context "a" would lose it, too');
    const done = await meshauth(home, [...args, "--own-file", "--json"], { input });
    expect(done.code, done.stdout).toBe(0);
    expect([stored(home.authJson), stored(own)]).toEqual([token, input]);
  });

  test("an expired login is nobody's loss: replaced without a question, in the shared file", async () => {
    const { home, a, config, text } = await shared();
    put(
      home.authJson,
      authJson("Layer5", a.cloud.issueToken({ user: MIRA, expired: true, noRefresh: true })),
    );
    expect((await loginB(home)).code).toBe(0);
    expect(readFileSync(config, "utf8")).toBe(text);
  });
}, 90_000);

describe("a file of its own", () => {
  test("for a login without an account, too", async () => {
    const { home, token, own } = await shared();
    const outcome = await meshauth(home, ["login", "none", "-c", "b", "--own-file", "--json"]);
    expect(document(outcome)).toMatchObject({ file: own, warnings: [] });
    expect(readAuth(own)).toEqual({ "meshery-provider": expect.stringMatching(/None|Local/), token: "" });
    expect(stored(home.authJson)).toBe(token);
  });

  test("without a context or a config: 2, before anybody is asked for anything", async () => {
    const home = offlineHome();
    expectFailure(await meshauth(home, ["login", "none", "--own-file"]), 2, "MESHAUTH_E_USAGE");
    expect(namesIn(home.path)).toEqual(["Downloads"]);
    putConfig(home, "contexts: {}\n");
    expectFailure(await meshauth(home, ["login", "none", "--own-file"]), 2, "MESHAUTH_E_USAGE");
  });

  test("a config that cannot be changed in place: 8 before the provider is asked, with what to write", async () => {
    const { home, b, config, text, own } = await shared();
    const odd = text.replace(
      "    token: default\n    endpoint",
      "    token: &name default\n    provider: *name\n    endpoint",
    );
    writeFileSync(config, odd);
    const asked = b.cloud.requests.length;
    const error = failureOf(
      await meshauth(home, ["login", "layer5", "-c", "b", "--own-file", "--no-browser", "--json"]),
    );
    expect([error.code, error.next]).toEqual([
      "MESHAUTH_E_CONFIG",
      [
        'Add to "tokens" in config.yaml: - {name: "b", location: "auth-b.json"}, and set "token" of the context "b" to "b".',
      ],
    ]);
    expect(b.cloud.requests.length).toBe(asked);
    expect(readFileSync(config, "utf8")).toBe(odd);
    expect(existsSync(own)).toBe(false);
    expect(namesIn(home.meshery)).toEqual(["auth.json", "config.yaml"]);
  });

  test("a config that is gone after the approval: the login is saved, and what to write is told", async () => {
    const { home, b, config, own } = await shared();
    const { link, outcome } = await startBrowserLogin(home, ["-c", "b", "--own-file", "--json"]);
    const { callback = "" } = await visitLogin(link, { user: TOMAS, stay: true });
    rmSync(config);
    await openCallback(callback);
    const ended = await outcome;
    expect(ended.code, ended.stderr).toBe(0);
    const { file, warnings } = document(ended) as { file: string; warnings: string[] };
    expect(file).toBe(own);
    expect(b.cloud.userOf(stored(own))?.email).toBe(TOMAS);
    expect(warnings).toEqual([
      expect.stringMatching(/The login is saved, but .*Add to "tokens" in config\.yaml: - \{name: "b"/),
    ]);
    expect(existsSync(config)).toBe(false);
  });

  test("names that are taken are numbered", async () => {
    const { home, config, text } = await shared();
    writeFileSync(config, `${text}  - location: other.json\n    name: b\n`);
    put(join(home.meshery, "auth-b.json"), "not ours\n");
    const outcome = await meshauth(home, ["login", "none", "-c", "b", "--own-file", "--json"]);
    expect(document(outcome)).toMatchObject({ file: join(home.meshery, "auth-b-2.json") });
    expect(readFileSync(join(home.meshery, "auth-b.json"), "utf8")).toBe("not ours\n");
    const { contexts, tokens } = parse(readFileSync(config, "utf8")) as Config;
    expect(contexts["b"]?.token).toBe("b-meshauth");
    expect(tokens.at(-1)).toEqual({ name: "b-meshauth", location: "auth-b-2.json" });
  });

  test("Ctrl-C while the browser is open leaves everything as it was", async () => {
    const { home } = await shared();
    const before = namesIn(home.meshery);
    const { kill, outcome } = await startBrowserLogin(home, ["-c", "b", "--own-file"]);
    expect(namesIn(home.meshery)).toEqual(before);
    kill("SIGINT");
    expect((await outcome).code).toBe(130);
    expect(namesIn(home.meshery)).toEqual(before);
  });
}, 90_000);
