import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { expectWithout, snapshot } from "../support/login.js";
import { type Home, makeHome } from "../support/program.js";
import { NO_SERVER, simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal } from "../support/terminal.js";

const signingKey = await createSigningKey();

/** A downloaded credential, in a home with a server that accepts it. */
async function download(): Promise<{ home: Home; file: string; token: string }> {
  const { home, simulator } = await simulatedHome({ signingKey });
  const token = simulator.cloud.issueToken();
  const file = join(home.path, "Downloads", "auth.json");
  writeFileSync(file, JSON.stringify({ "meshery-provider": "Layer5", token }));
  return { home, file, token };
}

test("file-import offers the newest download, and Enter takes it", async () => {
  const { home, file, token } = await download();
  const terminal = openTerminal(home, ["login", "file-import"]);
  await terminal.see(/auth\.json/);
  await terminal.silent();
  terminal.type(KEY.enter);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(JSON.parse(readFileSync(home.authJson, "utf8"))).toEqual({ "meshery-provider": "Layer5", token });
  expect(existsSync(file)).toBe(true);
  expectWithout(token, terminal.output);
});

test("file-import takes a path that was dragged into the terminal", async () => {
  const { home, token } = await download();
  const dragged = join(home.path, "my downloads.json");
  writeFileSync(dragged, JSON.stringify({ "meshery-provider": "Layer5", token }));
  const terminal = openTerminal(home, ["login", "file-import"]);
  await terminal.see(/auth\.json/);
  await terminal.silent();
  terminal.type("n");
  await terminal.see(/Which file\?/);
  await terminal.silent();
  terminal.paste(`'${dragged}' `);
  await terminal.see(/my downloads\.json'/);
  terminal.type(KEY.enter);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(JSON.parse(readFileSync(home.authJson, "utf8")).token).toBe(token);
});

test.each([
  ["Ctrl-C", KEY.interrupt],
  ["Ctrl-D", KEY.endOfInput],
  ["Esc", KEY.escape],
])("%s where a file is asked for exits 130 and changes nothing", async (_, key) => {
  const home = makeHome(NO_SERVER);
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "file-import"]);
  await terminal.see(/Which file\?/);
  await terminal.silent();
  terminal.type(key);
  const ended = await terminal.end();
  expect([ended.code, ended.after]).toEqual([130, ended.before]);
  expect(terminal.screen.cursorVisible).toBe(true);
  expect(snapshot(home.path)).toEqual(before);
});

test("--token-stdin at a terminal, which would show the token, is refused before anything is typed: exit 2", async () => {
  const home = makeHome(NO_SERVER);
  const before = snapshot(home.path);
  const terminal = openTerminal(home, ["login", "layer5", "--token-stdin"]);
  await terminal.see(/Standard input is a terminal, which would show what is typed/);
  await terminal.see(/< FILE/);
  const ended = await terminal.end();
  expect([ended.code, ended.after]).toEqual([2, ended.before]);
  expect(terminal.text).toContain("MESHAUTH_E_USAGE");
  expect(snapshot(home.path)).toEqual(before);
});
