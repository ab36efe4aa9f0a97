import { describe, expect, test } from "vitest";
import { type ExplainInput, explainLogin, type WayId } from "../../src/explain.js";
import { requireOpener } from "../../src/host/browser-login.js";
import type { InstalledProvider } from "../../src/registry/index.js";
import type { Runtime } from "../../src/runtime.js";
import { DESKTOP, type Place, SSH, surroundings } from "./support.js";

function provider(
  id: string,
  flows: InstalledProvider["entry"]["flows"],
  argument?: string,
): InstalledProvider {
  const options =
    argument === undefined ? [] : [{ name: argument, type: "file", summary: "", argument: true } as const];
  return {
    entry: { id, title: id, summary: "", module: "./index.js", flows, options },
    package: `@example/${id}`,
    version: "1.0.0",
    origin: "built-in",
    api: { major: 1, minor: 0 },
    root: "/",
    modulePath: "/index.js",
  };
}

const CLOUD = provider("layer5", ["browser", "paste"]);
const FILE = provider("file-import", ["file"], "file");
const LOCAL = provider("none", ["local"]);
const registry = { providers: [CLOUD, FILE, LOCAL] };

function explain(place: Place, input: Partial<ExplainInput> = {}) {
  return explainLogin(surroundings(place), {
    provider: CLOUD,
    registry,
    flags: {},
    argument: false,
    ...input,
  });
}

function possible(place: Place, input: Partial<ExplainInput> = {}): WayId[] {
  return explain(place, input)
    .ways.filter((way) => way.possible)
    .map(({ id }) => id);
}

const ALWAYS = ["token-stdin", "import", "none"];
const WSL = { machine: { wsl: true, wslInterop: true }, env: { WSL_INTEROP: "/run/WSL/1_interop" } };
const SILENT = { stdin: false, stderr: false };

describe("the ways into a cloud", () => {
  test.each<[string, Place, readonly string[], WayId | null]>([
    ["a desktop", DESKTOP, ["browser", "link", "paste", "two-step", ...ALWAYS], "browser"],
    ["WSL", WSL, ["browser", "link", "paste", "two-step", ...ALWAYS], "browser"],
    ["SSH", SSH, ["link", "paste", "two-step", ...ALWAYS], "link"],
    [
      "SSH with a browser",
      { env: { ...SSH.env, BROWSER: "x" } },
      ["browser", "link", "paste", "two-step", ...ALWAYS],
      "browser",
    ],
    ["a container", { machine: { container: true } }, ["link", "paste", "two-step", ...ALWAYS], "link"],
    ["CI", { env: { CI: "true" }, ...SILENT }, ["link", "two-step", ...ALWAYS], null],
    [
      "CI with a terminal and a display",
      { env: { CI: "true", DISPLAY: ":0" } },
      ["link", "two-step", ...ALWAYS],
      null,
    ],
    ["no terminal, a desktop", { ...DESKTOP, ...SILENT }, ["link", "two-step", ...ALWAYS], null],
    [
      "no terminal, a browser",
      { env: { BROWSER: "x" }, ...SILENT },
      ["browser", "link", "two-step", ...ALWAYS],
      "browser",
    ],
    ["--no-input", { ...DESKTOP, noInput: true }, ["link", "two-step", ...ALWAYS], null],
  ])("%s", (_, place, ways, chosen) => {
    expect(possible(place)).toEqual(ways);
    expect(explain(place).chosen).toBe(chosen);
  });

  test.each<[string, Place, ExplainInput["flags"], WayId | null]>([
    ["--no-browser on a desktop", DESKTOP, { noBrowser: true }, "link"],
    ["--no-browser in CI", { env: { CI: "true" }, ...SILENT }, { noBrowser: true }, "link"],
    ["--paste on a desktop", DESKTOP, { paste: true }, "paste"],
    ["--paste without a terminal", SILENT, { paste: true }, null],
    ["--token-stdin in CI", { env: { CI: "true" }, ...SILENT }, { tokenStdin: true }, "token-stdin"],
  ])("%s", (_, place, flags, chosen) => {
    expect(explain(place, { flags }).chosen).toBe(chosen);
    if (flags.noBrowser || flags.paste) expect(possible(place, { flags })).not.toContain("browser");
  });

  test("every possible way has a command, and every other a reason only", () => {
    for (const { possible: yes, reason, command } of explain({ env: { CI: "true" } }).ways) {
      expect(reason).toMatch(/^\S.*\.$/);
      expect(command === null).toBe(!yes);
    }
  });

  test("the commands", () => {
    expect(explain(DESKTOP).ways.map(({ command }) => command)).toEqual([
      "meshauth login layer5",
      "meshauth login layer5 --no-browser",
      "meshauth login layer5 --paste",
      "meshauth login layer5 --start --json",
      "meshauth login layer5 --token-stdin < FILE",
      "meshauth login file-import FILE",
      "meshauth login none",
    ]);
  });

  test.each<[string, Place, RegExp]>([
    ["SSH", SSH, /SSH session/],
    ["CI on a desktop", { env: { CI: "true", DISPLAY: ":0" } }, /^CI is set, .*MESHAUTH_BROWSER/],
    ["a desktop that asks nobody", { ...DESKTOP, stdin: false }, /^Standard input is no terminal\. /],
  ])("why no browser is opened: %s", (_, place, reason) => {
    expect(explain(place).ways[0]?.reason).toMatch(reason);
  });
});

test("a login refuses to start exactly where none of the ways would be taken", () => {
  const places: Place[] = [
    DESKTOP,
    SSH,
    WSL,
    SILENT,
    { env: { BROWSER: "x" }, ...SILENT },
    { env: { BROWSER: "missing" }, ...SILENT },
    { env: { BROWSER: "w3m" }, ...SILENT },
    { env: { CI: "1" } },
  ];
  const flags: ExplainInput["flags"][] = [{}, { noBrowser: true }, { paste: true }];
  for (const place of places) {
    for (const flag of flags) {
      const found = surroundings(place);
      const terminal = { interactive: found.silence === undefined };
      const runtime = { terminal, registry } as unknown as Runtime;
      const start = () => requireOpener(runtime, found, { browser: flag, installed: CLOUD });
      if (explain(place, { flags: flag }).chosen === null) expect(start).toThrow(/terminal/);
      else expect(start).not.toThrow();
    }
  }
});

test("a program that is not there opens nothing, and is told; whoever named it wants a browser login all the same", () => {
  const place = { env: { MESHAUTH_BROWSER: "missing" }, ...SILENT };
  expect(explain(place).chosen).toBe("link");
  expect(explain(place).ways[0]).toMatchObject({
    possible: false,
    reason: expect.stringContaining("MESHAUTH_BROWSER names missing, which is not there."),
  });
  const other = { env: { MESHAUTH_BROWSER: "missing", BROWSER: "x" }, ...SILENT };
  expect(explain(other).chosen).toBe("browser");
  expect(explain(other).ways[0]?.reason).toMatch(/^The program that BROWSER names .* missing, which is not/);
});

describe("other providers", () => {
  test("without an account", () => {
    expect(explain({ env: { CI: "true" } }, { provider: LOCAL }).chosen).toBe("none");
    expect(possible(DESKTOP, { provider: LOCAL })).toEqual(["import", "none"]);
  });

  test("a file: off a terminal it has to be named", () => {
    expect(explain(DESKTOP, { provider: FILE }).chosen).toBe("import");
    expect(explain(SILENT, { provider: FILE }).chosen).toBeNull();
    expect(explain(SILENT, { provider: FILE, argument: true }).chosen).toBe("import");
  });

  test("a code for another device works from everywhere", () => {
    const device = provider("acme", ["device"]);
    expect(explain(SSH, { provider: device }).chosen).toBe("link");
    expect(possible(SSH, { provider: device })).toEqual(["link", "two-step", "import", "none"]);
  });

  test("a code steps in where no browser can be opened, unless the browser was asked for", () => {
    const both = provider("acme", ["browser", "device"]);
    const link = (place: Place, flags = {}) =>
      explain(place, { provider: both, flags }).ways.find(({ id }) => id === "link")?.reason;
    expect(explain(DESKTOP, { provider: both }).chosen).toBe("browser");
    expect(explain(SILENT, { provider: both }).chosen).toBe("link");
    expect(explain(SILENT, { provider: both, flags: { port: 8085 } }).chosen).toBeNull();
    expect(link(SILENT)).toContain("a code");
    expect(link(SILENT, { noBrowser: true })).not.toContain("a code");
    expect(link(DESKTOP)).not.toContain("a code");
  });

  test("a token that is asked for needs somebody to ask", () => {
    const paste = provider("acme", ["paste"]);
    expect(explain(SSH, { provider: paste }).chosen).toBe("paste");
    expect(explain(SILENT, { provider: paste }).chosen).toBeNull();
    expect(possible(SILENT, { provider: paste })).toEqual(ALWAYS);
  });

  test("no provider for a way: it is not offered", () => {
    expect(possible(DESKTOP, { registry: { providers: [CLOUD] } })).toEqual([
      "browser",
      "link",
      "paste",
      "two-step",
      "token-stdin",
    ]);
  });
});
