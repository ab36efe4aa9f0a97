import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { expectFailure } from "../support/failure.js";
import { put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth, type RunOptions } from "../support/program.js";

interface Explanation {
  readonly facts: readonly { readonly id: string; readonly holds: boolean; readonly detail?: string }[];
  readonly ways: readonly {
    readonly id: string;
    readonly possible: boolean;
    readonly reason: string;
    readonly command: string | null;
  }[];
  readonly chosen: string | null;
}

async function explain(home: Home, args: readonly string[], options: RunOptions = {}): Promise<Explanation> {
  const outcome = await meshauth(home, ["login", ...args, "--explain", "--json"], options);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: "" });
  return document(outcome) as Explanation;
}

/** A program that leaves a trace when it is started. */
function browser(home: Home, name: string): { path: string; started: () => boolean } {
  const trace = join(home.path, `${name}.started`);
  const path = put(join(home.path, name), `#!/bin/sh\ntouch '${trace}'\n`, 0o755);
  return { path, started: () => existsSync(trace) };
}

describe.concurrent("login --explain", () => {
  test("the document has the facts and the ways in their order, and what would be taken", async () => {
    const { facts, ways, chosen, ...others } = await explain(offlineHome(), ["layer5"], {
      env: { CI: "true" },
    });
    expect(others).toEqual({});
    expect(facts.map(({ id }) => id)).toEqual([
      "ssh",
      "wsl",
      "wsl-interop",
      "container",
      "kubernetes",
      "dev-container",
      "codespaces",
      "display",
      "named-browser",
      "ci",
      "root",
      "dumb-terminal",
      "screen-reader",
      "stdin-terminal",
      "stderr-terminal",
      "no-input",
    ]);
    expect(ways.map(({ id, possible }) => [id, possible])).toEqual([
      ["browser", false],
      ["link", true],
      ["paste", false],
      ["two-step", true],
      ["token-stdin", true],
      ["import", true],
      ["none", true],
    ]);
    expect(chosen).toBeNull();
  });

  test("what it says of a login is what the login does", async () => {
    const home = offlineHome();
    const { ways } = await explain(home, ["layer5"]);
    expectFailure(await meshauth(home, ["login", "layer5"]), 10, "MESHAUTH_E_INTERACTION");
    const none =
      ways
        .find(({ id }) => id === "none")
        ?.command?.split(" ")
        .slice(1) ?? [];
    expect((await meshauth(home, none)).code).toBe(0);
  });

  test.each([
    ["GitHub Actions", { GITHUB_ACTIONS: "true" }],
    ["GitLab CI", { GITLAB_CI: "true" }],
    ["Jenkins", { JENKINS_URL: "http://127.0.0.1:2", BUILD_ID: "1" }],
  ])("%s goes by its name, and nobody is asked there", async (name, env) => {
    const { facts } = await explain(offlineHome(), [], { env: { CI: "true", ...env } });
    expect(facts).toContainEqual({ id: "ci", holds: true, detail: name });
  });

  test("it starts nothing, listens nowhere and touches no file", async () => {
    const home = offlineHome();
    const { path, started } = browser(home, "browser");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    atEnd(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const before = readdirSync(home.path, { recursive: true });
    // A login would fail for the port that is taken.
    const found = await explain(home, ["layer5", "--port", port], { env: { BROWSER: path } });
    expect(found.chosen).toBe("browser");
    expect(found.ways[0]).toMatchObject({ possible: true, command: "meshauth login layer5" });
    expect(started()).toBe(false);
    expect(readdirSync(home.path, { recursive: true })).toEqual(before);
  });

  test("without a provider it takes the one on top of the list: the last one, else the cloud", async () => {
    const home = offlineHome();
    expect((await explain(home, [])).ways[1]?.command).toBe("meshauth login layer5 --no-browser");
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect((await explain(home, [])).chosen).toBe("none");
  });

  test.each([
    ["-p, as mesheryctl spells it", ["-p", "Layer5", "--no-browser"], "link"],
    ["--token-stdin", ["layer5", "--token-stdin"], "token-stdin"],
    ["a file to import that is not there", ["file-import", "/nowhere/auth.json"], "import"],
    ["no file to import", ["file-import"], null],
    ["no account", ["none"], "none"],
  ])("%s", async (_, args, chosen) => {
    expect((await explain(offlineHome(), args)).chosen).toBe(chosen);
  });

  test("to people it goes on standard output, with the reasons", async () => {
    const env = { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22", CI: "true" };
    const outcome = await meshauth(offlineHome(), ["login", "layer5", "--explain"], { env });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^ {2}yes {2}SSH session +SSH_CONNECTION is set$/m);
    expect(outcome.stdout).toMatch(/^ {2}no {3}Browser opened here +This is an SSH session: /m);
    expect(outcome.stdout).toMatch(
      /^ {2}yes {2}Token from input .*\n +meshauth login layer5 --token-stdin < FILE$/m,
    );
    expect(outcome.stdout).toMatch(/\nThis login \(layer5\) cannot go on here: exit code 10\. .*\n$/);
  });

  test("a provider that is not there is refused as ever", async () => {
    expectFailure(
      await meshauth(offlineHome(), ["login", "acme", "--explain"]),
      2,
      "MESHAUTH_E_UNKNOWN_PROVIDER",
    );
  });
});

describe.concurrent("a text browser in BROWSER", () => {
  test("is not started, and is no reason to begin a login that nobody sees", async () => {
    const home = offlineHome();
    const { path, started } = browser(home, "w3m");
    const outcome = await meshauth(home, ["login", "layer5"], { env: { BROWSER: path } });
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
    expect(started()).toBe(false);
  });

  test("is passed over for the next one", async () => {
    const home = offlineHome();
    const { path } = browser(home, "w3m");
    const { chosen, ways } = await explain(home, ["layer5"], { env: { BROWSER: `${path}:firefox` } });
    expect(chosen).toBe("browser");
    expect(ways[0]?.reason).toBe("The program that BROWSER names opens the link.");
  });
});
