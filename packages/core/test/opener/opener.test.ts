import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isOnPath, namedCommands, namedOpener, openerCommands, vainOpeners } from "../../src/opener/named.js";
import { openLink } from "../../src/opener/open-link.js";

const LINK = 'https://login.example/?a=1&b="$(touch x)"';

describe("openerCommands", () => {
  test.each([
    ["firefox", [["firefox", LINK]]],
    ["firefox --new-tab", [["firefox", "--new-tab", LINK]]],
    ["firefox -url %s -private", [["firefox", "-url", LINK, "-private"]]],
    [
      "first:second %s",
      [
        ["first", LINK],
        ["second", LINK],
      ],
    ],
    ['"/opt/my browser/run" --app', [["/opt/my browser/run", "--app", LINK]]],
    ["open --rate=100%%", [["open", "--rate=100%", LINK]]],
    ["", []],
    [":", []],
  ])("%j", (value, commands) => {
    expect(openerCommands(value, LINK, "linux")).toEqual(commands);
  });

  test("a colon does not separate on Windows, where it follows a drive", () => {
    expect(openerCommands("C:\\browser.exe", LINK, "win32")).toEqual([["C:\\browser.exe", LINK]]);
  });
});

describe("namedOpener", () => {
  const linux = "linux";
  const isProgram = (program: string) => !program.startsWith("missing");
  test.each([
    "w3m",
    "lynx",
    "links",
    "links2",
    "elinks",
    "www-browser",
    "browsh",
    "/usr/bin/W3M",
    "w3m -B %s",
  ])("%s needs a terminal, and is not started", (value) => {
    for (const variable of ["BROWSER", "MESHAUTH_BROWSER"]) {
      const search = { env: { [variable]: value }, platform: linux, isProgram } as const;
      expect(namedOpener(search)).toBeUndefined();
      const program = value.split(" ")[0];
      expect(vainOpeners(search)).toEqual([{ variable, program, fault: "terminal" }]);
    }
  });

  test("only the text browsers among the alternatives are left out", () => {
    const named = { variable: "BROWSER", value: "w3m:firefox:links2 %s:x-www-browser" } as const;
    expect(namedCommands(named, LINK, linux)).toEqual([
      ["firefox", LINK],
      ["x-www-browser", LINK],
    ]);
  });

  test.each(["C:\\b.bat", "b.CMD", '"C:\\my tools\\b.cmd" %s', "cmd /c start", "cmd.exe /c start", "b.bat."])(
    "%s would go through the command interpreter of Windows, and is not started there",
    (value) => {
      expect(namedOpener({ env: { MESHAUTH_BROWSER: value }, platform: "win32", isProgram })).toBeUndefined();
    },
  );

  test.each(["", ":", " "])("%j names nothing", (value) => {
    expect(
      namedOpener({ env: { MESHAUTH_BROWSER: value, BROWSER: "firefox" }, platform: linux, isProgram })
        ?.variable,
    ).toBe("BROWSER");
  });

  test.each([
    [{ MESHAUTH_BROWSER: "missing %s", BROWSER: "firefox" }, "BROWSER", ["MESHAUTH_BROWSER"]],
    [{ BROWSER: "missing:firefox" }, "BROWSER", []],
    [{ MESHAUTH_BROWSER: "missing", BROWSER: "missing-too" }, undefined, ["MESHAUTH_BROWSER", "BROWSER"]],
  ])("%j: what is not there is passed over", (env, variable, missing) => {
    expect(namedOpener({ env, platform: linux, isProgram })?.variable).toBe(variable);
    expect(vainOpeners({ env, platform: linux, isProgram }).map((one) => one.variable)).toEqual(missing);
  });

  test("a program is looked for on PATH, and has to be executable", () => {
    const folder = mkdtempSync(join(tmpdir(), "meshauth-path-"));
    writeFileSync(join(folder, "runs"), "", { mode: 0o755 });
    writeFileSync(join(folder, "text"), "", { mode: 0o644 });
    const place = { env: { PATH: `/nonexistent:${folder}` }, platform: linux } as const;
    const found = ["runs", "text", "none", join(folder, "runs"), join(folder, "text"), folder];
    expect(found.filter((program) => isOnPath(program, place))).toEqual(["runs", join(folder, "runs")]);
    rmSync(folder, { recursive: true });
  });
});

describe("openLink", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "meshauth browser-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function opener(script: string): string {
    const path = join(folder, "opener.sh");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test("hands the link over as one argument, through no shell, to a program whose path has a space", async () => {
    const path = opener(`printf '%s\\n' "$#" "$1" > "${folder}/args"`);
    expect(await openLink(LINK, "named", { env: { BROWSER: path }, platform: "linux" })).toBe(true);
    expect(readFileSync(join(folder, "args"), "utf8")).toBe(`1\n${LINK}\n`);
  });

  test("MESHAUTH_BROWSER comes before BROWSER", async () => {
    const env = { MESHAUTH_BROWSER: opener(`touch "${folder}/ours"`), BROWSER: "/nonexistent/browser" };
    expect(await openLink(LINK, "named", { env, platform: "linux" })).toBe(true);
  });

  test("goes on to the next alternative when one is missing or fails", async () => {
    const value = `/nonexistent/one:false:"${opener("exit 0")}"`;
    expect(await openLink(LINK, "named", { env: { BROWSER: value }, platform: "linux" })).toBe(true);
  });

  test("says so when none can be started", async () => {
    expect(
      await openLink(LINK, "named", { env: { BROWSER: "/nonexistent/one:false" }, platform: "linux" }),
    ).toBe(false);
  });

  test("takes a browser that stays in the foreground for opened", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const opened = openLink(LINK, "named", { env: { BROWSER: opener("sleep 5") }, platform: "linux" });
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    expect(await opened).toBe(true);
  });

  test("neither MESHERY_API_TOKEN nor a secret of a provider reaches it", async () => {
    const path = opener(`env > "${folder}/env"`);
    const secrets = { MESHERY_API_TOKEN: "made-up", MESHAUTH_OIDC_CLIENT_SECRET: "made-up-too" };
    const env = { BROWSER: path, ...secrets, OTHER: "kept" };
    expect(await openLink(LINK, "named", { env, platform: "linux" })).toBe(true);
    const seen = readFileSync(join(folder, "env"), "utf8");
    expect(seen).toContain("OTHER=kept");
    expect(seen).not.toMatch(/MESHERY_API_TOKEN|CLIENT_SECRET|made-up/);
  });

  test("where nothing opens links nothing is started", async () => {
    const env = { BROWSER: opener(`touch "${folder}/started"`) };
    expect(await openLink(LINK, "none", { env, platform: "linux" })).toBe(false);
    expect(existsSync(join(folder, "started"))).toBe(false);
  });
});

describe("the openers of a system, as programs in the only folder of PATH", () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "meshauth-bin-"));
  });
  afterEach(() => rmSync(bin, { recursive: true, force: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const record = (name: string) => `printf '%s\\n' "$#" "$1" "$BROWSER" > '${bin}/${name}.log'`;
  const log = (name: string) => readFileSync(join(bin, `${name}.log`), "utf8").split("\n");

  test("xdg-open gets the link, and no text browser to fall back on", async () => {
    program("xdg-open", record("xdg-open"));
    const env = { PATH: bin, BROWSER: "w3m" };
    expect(await openLink(LINK, "platform", { env, platform: "linux" })).toBe(true);
    const [count, link, browsers = ""] = log("xdg-open");
    expect([count, link]).toEqual(["1", LINK]);
    const names = browsers.split(":");
    expect(names).toContain("firefox");
    for (const name of ["w3m", "lynx", "links", "links2", "elinks", "www-browser"]) {
      expect(names).not.toContain(name);
    }
  });

  test.each([
    ["lynx.desktop", false],
    ["firefox.desktop", true],
    ["", true],
  ])("a desktop whose default browser is %j", async (entry, started) => {
    program("xdg-mime", `[ "$*" = "query default x-scheme-handler/https" ] && echo '${entry}'`);
    program("xdg-open", record("xdg-open"));
    expect(await openLink(LINK, "platform", { env: { PATH: bin }, platform: "linux" })).toBe(started);
    expect(existsSync(join(bin, "xdg-open.log"))).toBe(started);
  });

  test("a desktop that does not say which browser it has is waited for, but not long", async () => {
    program("xdg-mime", "exec /bin/sleep 20");
    program("xdg-open", record("xdg-open"));
    expect(await openLink(LINK, "platform", { env: { PATH: bin }, platform: "linux" })).toBe(true);
  });

  test("without xdg-open the one that comes along is used, and starts no text browser", async () => {
    for (const tool of ["cat", "grep", "sed", "env", "readlink", "which", "uname", "tr", "cut"]) {
      program(tool, `PATH=/usr/bin:/bin exec ${tool} "$@"`);
    }
    program("firefox", record("firefox"));
    for (const name of ["w3m", "lynx", "www-browser"]) program(name, record(name));
    const env = { PATH: bin, DISPLAY: ":99", HOME: bin, XDG_CURRENT_DESKTOP: "X-Generic" };
    expect(await openLink(LINK, "platform", { env, platform: "linux" })).toBe(true);
    expect(log("firefox")[1]).toBe(LINK);
    for (const name of ["w3m", "lynx", "www-browser"]) {
      expect(existsSync(join(bin, `${name}.log`))).toBe(false);
    }
  });

  test("macOS: open", async () => {
    program("open", record("open"));
    expect(await openLink(LINK, "platform", { env: { PATH: bin }, platform: "darwin" })).toBe(true);
    expect(log("open")[1]).toBe(LINK);
  });

  test("WSL: wslview", async () => {
    program("wslview", record("wslview"));
    expect(await openLink(LINK, "wsl", { env: { PATH: bin }, platform: "linux" })).toBe(true);
    expect(log("wslview")[1]).toBe(LINK);
  });
});
