import { existsSync } from "node:fs";
import { createSigningKey, startSimulator } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { configText, put, putConfig } from "../support/files.js";
import { offlineHome, plainHome } from "../support/offline.js";
import { meshauth } from "../support/program.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

let simulator: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
  simulator = await startSimulator({ signingKey: await createSigningKey() });
});
afterAll(() => simulator.close());

/** Commands that succeed in a home where somebody is signed in. */
const READING: readonly (readonly string[])[] = [
  ["provider", "list"],
  ["provider", "show"],
  ["status"],
  ["status", "--json", "--check"],
  ["check"],
  ["system", "check"],
  ["plugins"],
  ["token"],
  ["credential", "get"],
  ["credential", "exec"],
  ["whoami"],
  ["api", "/api/user"],
  ["context", "list"],
  ["system", "token", "list"],
];

const OTHERS: readonly (readonly string[])[] = [
  [],
  ["--version"],
  ["--help"],
  ["login", "layer5", "--help"],
  ["which", "login", "none"],
  ["provider", "show", "layer5"],
  ["nonsense"],
  ["status", "--nope"],
  ["context", "view"],
  ["system", "token", "view"],
  ["refresh"],
  ["restore"],
];

const FAILING_LOGINS: readonly (readonly string[])[] = [
  ["login"],
  ["login", "nope"],
  ["login", "layer5"],
  ["login", "file-import", "gone.json"],
  ["login", "layer5", "--provider-url", "http://cloud.example"],
];

describe("commands that read create and touch nothing", () => {
  test("in an empty home, which cannot be told from before", async () => {
    const home = plainHome();
    const before = treeOf(home.path);
    for (const args of [...READING, ...OTHERS]) {
      await meshauth(home, args);
      expect({ args, tree: treeOf(home.path) }).toEqual({ args, tree: before });
    }
    // A login tries whether it could write, which the folder's time tells.
    for (const args of FAILING_LOGINS) {
      expect((await meshauth(home, args)).code).not.toBe(0);
      expect({ args, names: namesIn(home.path) }).toEqual({ args, names: ["Downloads"] });
    }
  }, 120_000);

  test("in a home with two contexts, a credential of our own, and one that is open to others", async () => {
    const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
    putConfig(
      home,
      configText({
        local: { endpoint: simulator.server.url },
        other: { endpoint: simulator.server.url, location: "other.json" },
      }),
    );
    put(`${home.meshery}/other.json`, authJson("Layer5", madeUpToken().token), 0o644);
    expect((await browserLogin(home, [])).code).toBe(0);
    const before = treeOf(home.path);
    for (const args of READING) {
      const { code } = await meshauth(home, args);
      expect({ args, code, tree: treeOf(home.path) }).toEqual({ args, code: 0, tree: before });
    }
    await meshauth(home, ["check", "--context", "other"]);
    expect(treeOf(home.path)).toEqual(before);
  }, 60_000);

  test("with damaged files", async () => {
    const home = offlineHome();
    put(home.authJson, "{");
    put(`${home.path}/.local/share/meshauth/package.json`, "{{{");
    const before = treeOf(home.path);
    for (const args of [["status"], ["check"], ["provider", "list"], ["provider", "show"], ["--version"]]) {
      await meshauth(home, args);
      expect({ args, tree: treeOf(home.path) }).toEqual({ args, tree: before });
    }
  });
});

test("the server of status --check and check is asked with GET only, at paths without side effects", async () => {
  const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
  put(home.authJson, authJson("Layer5", simulator.cloud.issueToken()));
  const seen = simulator.server.requests.length;
  await meshauth(home, ["check"]);
  await meshauth(home, ["status", "--check"]);
  const asked = simulator.server.requests.slice(seen);
  expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(["GET"]));
  const allowed = [
    "/api/system/version",
    "/api/providers",
    "/api/token",
    "/api/user",
    "/api/identity/users/profile",
  ];
  expect(asked.map(({ path }) => path).filter((path) => !allowed.includes(path))).toEqual([]);
  expect(asked.every(({ headers }) => /^meshauth\//.test(headers["user-agent"] ?? ""))).toBe(true);
  expect(existsSync(`${home.path}/.local`)).toBe(false);
});
