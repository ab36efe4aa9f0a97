import { createSigningKey } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { LINK, snapshot } from "../support/login.js";
import { start } from "../support/running.js";
import { simulatedHome } from "../support/simulated.js";
import { openTerminal } from "../support/terminal.js";

const signingKey = await createSigningKey();

/** What to do when the cloud shows a dashboard and the browser does not come back. */
const ADVICE = /If the browser shows a dashboard instead of coming back, .*?private window\./;
const count = (text: string): number => text.replace(/\s+/g, " ").split(new RegExp(ADVICE, "g")).length - 1;

/** Half of it is long enough to see that nothing is said before. */
const TIMEOUT = ["--timeout", "6s"];

test.each([100, 40])(
  "%s columns: at half time the screen says, once, what to do about a dashboard",
  async (columns) => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const terminal = openTerminal(home, ["login", "layer5", ...TIMEOUT], { columns });
    expect((await terminal.end(20_000)).code).toBe(6);
    // Not at once, and the time goes on below it.
    expect(terminal.text).toMatch(/0:0\d left[\s\S]*?private\s+window\.\s[\s\S]*?0:0[0-3] left/);
    const { lines } = terminal.screen;
    expect([count(terminal.text), count(lines.join("\n"))]).toEqual([1, 1]);
    expect(lines.filter((line) => / left$/.test(line))).toEqual([]);
    // Folded between words, by the program, but for what is there to be copied.
    expect(
      terminal.screen.unfolded.filter((line) => line.length > columns && !/http|meshauth login/.test(line)),
    ).toEqual([]);
    expect(snapshot(home.path)).toEqual(before);
  },
);

test("a terminal without cursor movement says it once, too", async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5", ...TIMEOUT], { env: { TERM: "dumb" } });
  expect((await terminal.end(20_000)).code).toBe(6);
  expect(count(terminal.text), terminal.text).toBe(1);
});

test("off a terminal it is said once, with the link", async () => {
  const { home } = await simulatedHome({ signingKey });
  const program = start(home, ["login", "layer5", "--no-browser", ...TIMEOUT]);
  await program.see(LINK);
  const { code, stderr } = await program.end();
  expect(code).toBe(6);
  expect(count(stderr), stderr).toBe(1);
});
