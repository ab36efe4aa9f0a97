import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { snapshot } from "../support/login.js";
import { type Home, meshauth } from "../support/program.js";
import { ACME, acmeHome, configure, received, settingsFile } from "../support/settings.js";
import { KEY, openTerminal } from "../support/terminal.js";

const BASE = "https://acme.example.com";

/** The choices as the screen shows them: what they are called and what is said of them. */
async function choices(home: Home): Promise<string[]> {
  const terminal = openTerminal(home, ["login"], { columns: 120 });
  await terminal.see(/Select a Provider:[\s\S]*Acme Cloud {2}/);
  const lines = terminal.screen.lines.filter((line) => /^[●○] /.test(line));
  terminal.type(KEY.interrupt);
  await terminal.end();
  return lines.map((line) =>
    line
      .slice(2)
      .trim()
      .replace(/\s{2,}/, " | "),
  );
}

test("the prompt offers saved settings before the providers, and after what was last used", async () => {
  const home = acmeHome();
  await configure(home, "work", [ACME, "--base", BASE]);
  await configure(home, "cloud", ["layer5", "--provider-name", "Own"]);
  const saved = ["cloud | Layer5", `work | Acme Cloud, ${BASE} (acme-package)`];
  const names = async () => (await choices(home)).map((line) => line.split(" | ")[0]);
  expect((await choices(home)).slice(0, 2)).toEqual(saved);
  expect(await names()).toEqual([
    "cloud",
    "work",
    "Layer5",
    "None",
    "File import",
    "OpenID Connect",
    "Acme Cloud",
  ]);
  expect((await meshauth(home, ["login", "none"])).code).toBe(0);
  expect(await names()).toEqual([
    "None",
    "cloud",
    "work",
    "Layer5",
    "File import",
    "OpenID Connect",
    "Acme Cloud",
  ]);
  expect((await meshauth(home, ["login", "work"])).code).toBe(0);
  expect(await names()).toEqual([
    "work",
    "cloud",
    "Layer5",
    "None",
    "File import",
    "OpenID Connect",
    "Acme Cloud",
  ]);
});

test("Enter takes saved settings, with all that they hold", async () => {
  const home = acmeHome();
  await configure(home, "work", [ACME, "--base", BASE, "--level", "4"]);
  const terminal = openTerminal(home, ["login"]);
  await terminal.see(/● work/);
  terminal.type(KEY.enter);
  expect((await terminal.end()).code).toBe(0);
  expect(received(home)).toEqual({ base: BASE, level: 4 });
});

test("a login asks for a required option, and again for what does not fit", async () => {
  const home = acmeHome();
  const terminal = openTerminal(home, ["login", ACME]);
  await terminal.see(/Address of Acme/);
  terminal.type(`acme.example.com${KEY.enter}`);
  await terminal.see(/Warning: The value of base is no address[\s\S]*Address of Acme/);
  terminal.type(`${BASE}${KEY.enter}`);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(received(home)).toEqual({ base: BASE });
  expect(terminal.text.replace(/\s+/g, " ")).toContain(
    `To be asked nothing the next time: meshauth provider configure acme --base ${BASE} --name NAME, and then`,
  );
});

test("three answers that do not fit end it, and nothing is written", async () => {
  const home = acmeHome();
  const terminal = openTerminal(home, ["login", ACME]);
  for (const count of [1, 2, 3]) {
    await terminal.see(new RegExp(`(?:[?◆] *Address of Acme[\\s\\S]*){${count}}`));
    terminal.type(KEY.enter);
    if (count < 3)
      await terminal.see(new RegExp(`(?:Warning: The value of base is empty[\\s\\S]*){${count}}`));
  }
  expect((await terminal.end()).code).toBe(2);
  expect(existsSync(home.authJson)).toBe(false);
});

test("what is given, by flag or variable, is not asked for", async () => {
  const home = acmeHome();
  for (const [args, env] of [
    [["--base", BASE], {}],
    [[], { ACME_BASE: BASE }],
  ] as const) {
    const terminal = openTerminal(home, ["login", ACME, ...args], { env });
    expect((await terminal.end()).code).toBe(0);
    expect(terminal.text).not.toContain("Address of Acme");
    expect(received(home)).toEqual({ base: BASE });
  }
});

const required = (option: object) => ({
  options: [{ name: "it", summary: "What is asked for", required: true, ...option }],
});

test.each([
  ["a file is taken by its absolute path", { type: "file" }, "'own key.pem' ", "own key.pem"],
  ["so is one below the home", { type: "file" }, "~/own.pem", "own.pem"],
])("%s", async (_, option, typed, file) => {
  const home = acmeHome(required(option));
  const terminal = openTerminal(home, ["login", ACME]);
  await terminal.see(/What is asked for/);
  terminal.type(`${typed}${KEY.enter}`);
  expect((await terminal.end()).code).toBe(0);
  expect(received(home)).toEqual({ it: join(home.path, file) });
});

test("a number is taken as one, and a word of several is chosen", async () => {
  const numbers = acmeHome(required({ type: "integer", min: 2 }));
  const terminal = openTerminal(numbers, ["login", ACME]);
  await terminal.see(/What is asked for/);
  terminal.type(`1${KEY.enter}`);
  await terminal.see(/It is less than 2\.[\s\S]*What is asked for/);
  terminal.type(`12${KEY.enter}`);
  expect((await terminal.end()).code).toBe(0);
  expect(received(numbers)).toEqual({ it: 12 });

  const words = acmeHome(required({ type: "string", values: ["plain", "fancy"] }));
  const other = openTerminal(words, ["login", ACME]);
  await other.see(/● plain/);
  other.type(KEY.down);
  await other.see(/● fancy/);
  other.type(KEY.enter);
  expect((await other.end()).code).toBe(0);
  expect(received(words)).toEqual({ it: "fancy" });
});

test("the argument is asked for like any other option", async () => {
  const home = acmeHome(required({ type: "string", argument: true }));
  const terminal = openTerminal(home, ["login", ACME]);
  await terminal.see(/What is asked for/);
  terminal.type(`this${KEY.enter}`);
  expect((await terminal.end()).code).toBe(0);
  expect(received(home)).toEqual({ it: "this" });
});

test("provider configure asks for what is required, and saves the answer", async () => {
  const home = acmeHome();
  const terminal = openTerminal(home, ["provider", "configure", ACME, "--name", "work"]);
  await terminal.see(/Address of Acme/);
  terminal.type(`${BASE}${KEY.enter}`);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(JSON.parse(readFileSync(settingsFile(home), "utf8")).settings).toEqual({
    work: { provider: ACME, options: { base: BASE } },
  });
});

test.each([
  ["a login", ["login", ACME]],
  ["provider configure", ["provider", "configure", ACME, "--name", "work"]],
])("Ctrl-C where %s asks exits 130 and changes nothing", async (_, args) => {
  const home = acmeHome();
  const files = snapshot(home.path);
  const terminal = openTerminal(home, args);
  await terminal.see(/Address of Acme/);
  terminal.type(KEY.interrupt);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([130, before]);
  expect(snapshot(home.path)).toEqual(files);
});
