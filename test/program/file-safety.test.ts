import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { expectFailure, failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth, PROGRAM } from "../support/program.js";
import { dataDir } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

const NONE = '{"meshery-provider":"None","token":""}\n';
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function chownTree(path: string, uid: number): void {
  chownSync(path, uid, uid);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) chownTree(join(path, name), uid);
}

describe.concurrent("T13, T14: links", () => {
  test("to a file of ours in a folder of ours: the target is replaced, the link stays", async () => {
    const home = offlineHome();
    const target = put(join(home.path, "dotfiles/auth.json"), authJson("None", ""));
    mkdirSync(home.meshery, { mode: 0o700 });
    symlinkSync("../dotfiles/auth.json", home.authJson);
    put(join(home.path, "source.json"), authJson("Layer5", madeUpToken().token));
    const outcome = await meshauth(home, ["login", "file-import", "source.json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readlinkSync(home.authJson)).toBe("../dotfiles/auth.json");
    expect(readAuth(target)["meshery-provider"]).toBe("Layer5");
    expect(modeOf(target)).toBe("0600");
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    expect(namesIn(join(home.path, "dotfiles"))).toEqual(["auth.json"]);
    expect((await meshauth(home, ["status"])).code).toBe(0);
  });

  test.each([
    ["that leads nowhere", (home: Home) => symlinkSync("gone.json", home.authJson)],
    [
      "to a file that every user can replace",
      (home: Home) => {
        const folder = join(home.path, "shared");
        put(join(folder, "auth.json"), NONE);
        chmodSync(folder, 0o777);
        symlinkSync(join(folder, "auth.json"), home.authJson);
      },
    ],
    [
      "through 50 others",
      (home: Home) => {
        put(join(home.meshery, "link0"), NONE);
        for (let i = 1; i <= 50; i += 1) symlinkSync(`link${i - 1}`, join(home.meshery, `link${i}`));
        symlinkSync("link50", home.authJson);
      },
    ],
    ["to itself", (home: Home) => symlinkSync("auth.json", home.authJson)],
  ])("a link %s: 8 for every command, and nothing is changed", async (_, make) => {
    const home = offlineHome();
    mkdirSync(home.meshery, { mode: 0o700 });
    make(home);
    const before = treeOf(home.path);
    expectFailure(await meshauth(home, ["login", "none"]), 8, "MESHAUTH_E_UNSAFE");
    expect((await meshauth(home, ["status", "--json"])).code).toBe(8);
    expect((await meshauth(home, ["check", "--json"])).code).toBe(8);
    expect(Object.keys(treeOf(home.path))).toEqual(Object.keys(before));
    for (const [name, entry] of Object.entries(treeOf(home.path)))
      if (!lstatSync(join(home.path, name)).isDirectory()) expect(entry).toBe(before[name]);
  });
});

describe.concurrent("T15: a folder that others can write in", () => {
  test("is refused before anything is asked, with the command that mends it", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome();
    put(home.authJson, NONE);
    chmodSync(home.meshery, 0o777);
    const before = treeOf(home.path);
    const args = ["login", "layer5", "--no-browser", "--server", simulator.server.url, "--json"];
    const failure = failureOf(await meshauth(home, args));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_UNSAFE", exitCode: 8 });
    expect(failure.next).toContain(`chmod go-w ${home.meshery}`);
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });
});

describe.concurrent("T03: login over a damaged file", () => {
  test("keeps a private copy elsewhere, names it in the warnings, and replaces the file", async () => {
    const home = offlineHome();
    const damaged = authJson("Layer5", madeUpToken().token).slice(0, 300);
    put(home.authJson, damaged);
    const outcome = await meshauth(home, ["login", "none", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    const copies = namesIn(dataDir(home)).filter((name) => /damaged/.test(name));
    expect(copies).toHaveLength(1);
    const copy = join(dataDir(home), copies[0] ?? "");
    expect(readFileSync(copy, "utf8")).toBe(damaged);
    expect(modeOf(copy)).toBe("0600");
    expect((document(outcome) as { warnings: string[] }).warnings.join("\n")).toContain(copy);
  });

  test("T02: over an empty file there is nothing to keep or to tell", async () => {
    const home = offlineHome();
    put(home.authJson, "");
    const outcome = await meshauth(home, ["login", "none", "--json"]);
    expect(document(outcome)).toMatchObject({ warnings: [] });
    expect(namesIn(home.path).filter((name) => /damaged/.test(name))).toEqual([]);
  });
});

describe.concurrent("T16: the file cannot be written", () => {
  /** Runs the program so that the kernel fails calls of it. */
  function injected(home: Home, inject: string, args: readonly string[]) {
    const trace = [
      "strace",
      "-f",
      "-qq",
      "-o",
      "/dev/null",
      "-e",
      `trace=${inject.split(":", 1)[0]}`,
      "-e",
      `inject=${inject}`,
    ];
    const [first = "strace", ...rest] = [...trace, process.execPath, PROGRAM];
    return meshauth(home, args, { command: [first, ...rest] });
  }

  test.each([
    ["fsync:error=EIO", "EIO"],
    ["fsync:error=ENOSPC", "ENOSPC"],
    ["rename:error=EXDEV", "EXDEV"],
    ["rename:error=EBUSY", "EBUSY"],
    ["link:error=EROFS", "EROFS"],
  ])("%s: 8, the old file is as it was, nothing is left, and no token is printed", async (inject) => {
    const home = offlineHome();
    const made = madeUpToken();
    put(home.authJson, NONE);
    put(join(home.path, "source.json"), authJson("Layer5", made.token));
    const before = treeOf(home.meshery)["auth.json"];
    const outcome = await injected(home, inject, ["login", "file-import", "source.json", "--json"]);
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(8);
    failureOf(outcome);
    expect(treeOf(home.meshery)["auth.json"]).toBe(before);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    expect(leaksOf(outcome.stdout + outcome.stderr, [made.token, made.access, made.refresh])).toEqual([]);
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
  });

  test("no room for a file of any size: 8 before anything is asked", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome();
    put(home.authJson, NONE);
    const before = treeOf(home.meshery)["auth.json"];
    const outcome = await meshauth(
      home,
      [PROGRAM, "login", "layer5", "--no-browser", "--server", simulator.server.url],
      { command: ["bash", "-c", 'ulimit -f 0; exec "$0" "$@"', process.execPath] },
    );
    expectFailure(outcome, 8, "MESHAUTH_E_STORE");
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
    expect(treeOf(home.meshery)["auth.json"]).toBe(before);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test("a lock that is not ours to take: --timeout ends the wait", async () => {
    const home = offlineHome();
    put(home.authJson, NONE);
    put(`${home.authJson}.lock`, "held by something else\n");
    const before = treeOf(home.path);
    const outcome = await meshauth(home, [PROGRAM, "login", "none", "--timeout", "2s", "--json"], {
      command: ["timeout", "20", process.execPath],
    });
    expect([6, 8]).toContain(outcome.code);
    expect(["MESHAUTH_E_LOCKED", "MESHAUTH_E_TIMEOUT"]).toContain(failureOf(outcome).code);
    expect(treeOf(home.path)["auth.json"]).toBe(before["auth.json"]);
    expect(namesIn(home.meshery)).toEqual(["auth.json", "auth.json.lock"]);
  });
});

describe.runIf(isRoot)("T37 and owners (as root)", { concurrent: true }, () => {
  test.each([
    ["an empty home of another user", {}],
    ["with SUDO_UID", { SUDO_UID: "65534", SUDO_GID: "65534", SUDO_USER: "nobody", USER: "root" }],
  ])("%s: 8, no file is created or changed", async (_, env) => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome();
    chownTree(home.path, NOBODY);
    const before = treeOf(home.path);
    for (const args of [
      ["login", "none"],
      ["login", "none", "--force"],
      ["login", "layer5", "--no-browser", "--server", simulator.server.url],
    ]) {
      const outcome = await meshauth(home, args, { env });
      expectFailure(outcome, 8, "MESHAUTH_E_ROOT");
      expect(outcome.stderr).toContain("without sudo");
    }
    expect(simulator.server.requests).toEqual([]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("a Meshery folder of another user, with a credential: no change, and status does not pretend", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token));
    chownTree(home.path, NOBODY);
    const before = treeOf(home.path);
    expectFailure(await meshauth(home, ["login", "none"]), 8, "MESHAUTH_E_ROOT");
    const status = await meshauth(home, ["status", "--json"]);
    expect(status.code).toBe(8);
    await meshauth(home, ["check"]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("MESHERY_HOME in a folder of another user", async () => {
    const home = offlineHome();
    const folder = join(home.path, "theirs");
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    const env = { MESHERY_HOME: join(folder, "deeper/.meshery") };
    expectFailure(await meshauth(home, ["login", "none"], { env }), 8, "MESHAUTH_E_ROOT");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("read-only commands of root leave nothing in another user's home", async () => {
    const home = offlineHome();
    chownTree(home.path, NOBODY);
    const before = treeOf(home.path);
    for (const args of [["status"], ["check"], ["provider", "list"], ["version"], ["help"]])
      await meshauth(home, args);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("T14: a link to a file of another user", async () => {
    const home = offlineHome();
    const target = put(join(home.path, "other/auth.json"), NONE);
    chownSync(target, NOBODY, NOBODY);
    mkdirSync(home.meshery, { mode: 0o700 });
    symlinkSync(target, home.authJson);
    const before = treeOf(target);
    const outcome = await meshauth(home, ["login", "none"]);
    expect(outcome.code).toBe(8);
    expect(treeOf(target)).toEqual(before);
  });

  test("a home that cannot be written: 8 before anything is asked; reading works", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    chownTree(home.path, NOBODY);
    chmodSync(home.meshery, 0o500);
    const before = treeOf(home.path);
    const args = ["login", "layer5", "--no-browser", "--server", simulator.server.url];
    const outcome = await meshauth(home, args, { uid: NOBODY });
    expectFailure(outcome, 8, "MESHAUTH_E_STORE");
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
    expect((await meshauth(home, ["status"], { uid: NOBODY })).code).toBe(0);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("a file that cannot be read: 8", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""), 0o000);
    chownTree(home.path, NOBODY);
    const status = await meshauth(home, ["status", "--json"], { uid: NOBODY });
    expect(status.code).toBe(8);
    expect(document(status)).toMatchObject({ contexts: [{ file: home.authJson }] });
    const login = await meshauth(home, ["login", "none"], { uid: NOBODY });
    expect(login.code).toBe(8);
  });

  test("an unprivileged user signs in", async () => {
    const simulator = await startSimulator();
    atEnd(() => simulator.close());
    const home = offlineHome();
    chownTree(home.path, NOBODY);
    const outcome = await browserLogin(home, ["--server", simulator.server.url], { uid: NOBODY });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(lstatSync(home.authJson).uid).toBe(NOBODY);
    expect(modeOf(home.authJson)).toBe("0600");
  });

  test("a user whom the system's list does not know, and no SHELL, as in containers", async () => {
    const home = offlineHome();
    const uid = 54_321;
    chownTree(home.path, uid);
    const outcome = await meshauth(home, ["login", "none"], { uid });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(lstatSync(home.authJson).uid).toBe(uid);
    const nowhere = await meshauth(home, ["login", "none"], { uid, env: { HOME: undefined } });
    expectFailure(nowhere, 8, "MESHAUTH_E_NO_HOME");
  });

  test("a data folder that cannot be used does not cost the login", async () => {
    const home = offlineHome();
    mkdirSync(join(home.path, ".local"), { mode: 0o500 });
    chownTree(home.path, NOBODY);
    const outcome = await meshauth(home, ["login", "none"], { uid: NOBODY });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(existsSync(home.authJson)).toBe(true);
  });
});
