import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "@meshauth/meshery-simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { type Container, makeContainer, NOBODYS_UID, noContainer } from "../support/container.js";
import { expectFailure } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { document, type Outcome, PROGRAM } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, leaksOf } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

const title = "a read-only root file system, no HOME, no TMPDIR";
const GUIDE = new URL("../../docs/without-a-browser.md", import.meta.url);

let simulator: Simulator;
beforeAll(async () => {
  simulator = await simulated();
});

const withServer = (): Record<string, string> => ({ CI: "true", MESHERY_SERVER_URL: simulator.server.url });

/** Only what cannot be kept beside it is warned of: the folder for that is on the read-only root file system. */
const UNKNOWN = /^Warning: What is known about the account beside the credential could not be updated\.$/;

/** Exactly the credential is in the volume, for its owner alone. */
function expectStored(container: Container, outcome: Outcome, uid: number): void {
  expect(outcome.code, outcome.stderr).toBe(0);
  const warnings = outcome.stderr.split("\n").filter((line) => line.startsWith("Warning"));
  expect(warnings.filter((line) => !UNKNOWN.test(line))).toEqual([]);
  expect(outcome.stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(namesIn(container.volume)).toEqual(["meshery", "meshery/auth.json"]);
  expect([modeOf(container.meshery), modeOf(container.authJson)]).toEqual(["0700", "0600"]);
  expect(statSync(container.authJson).uid).toBe(uid);
}

describe.skipIf(noContainer)(noContainer === undefined ? title : `${title} (${noContainer})`, () => {
  describe.concurrent.each([
    ["as root", undefined, {}],
    ["as a user id without a name, and HOME=/ as Docker sets it", NOBODYS_UID, { HOME: "/" }],
    ["as a user id without a name, and no HOME", NOBODYS_UID, {}],
  ] as const)("%s", (_, uid, more) => {
    const make = (env: Record<string, string> = {}): Container =>
      makeContainer({ ...withServer(), ...more, ...env }, uid === undefined ? {} : { uid });

    test("login layer5 --token-stdin", async () => {
      const container = make();
      const token = simulator.cloud.apiToken();
      const args = ["login", "layer5", "--token-stdin", "--json"];
      const outcome = await container.run(args, { input: `${token}\n` });
      expectStored(container, outcome, uid ?? 0);
      expect(document(outcome)).toMatchObject({
        account: { email: "mira.solberg@example.com" },
        verified: true,
        file: container.authJson,
      });
      expect(leaksOf(outcome.stdout + outcome.stderr, [token])).toEqual([]);
      const printed = await container.run(["token"]);
      expect(printed).toMatchObject({ code: 0, stdout: `${readAuth(container.authJson)["token"]}\n` });
    });

    test("login file-import -", async () => {
      const container = make();
      const input = authJson(simulator.remoteName, simulator.cloud.apiToken());
      expectStored(container, await container.run(["login", "file-import", "-"], { input }), uid ?? 0);
      expect((await container.run(["check"])).code).toBe(0);
    });

    test("login none, with standard input closed", async () => {
      const container = make();
      const command = ["sh", "-c", 'exec "$0" "$@" <&-', process.execPath, PROGRAM] as const;
      const outcome = await container.run(["login", "none"], { command: [...command] });
      expectStored(container, outcome, uid ?? 0);
      expect(readAuth(container.authJson)["token"]).toBe("");
    });

    test("MESHERY_API_TOKEN alone writes nothing at all", async () => {
      const token = simulator.cloud.apiToken();
      const container = make({ MESHERY_API_TOKEN: token, MESHERY_PROVIDER: simulator.remoteName });
      const before = treeOf(container.volume);
      expect(await container.run(["token"])).toEqual({ code: 0, stdout: `${token}\n`, stderr: "" });
      const whoami = await container.run(["whoami"]);
      expect(whoami.stdout).toContain("mira.solberg@example.com");
      expect(treeOf(container.volume)).toEqual(before);
    });

    test("login without a way in: 10 at once, and nothing is left", async () => {
      const container = make();
      expectFailure(await container.run(["login", "layer5"]), 10, "MESHAUTH_E_INTERACTION");
      expect(namesIn(container.volume)).toEqual([]);
    });
  });

  test("XDG_DATA_HOME in the volume keeps what is known about the account, without a warning", async () => {
    const container = makeContainer(withServer(), { uid: NOBODYS_UID });
    const env = { HOME: "/", XDG_DATA_HOME: join(container.volume, "data") };
    const input = simulator.cloud.apiToken();
    const outcome = await container.run(["login", "layer5", "--token-stdin"], { input, env });
    expect([outcome.code, outcome.stderr]).toEqual([0, expect.not.stringContaining("Warning")]);
    expect((await container.run(["status"], { env })).stdout).toContain("mira.solberg@example.com");
  });

  test("an empty standard input is told, and one that nobody ends takes no longer than it may", async () => {
    const container = makeContainer(withServer());
    for (const way of [
      ["layer5", "--token-stdin"],
      ["file-import", "-"],
    ]) {
      const command = ["sh", "-c", 'exec "$0" "$@" <&-', process.execPath, PROGRAM] as const;
      const closed = await container.run(["login", ...way], { command: [...command] });
      expectFailure(closed, 8, "MESHAUTH_E_IMPORT");
      expect(closed.stderr).toMatch(/empty/);
    }
    const command = ["sh", "-c", 'sleep 4 | "$0" "$@"', process.execPath, PROGRAM] as const;
    const args = ["login", "layer5", "--token-stdin", "--timeout", "1s"];
    const endless = await container.run(args, { command: [...command] });
    expectFailure(endless, 6, "MESHAUTH_E_TIMEOUT");
    expect(namesIn(container.volume)).toEqual([]);
  });

  test("a Meshery folder that cannot be written is said so before a token is asked for", async () => {
    const container = makeContainer({ ...withServer(), MESHERY_HOME: "/meshery" });
    const way = ["login", "layer5", "--token-stdin"];
    const outcome = await container.run(way, { input: simulator.cloud.apiToken() });
    expectFailure(outcome, 8, "MESHAUTH_E_STORE");
    expect(outcome.stderr).toMatch(/\/meshery.*read-only/);
    expect(existsSync("/meshery")).toBe(false);
  });

  test("neither HOME nor MESHERY_HOME: 8, with the variable that helps", async () => {
    const container = makeContainer({ ...withServer(), MESHERY_HOME: "" });
    const outcome = await container.run(["login", "none"]);
    expectFailure(outcome, 8, "MESHAUTH_E_NO_HOME");
    expect(outcome.stderr).toContain("MESHERY_HOME");
  });

  test("the volume itself as the Meshery folder: root's, so another user is told what to do", async () => {
    const container = makeContainer(withServer(), { uid: NOBODYS_UID });
    const env = { HOME: "/", MESHERY_HOME: container.volume };
    const outcome = await container.run(["login", "none"], { env });
    expectFailure(outcome, 8, "MESHAUTH_E_UNSAFE");
    expect(namesIn(container.volume)).toEqual([]);
  });
});

describe.skipIf(noContainer)(
  `the lines of the guide, as they are typed there${noContainer === undefined ? "" : ` (${noContainer})`}`,
  () => {
    test("each login without a person works", async () => {
      const blocks = [...readFileSync(GUIDE, "utf8").matchAll(/^```\w*\n(.*?)^```$/gms)].map(
        ([, text = ""]) => text,
      );
      const lines = blocks
        .flatMap((block) => block.split("\n"))
        .map((line) => line.trim().replace(/^(?:- )?(?:run: )?(?:\$ )?/, ""))
        .filter((line) =>
          /^(?:printf .*\| )?meshauth login (?:layer5 --token-stdin|file-import|none)/.test(line),
        );
      expect(lines.length).toBeGreaterThan(3);
      for (const line of new Set(lines)) {
        const container = makeContainer(withServer(), { uid: NOBODYS_UID });
        const folder = join(container.home.path, "files");
        mkdirSync(folder, { mode: 0o755 });
        const token = simulator.cloud.apiToken();
        const bare = put(join(folder, "token"), token, 0o644);
        const whole = put(join(folder, "auth.json"), authJson(simulator.remoteName, token), 0o644);
        const script = `meshauth() { ${process.execPath} ${PROGRAM} "$@"; }\n${line
          .replace(/< \S*token(?:\.txt)?$/, `< ${bare}`)
          .replace(/< \S*auth\.json$/, `< ${whole}`)}`;
        const outcome = await container.run([], {
          command: ["sh", "-c", script],
          env: { HOME: "/", MESHERY_TOKEN: token, MESHERY_AUTH: whole },
        });
        expect([line, outcome.code, outcome.stderr]).toEqual([line, 0, expect.any(String)]);
        expect(Object.keys(readAuth(container.authJson))).toEqual(["meshery-provider", "token"]);
      }
    });
  },
);
