import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Home, makeHome, meshauth } from "../support/program.js";
import { NO_SERVER } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";

const NONE = '{"meshery-provider":"None","token":""}\n';

/** The titles in the order in which the screen shows them. */
function order({ screen }: TerminalSession): string[] {
  return screen.lines.flatMap(
    (line) => /^[●○>]?\s*(Layer5|None|File import|OpenID Connect)\b/.exec(line)?.[1] ?? [],
  );
}

async function asked(home: Home, options: Parameters<typeof openTerminal>[2] = {}): Promise<TerminalSession> {
  const terminal = openTerminal(home, ["login"], options);
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  return terminal;
}

test("login asks for the provider in a fixed order, and arrow keys and Enter choose", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = await asked(home);
  expect(order(terminal)).toEqual(["Layer5", "None", "File import", "OpenID Connect"]);
  terminal.type(KEY.down);
  await terminal.see(/● None/);
  terminal.type(KEY.enter);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  expect(terminal.text).toMatch(/Next: +meshauth \w+/);
  expect(terminal.screen.cursorVisible).toBe(true);
});

test("each line of the prompt says what choosing it means", async () => {
  const terminal = await asked(makeHome(NO_SERVER));
  const lines = terminal.screen.lines.filter((line) =>
    /(Layer5|None|File import|OpenID Connect)\b/.test(line),
  );
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).toMatch(/^[●○] \S+( \S+)?\s{2,}\S+( \S+){3,}/);
});

test("the provider that was last used comes first", async () => {
  const home = makeHome(NO_SERVER);
  expect((await meshauth(home, ["login", "none"])).code).toBe(0);
  const terminal = await asked(home);
  expect(order(terminal)).toEqual(["None", "Layer5", "File import", "OpenID Connect"]);
  terminal.type(KEY.enter);
  expect((await terminal.end()).code).toBe(0);
  expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
});

test("a login that failed does not become the one last used", async () => {
  const home = makeHome(NO_SERVER);
  expect((await meshauth(home, ["login", "file-import", "missing.json"])).code).not.toBe(0);
  expect(order(await asked(home))).toEqual(["Layer5", "None", "File import", "OpenID Connect"]);
});

test("the arrow keys go round and the prompt is drawn in one place", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = await asked(home);
  for (const title of [/● OpenID Connect/, /● File import/, /● None/]) {
    terminal.type(KEY.up);
    await terminal.see(title);
  }
  expect(terminal.screen.lines.filter((line) => line.includes("Select a Provider:"))).toHaveLength(1);
  expect(order(terminal)).toHaveLength(4);
  terminal.type(KEY.enter);
  expect((await terminal.end()).code).toBe(0);
});

test("a terminal of 40 columns: the prompt is drawn in one place and chooses", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = await asked(home, { columns: 40 });
  const down = [/● None/, /● File import/, /● OpenID Connect/, /● Layer5/];
  for (const pattern of [...down, /● OpenID Connect/, /● File import/, /● None/]) {
    const from = terminal.text.length;
    terminal.type(terminal.text.match(/● Layer5/g)?.length === 2 ? KEY.up : KEY.down);
    await terminal.see(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*${pattern.source}`));
  }
  expect(terminal.screen.lines.filter((line) => line.includes("Select a Provider:"))).toHaveLength(1);
  expect(order(terminal)).toEqual(["Layer5", "None", "File import", "OpenID Connect"]);
  terminal.type(KEY.enter);
  expect((await terminal.end()).code).toBe(0);
  expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
});

test("ACCESSIBLE: the prompt is a numbered list, and nothing is drawn again", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = await asked(home, { env: { ACCESSIBLE: "1" } });
  await terminal.see(/ {2}2\. None/);
  terminal.type(`2${KEY.enter}`);
  expect((await terminal.end()).code).toBe(0);
  expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  expect(terminal.output).not.toMatch(/\u001b\[[\d?;]*[A-HJKhl]/);
});

test("a dumb terminal: no colours, no cursor movements, and the prompt can be answered", async () => {
  const home = makeHome({ ...NO_SERVER, NO_COLOR: "" });
  const terminal = await asked(home, { env: { TERM: "dumb" } });
  terminal.type(`2${KEY.enter}`);
  expect((await terminal.end()).code).toBe(0);
  expect(readFileSync(home.authJson, "utf8")).toBe(NONE);
  expect(terminal.output).not.toMatch(/\u001b\[[\d;]*m/);
  expect(terminal.output).not.toContain("\u001b");
});

test.each([
  ["in a terminal", {}, [], true],
  ["with NO_COLOR", { NO_COLOR: "1" }, [], false],
  ["with --no-color", {}, ["--no-color"], false],
  ["with TERM=dumb and FORCE_COLOR", { TERM: "dumb", FORCE_COLOR: "1" }, [], true],
])("colour %s", async (_, env, args, expected) => {
  const home = makeHome({ ...NO_SERVER, NO_COLOR: "" });
  const terminal = openTerminal(home, ["login", ...args], { env });
  await terminal.see(/Select a Provider:[\s\S]*OpenID Connect/);
  terminal.type(KEY.interrupt);
  await terminal.end();
  expect(/\u001b\[\d[\d;]*m/.test(terminal.output)).toBe(expected);
});

test.each([
  ["CI is set (A27)", ["login"], { CI: "true" }],
  ["--no-input is given", ["login", "--no-input"], {}],
  ["standard input is no terminal", ["login"], {}, "</dev/null"],
  ["standard error is no terminal", ["login"], {}, "2>errors"],
])("nobody is asked in a terminal when %s", async (_, args, env, redirect = "") => {
  const home = makeHome(NO_SERVER);
  const terminal = openTerminal(home, args, { env, redirect });
  expect((await terminal.end()).code).toBe(10);
  const errors = redirect === "2>errors" ? readFileSync(`${home.path}/errors`, "utf8") : terminal.text;
  expect(errors).toContain("meshauth login none");
  expect(errors).toContain("meshauth login file-import FILE");
  expect(errors).toContain("meshauth login layer5 --no-browser");
  expect(errors).toContain("meshauth login oidc --issuer URL --client-id ID --no-browser");
  expect(errors).not.toContain("Select a Provider:");
  expect(existsSync(home.meshery)).toBe(false);
});

test("--json in a terminal asks nobody and prints one document", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = openTerminal(home, ["login", "--json"], { redirect: ">document" });
  expect((await terminal.end()).code).toBe(10);
  const printed = JSON.parse(readFileSync(`${home.path}/document`, "utf8"));
  expect(printed.error).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
  expect(printed.error.next).toContain("meshauth login none");
});

test("standard output need not be a terminal to be asked, and nothing is printed on it", async () => {
  const home = makeHome(NO_SERVER);
  const terminal = await asked(home, { redirect: ">output" });
  terminal.type(KEY.down + KEY.enter);
  expect((await terminal.end()).code).toBe(0);
  expect(readFileSync(`${home.path}/output`, "utf8")).toBe("");
});
