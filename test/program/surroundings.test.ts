import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { LINK } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth, PROGRAM, startMeshauth } from "../support/program.js";
import { authJson, madeUpToken } from "../support/tokens.js";

describe.concurrent("odd surroundings", () => {
  test.each(["with space", "it's", 'quo"te', "dollar$HOME", "ümläut", "semi;colon"])(
    "a home called %j: it works, and the commands to copy are quoted for a shell",
    async (name) => {
      const home = offlineHome();
      const path = join(home.path, name);
      mkdirSync(path);
      const file = put(join(path, ".meshery/auth.json"), authJson("Layer5", madeUpToken().token), 0o644);
      const { checks } = document(await meshauth(home, ["check", "--json"], { env: { HOME: path } })) as {
        checks: { id: string; next: string }[];
      };
      const next = checks.find(({ id }) => id === "credential.mode")?.next ?? "";
      // What a shell makes of the advice is the command and the file's very name.
      const words = await meshauth(home, ["-c", `printf '%s\\n' ${next}`], { command: ["sh"] });
      expect(words.stdout).toBe(`chmod\n600\n${file}\n`);
      expect((await meshauth(home, ["login", "none", "--force"], { env: { HOME: path } })).code).toBe(0);
      expect(readFileSync(file, "utf8")).toBe('{"meshery-provider":"None","token":""}\n');
    },
  );

  test("the current folder is gone", async () => {
    const home = offlineHome();
    const line = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
    const command = ["sh", "-c", line, process.execPath] as const;
    const outcome = await meshauth(home, [PROGRAM, "login", "none"], { command: [...command] });
    expect(outcome.code, outcome.stderr).toBe(0);
  });

  test.each([
    ["NODE_ENV=development", { NODE_ENV: "development" }],
    ["NODE_ENV=test", { NODE_ENV: "test" }],
    ["no PATH", { PATH: undefined }],
    ["no TMPDIR", { TMPDIR: "/nowhere" }],
    ["a locale that is not there", { LC_ALL: "xx_YY.UTF-8", LANG: "C" }],
    ["a time zone that is none", { TZ: "Nowhere/Land" }],
    ["TERM=dumb", { TERM: "dumb" }],
    ["warnings made visible", { NODE_OPTIONS: "--trace-deprecation --pending-deprecation" }],
  ])("%s: nothing but the result is printed", async (_, env) => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token));
    const outcome = await meshauth(home, ["status"], { env });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout.trim().split("\n")).toHaveLength(1);
    expect(outcome.stdout).not.toContain("Invalid");
  });

  test("a package.json and an .npmrc of strangers in the current folder change nothing", async () => {
    const home = offlineHome();
    const folder = join(home.path, "project");
    put(
      join(folder, "package.json"),
      JSON.stringify({ oclif: { bin: "evil", plugins: ["x"], commands: "./c" }, type: "module" }),
    );
    put(join(folder, "c/status.js"), "process.exit(42)");
    put(join(folder, ".env"), "MESHERY_SERVER_URL=http://evil.example\n");
    put(join(folder, "config.yaml"), "contexts: {}\n");
    const outcome = await meshauth(home, ["status", "--json"], { cwd: folder });
    expect(outcome.code).toBe(4);
    document(outcome);
  });

  test("-p with the name that a server uses goes into the file as it is spelled there", async () => {
    const simulator = await startSimulator({ remoteName: "Meshery" });
    atEnd(() => simulator.close());
    const home = offlineHome();
    const args = ["login", "-p", "meshery", "--no-browser", "--provider-url", simulator.cloud.url];
    const running = startMeshauth(home, args);
    const [, link = ""] = await running.seen(LINK);
    expect((await visitLogin(link)).status).toBe(200);
    const outcome = await running.outcome;
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Meshery");
  });
});
