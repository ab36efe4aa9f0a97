import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { expectWithout, LINK } from "../support/login.js";
import { simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal } from "../support/terminal.js";
import { pause } from "../support/wait.js";

const signingKey = await createSigningKey();

/** Puts into `left` what a shell would read after the program. */
const READ_ON = `; c=$?; stty -echo -icanon min 0 time 5; head -c 4000 >left; (exit $c)`;

/** A login whose sign-in was pasted, and which is being looked at for as long as the server does not answer. */
async function checking() {
  const { home, simulator } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5", "--timeout", "8s"], { redirect: READ_ON });
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  const { callback = "" } = await visitLogin(link, { stay: true });
  const token = new URL(callback).searchParams.get("token") ?? "";
  simulator.faults.set("profile-slow");
  terminal.paste(callback);
  terminal.type(KEY.enter);
  await terminal.see(/^Checking the sign-in …$/m);
  const left = (): string => readFileSync(join(home.path, "left"), "utf8");
  return { home, terminal, callback, token, left };
}

test("what is pasted while the sign-in is checked is neither shown nor left to the shell", async () => {
  const { terminal, callback, token, left } = await checking();
  for (let times = 0; times < 3; times += 1) {
    terminal.paste(callback);
    terminal.type(KEY.enter);
    await pause(100);
  }
  await terminal.end(30_000);
  expectWithout(token, terminal.output);
  expect([terminal.text.match(/Checking the sign-in/g)?.length, left()]).toEqual([1, ""]);
});

test("Ctrl-C while the sign-in is checked ends the login, and what is typed with it goes nowhere", async () => {
  const { home, terminal, callback, token, left } = await checking();
  terminal.type(`${callback}${KEY.interrupt}${callback}`);
  expect((await terminal.end()).code).toBe(130);
  expectWithout(token, terminal.output);
  expect([left(), existsSync(home.authJson)]).toEqual(["", false]);
});

// A machine that is busy for a tenth of a second makes one text of the key and of what follows it.
test("q, and the rest of a text that is typed slowly: nothing is left to the shell", {
  retry: 2,
}, async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5"], { redirect: READ_ON });
  await terminal.see(LINK);
  await terminal.silent();
  terminal.type("q");
  await pause(110);
  for (const character of "made-up") {
    terminal.type(character);
    await pause(5);
  }
  expect((await terminal.end()).code).toBe(130);
  expect([terminal.text.includes("made-up"), readFileSync(join(home.path, "left"), "utf8")]).toEqual([
    false,
    "",
  ]);
});

test("out of time: the command that was typed is named, with more of it", async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5", "--no-browser", "--timeout", "2s", "--force"]);
  expect((await terminal.end()).code).toBe(6);
  expect(terminal.text).toContain("meshauth login layer5 --no-browser --force --timeout 15m");
});
