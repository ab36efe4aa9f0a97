import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome, plainHome } from "../support/offline.js";
import { document, meshauth, PROGRAM } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { namesIn } from "../support/tree.js";

const NONE = '{"meshery-provider":"None","token":""}\n';
const LOCAL = '{"meshery-provider":"Local","token":""}\n';

describe.concurrent("login none", () => {
  test("writes 39 bytes, private, and leaves nothing else in the Meshery folder", async () => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none"]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
    expect(statSync(home.authJson).size).toBe(39);
    expect(modeOf(home.authJson)).toBe("0600");
    expect(modeOf(home.meshery)).toBe("0700");
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    expect(outcome.stderr).toContain(home.authJson);
  });

  test("reports the defaults with --json", async () => {
    const home = plainHome();
    const outcome = await meshauth(home, ["login", "none", "--json"]);
    expect(document(outcome)).toEqual({
      // A Meshery Server may well run on the machine that tests this.
      provider: {
        id: "none",
        name: expect.stringMatching(/^(None|Local)$/),
        package: "@meshauth/provider-none",
        version: expect.any(String),
      },
      account: null,
      verified: expect.any(Boolean),
      context: null,
      server: "http://localhost:9081",
      file: home.authJson,
      expiresAt: null,
      refreshable: false,
      warnings: [],
    });
  });

  test("twice is as good as once", async () => {
    const home = offlineHome();
    await meshauth(home, ["login", "none"]);
    const again = await meshauth(home, ["login", "none", "--json"]);
    expect(again.code).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  });

  test.each(["000", "777", "027"])("T12: umask %s and a token that others may read", async (umask) => {
    const home = offlineHome();
    mkdirSync(home.meshery, { mode: 0o755 });
    put(home.authJson, authJson("Layer5", madeUpToken().token), umask === "000" ? 0o666 : 0o644);
    const status = await meshauth(home, ["status"]);
    expect(status.code).toBe(0);
    expect(status.stderr.match(/chmod 600|mode 06/g)).not.toBeNull();
    const command = ["sh", "-c", `umask ${umask}; exec "$0" "$@"`, process.execPath] as const;
    const outcome = await meshauth(home, [PROGRAM, "login", "none", "--force", "--json"], {
      command: [...command],
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(modeOf(home.authJson)).toBe("0600");
    // The old token may be known to others, which the new file does not mend.
    expect((document(outcome) as { warnings: string[] }).warnings).toHaveLength(1);
  });

  test("a umask of 777 does not keep the folder from being used", async () => {
    const home = offlineHome();
    const command = ["sh", "-c", 'umask 777; exec "$0" "$@"', process.execPath] as const;
    const outcome = await meshauth(home, [PROGRAM, "login", "none"], { command: [...command] });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect([modeOf(home.meshery), modeOf(home.authJson)]).toEqual(["0700", "0600"]);
  });
});

describe.concurrent("login none with a Meshery Server", () => {
  const eras = ["2021", "2024", "2026-04", "2026-06"] as const;

  test.each(eras)("of %s writes the name that it lists", async (era) => {
    const simulator = await simulated({ era });
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none", "--server", `${simulator.server.url}/`, "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(era === "2026-06" ? LOCAL : NONE);
    expect(statSync(home.authJson).size).toBe(era === "2026-06" ? 40 : 39);
    const { provider, server } = document(outcome) as { provider: { name: string }; server: string };
    expect(provider.name).toBe(era === "2026-06" ? "Local" : "None");
    expect(server.replace(/\/$/, "")).toBe(simulator.server.url);
    expect(simulator.server.requests.map(({ path }) => path)).toEqual(["/api/providers"]);
    expect(simulator.cloud.requests).toEqual([]);
  });

  test("that enforces a remote provider: None is written, with a warning", async () => {
    const simulator = await simulated({ providers: [{ type: "remote" }] });
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none", "--server", simulator.server.url, "--json"]);
    expect(outcome.code).toBe(0);
    expect((document(outcome) as { warnings: string[] }).warnings).toHaveLength(1);
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "None", token: "" });
  });
});

describe.concurrent("login none with a server that makes no sense", () => {
  test.each([
    "providers-html",
    "providers-none",
    "providers-torn",
    "providers-slow",
    "200-html",
    "huge-body",
  ] as const)("%s: None is written, within the 2 s that the server has", async (fault) => {
    const simulator = await simulated();
    simulator.faults.set(fault);
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none", "--server", simulator.server.url]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  });

  test("providers-hostile: names with escape codes reach neither terminal nor file", async () => {
    const simulator = await simulated();
    simulator.faults.set("providers-hostile");
    const home = offlineHome();
    const outcome = await meshauth(home, ["login", "none", "--server", simulator.server.url]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).not.toMatch(/[\u0007\u001b\u202e]/);
    expect(["None", "Local"]).toContain(readAuth(home.authJson)["meshery-provider"]);
  });
});

describe.concurrent("where the file is", () => {
  test("MESHERY_HOME names another folder, also without HOME", async () => {
    for (const HOME of ["keep", undefined]) {
      const home = offlineHome();
      const folder = join(home.path, "elsewhere");
      const env = { MESHERY_HOME: folder, ...(HOME === undefined ? { HOME } : {}) };
      // Without HOME the program's own data would go to the home of the machine's user.
      const own = {
        XDG_DATA_HOME: join(home.path, "d"),
        XDG_CACHE_HOME: join(home.path, "c"),
        XDG_CONFIG_HOME: join(home.path, "k"),
      };
      const outcome = await meshauth(home, ["login", "none", "--json"], { env: { ...own, ...env } });
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(document(outcome)).toMatchObject({ file: join(folder, "auth.json") });
      expect(readFileSync(join(folder, "auth.json"), "utf8")).toBe(NONE);
      expect(existsSync(home.meshery)).toBe(false);
      const status = await meshauth(home, ["status", "--json"], { env: { ...own, ...env } });
      expect(status.code).toBe(0);
    }
  });

  test.each([
    ["unset", () => undefined],
    ["empty", () => ""],
    ["relative", () => "here"],
    ["not there", (path: string) => join(path, "gone/home")],
    ["a file", (path: string) => join(path, "file")],
  ])("a HOME that is %s is said so, and nothing is written to the current folder", async (_, homeIn) => {
    const home = offlineHome();
    put(join(home.path, "file"), "");
    const before = namesIn(home.path);
    const env = { HOME: homeIn(home.path) };
    for (const args of [["login", "none"], ["status"], ["check"]]) {
      const outcome = await meshauth(home, args, { env: { ...env, XDG_DATA_HOME: join(home.path, "d") } });
      expect([args, outcome.code, outcome.stderr]).toEqual([args, 8, expect.any(String)]);
      if (args[0] !== "check") expect(outcome.stderr).toMatch(/MESHAUTH_E_NO_HOME|MESHAUTH_E_CONFIG/);
    }
    expect(namesIn(home.path)).toEqual(before);
  });

  test("no message of a missing HOME is a stack trace", async () => {
    const outcome = await meshauth(offlineHome(), ["--version"], { env: { HOME: undefined } });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
  });
});
