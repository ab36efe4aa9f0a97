import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { LINK } from "../support/login.js";
import { simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";

const signingKey = await createSigningKey();
const NARROW = { columns: 40, rows: 10 };
const SSH = { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22", SSH_TTY: "/dev/pts/1" };

/** Addresses and commands are there to be copied and stay whole, however long they are. */
const COPIED = /https?:\/\/\S+$|^ {2}ssh -N -L \S+ \S+$/;

/** Every line fits the terminal's width or is there to be copied. */
function expectFitting({ screen }: TerminalSession): void {
  const long = screen.unfolded.filter((line) => line.length > NARROW.columns && !COPIED.test(line));
  expect(long).toEqual([]);
}

test("40 columns and 10 rows over SSH: whatever is printed until the sign-in fits, links and commands apart", async () => {
  const { home } = await simulatedHome({ signingKey }, SSH);
  const terminal = openTerminal(home, ["login"], NARROW);
  await terminal.see(/Select a Provider:[\s\S]*confirm/);
  await terminal.silent();
  expectFitting(terminal);
  terminal.type(KEY.enter);
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  await terminal.see(/left\s*$/);
  terminal.type("?");
  await terminal.see(/Ctrl-U/);
  await terminal.see(/left\s*$/);
  expectFitting(terminal);
  expect(terminal.screen.lines.at(-1)).toMatch(/^Waiting for the sign-in: \d:\d\d left$/);
  await visitLogin(link);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
});

test("TERM=dumb: from the prompt to the report in whole lines, each printed once", async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login"], { ...NARROW, env: { TERM: "dumb" } });
  await terminal.see(/Number \[1\]:/);
  terminal.type("1\n");
  const [, link = ""] = await terminal.see(LINK);
  await terminal.see(/Waiting for the sign-in: .+ left/);
  await visitLogin(link);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(terminal.output).not.toMatch(/\u001b|\r(?!\n)|[^\u0020-\u007e\r\n]/);
  const lines = terminal.text.split("\n").filter((line) => line.trim() !== "");
  expect(lines).toEqual([...new Set(lines)]);
  expect(lines).toContain(link);
  expect(terminal.text).toMatch(/^Signed in with Layer5 as Mira Solberg /m);
});
