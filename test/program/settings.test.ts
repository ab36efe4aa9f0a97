import { existsSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { modeOf, put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { ACME, acme, acmeHome, configure, received, settingsFile } from "../support/settings.js";
import { linkProviders, moduleWith } from "../support/third-party.js";
import { treeOf } from "../support/tree.js";

const BASE = "https://acme.example.com";
const MINIMAL = [ACME, "--base", BASE];

/** What a run printed on standard output, as the one document that it has to be. */
async function json(home: Home, args: readonly string[]) {
  const outcome = await meshauth(home, [...args, "--json"]);
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  return document(outcome);
}

describe.concurrent("provider configure", () => {
  test("keeps all types of options, and login takes the name", async () => {
    const home = acmeHome();
    const flags = ["--level", "3", "--fast", "--mode", "fancy", "--key", "keys/own.pem", "--note", "a b"];
    const options = {
      base: BASE,
      level: 3,
      fast: true,
      mode: "fancy",
      key: join(home.path, "keys/own.pem"),
      note: "a b",
    };
    const file = settingsFile(home);
    const saved = await configure(home, "work", [...MINIMAL, ...flags, "--json"]);
    expect(saved, saved.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(document(saved)).toEqual({ name: "work", provider: ACME, options, file });
    expect([modeOf(file), modeOf(join(file, ".."))]).toEqual(["0600", "0700"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      version: 1,
      settings: { work: { provider: ACME, options } },
    });
    expect((await meshauth(home, ["login", "work"])).code).toBe(0);
    expect(received(home)).toEqual(options);
  });

  test("flags come before what is saved, and that before the environment", async () => {
    const home = acmeHome();
    expect((await configure(home, "work", [...MINIMAL, "--fast"])).code).toBe(0);
    const env = { ACME_BASE: "https://environment.example.com", ACME_LEVEL: "2" };
    expect((await meshauth(home, ["login", "work"], { env })).code).toBe(0);
    expect(received(home)).toEqual({ base: BASE, level: 2, fast: true });
    const typed = ["login", "work", "--base", "https://typed.example.com", "--level", "4", "--no-fast"];
    expect((await meshauth(home, typed, { env })).code).toBe(0);
    expect(received(home)).toEqual({ base: "https://typed.example.com", level: 4, fast: false });
  });

  test("what the environment says is not kept, and counts for nothing that is required", async () => {
    const home = acmeHome();
    const env = { ACME_BASE: BASE, ACME_LEVEL: "2" };
    const saved = await configure(home, "work", [...MINIMAL, "--json"], { env });
    expect(document(saved)).toMatchObject({ options: { base: BASE } });
    const missing = await configure(home, "other", [ACME, "--json"], { env });
    expect(failureOf(missing)).toMatchObject({ exitCode: 2, message: expect.stringContaining("--base") });
  });

  test("the same settings again are no error, and nothing is written", async () => {
    const home = acmeHome();
    const flags = [...MINIMAL, "--level", "3"];
    expect((await configure(home, "work", flags)).code).toBe(0);
    const before = lstatSync(settingsFile(home));
    expect((await configure(home, "work", [ACME, "--level", "3", "--base", BASE])).code).toBe(0);
    const { ino, mtimeMs } = lstatSync(settingsFile(home));
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test("a name that is taken is replaced with --force only", async () => {
    const home = acmeHome();
    await configure(home, "work", MINIMAL);
    const other = ["layer5", "--provider-url", "https://cloud.example.com"];
    const before = readFileSync(settingsFile(home), "utf8");
    const refused = await configure(home, "work", [...other, "--json"]);
    expect(failureOf(refused)).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(readFileSync(settingsFile(home), "utf8")).toBe(before);
    expect((await configure(home, "work", [...other, "--force"])).code).toBe(0);
    expect(await json(home, ["provider", "settings", "show", "work"])).toMatchObject({
      provider: "layer5",
      options: { "provider-url": "https://cloud.example.com" },
    });
  });

  test.each([
    ["a path", "../x"],
    ["a prototype", "__proto__"],
    ["capitals", "Work"],
    ["a space", "my work"],
    ["control characters", "a\u001b[31mb"],
    ["too many letters", "a".repeat(33)],
    ["nothing", ""],
    ["a provider's id", "none"],
    ["a provider's id in another case", "LAYER5"],
    ["a server's name for a provider", "meshery"],
    ["a title", "acme cloud"],
  ])("a name of %s is refused, and nothing is made", async (_, name) => {
    const home = acmeHome();
    const refused = await configure(home, name, [...MINIMAL, "--json"]);
    expect(failureOf(refused)).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(refused.stdout).not.toContain("\u001b");
    expect(existsSync(join(home.path, ".config"))).toBe(false);
  });

  test("a name that objects have members of is one like any other", async () => {
    const home = acmeHome();
    expect((await configure(home, "constructor", MINIMAL)).code).toBe(0);
    expect((await meshauth(home, ["login", "constructor"])).code).toBe(0);
    expect(received(home)).toEqual({ base: BASE });
    const unknown = await meshauth(home, ["provider", "settings", "show", "valueof", "--json"]);
    expect(failureOf(unknown)).toMatchObject({ exitCode: 2 });
  });

  test.each([
    ["an address with a password", ["--base", "https://mira:secret@acme.example.com"]],
    ["a number that is too great", ["--base", BASE, "--level", "6"]],
    ["a word that is none of the values", ["--base", BASE, "--mode", "other"]],
    ["standard input for a file", ["--base", BASE, "--key", "-"]],
    ["a token", ["--base", BASE, "--note", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0.c2ln"]],
    ["an option that it does not have", ["--base", BASE, "--nope", "1"]],
  ])("%s is refused as a login refuses it", async (_, flags) => {
    const home = acmeHome();
    const refused = failureOf(await configure(home, "work", [ACME, ...flags, "--json"]));
    expect(refused).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(JSON.stringify(refused)).not.toContain("secret@");
    expect(existsSync(settingsFile(home))).toBe(false);
  });

  test("a provider is found by any of its names, and one without options refused in words", async () => {
    const home = acmeHome();
    expect((await configure(home, "work", ["Acme Cloud", "--base", BASE])).code).toBe(0);
    expect((await configure(home, "first", ["--force", "acme", "--base", BASE])).code).toBe(0);
    const none = await configure(home, "nobody", ["none"]);
    expectFailure(none, 2, "MESHAUTH_E_USAGE");
    expect(none.stderr).toContain("None has no options");
    expectFailure(await configure(home, "other", []), 2, "MESHAUTH_E_USAGE");
    expectFailure(await configure(home, "other", ["acne"]), 2, "MESHAUTH_E_UNKNOWN_PROVIDER");
  });

  test("a provider that is not there is nothing to log in with", async () => {
    const outcome = await meshauth(acmeHome(), ["provider", "configure", "nope", "--name", "work", "--json"]);
    expect(outcome.code).toBe(2);
    expect(document(outcome)).toMatchObject({ error: { next: ["meshauth provider list"] } });
  });

  test("an option called name is left to the login: the flag is for the settings", async () => {
    const option = (name: string) => ({ name, type: "string", summary: `Option ${name}` });
    const home = acmeHome({ options: [option("name"), option("note")] });
    const saved = await configure(home, "work", [ACME, "--note", "x", "--json"]);
    expect(document(saved)).toMatchObject({ name: "work", options: { note: "x" } });
    expect((await meshauth(home, ["login", "work", "--name", "y"])).code).toBe(0);
    expect(received(home)).toEqual({ name: "y", note: "x" });
  });

  test("two at once: neither is lost", async () => {
    const home = acmeHome();
    const names = ["one", "two", "three", "four", "five", "six"];
    const outcomes = await Promise.all(names.map((name) => configure(home, name, MINIMAL)));
    expect(outcomes.map(({ code }) => code)).toEqual(names.map(() => 0));
    const { settings } = (await json(home, ["provider", "settings", "list"])) as {
      settings: { name: string }[];
    };
    expect(settings.map(({ name }) => name)).toEqual([...names].sort());
  });

  test.runIf(process.getuid?.() === 0)("as root in somebody else's folder nothing is written", async () => {
    const home = acmeHome();
    const folder = join(home.path, "theirs");
    put(join(folder, "x"), "");
    const { chownSync } = await import("node:fs");
    chownSync(folder, 1000, 1000);
    const env = { XDG_CONFIG_HOME: folder };
    const refused = failureOf(await configure(home, "work", [...MINIMAL, "--json"], { env }));
    expect(refused).toMatchObject({ code: "MESHAUTH_E_ROOT", exitCode: 8 });
    expect(existsSync(join(folder, "meshauth"))).toBe(false);
  });
});

describe.concurrent("provider settings", () => {
  test("list, show and remove, for programs", async () => {
    const home = acmeHome();
    const file = settingsFile(home);
    expect(await json(home, ["provider", "settings", "list"])).toEqual({ settings: [], file });
    expect(existsSync(file)).toBe(false);
    await configure(home, "work", MINIMAL);
    const row = { name: "work", provider: ACME, options: { base: BASE } };
    const listed = { settings: [{ ...row, problem: null }], file };
    expect(await json(home, ["provider", "settings", "list"])).toEqual(listed);
    expect(await json(home, ["provider", "settings", "show", "WORK"])).toEqual({
      ...row,
      problem: null,
      file,
    });
    expect(await json(home, ["provider", "settings", "remove", "work"])).toEqual({ ...row, file });
    expect(await json(home, ["provider", "settings", "list"])).toEqual({ settings: [], file });
  });

  test("reading touches nothing", async () => {
    const home = acmeHome();
    await configure(home, "work", MINIMAL);
    const before = treeOf(home.path);
    for (const args of [["list"], ["show", "work"], ["show", "nope"], ["remove", "nope"]])
      await meshauth(home, ["provider", "settings", ...args]);
    await meshauth(home, ["login", "work", "--help"]);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("an unknown name is answered with the nearest", async () => {
    const home = acmeHome();
    await configure(home, "work", MINIMAL);
    for (const command of ["show", "remove"]) {
      const failure = failureOf(await meshauth(home, ["provider", "settings", command, "wrok", "--json"]));
      expect(failure).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
      expect(failure.next[0]).toBe(`meshauth provider settings ${command} work`);
    }
    const login = failureOf(await meshauth(home, ["login", "wrok", "--json"]));
    expect(login).toMatchObject({ code: "MESHAUTH_E_UNKNOWN_PROVIDER", exitCode: 2 });
    expect(login.next[0]).toBe("meshauth login work");
  });

  test("provider list names them in its text alone", async () => {
    const home = acmeHome();
    const before = await json(home, ["provider", "list"]);
    await configure(home, "work", MINIMAL);
    expect((await meshauth(home, ["provider", "list"])).stdout).toMatch(/\nSaved settings: work \(acme\)\n$/);
    expect(await json(home, ["provider", "list"])).toEqual(before);
  });

  test("hostile values are shown as text, and help runs none of them", async () => {
    const home = acmeHome();
    const note = "\u001b[31m$(id)`id`<%= process.exit(77) %>\u202e";
    expect((await configure(home, "work", [...MINIMAL, `--note=${note}`])).code).toBe(0);
    for (const args of [
      ["provider", "settings", "list"],
      ["provider", "settings", "show", "work"],
      ["login", "work", "--help"],
    ]) {
      const { code, stdout, stderr } = await meshauth(home, args);
      expect(code, stderr).toBe(0);
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
      expect(stdout.replace(/\s+/g, "")).toContain("$(id)`id`");
    }
    expect((await meshauth(home, ["login", "work"])).code).toBe(0);
    expect(received(home)).toEqual({ base: BASE, note });
  });
});

describe.concurrent("login with a saved name", () => {
  test("in every spelling", async () => {
    const home = acmeHome();
    await configure(home, "work", MINIMAL);
    for (const args of [
      ["login", "work"],
      ["login", "WORK"],
      ["login", "-p", "work"],
      ["login", "--provider=Work"],
      ["login", "--force", "work"],
      ["login", "work", "-p", "work"],
      ["system", "login", "work"],
    ]) {
      const outcome = await meshauth(home, [...args, "--json"]);
      expect(document(outcome), args.join(" ")).toMatchObject({ provider: { id: ACME } });
    }
  });

  test("a provider that is named like a server's provider still hears that name", async () => {
    const home = acmeHome();
    const tell = `return { kind: "local", serverName: "Acme-" + request.serverName };`;
    linkProviders(home, [{ ...acme({ options: [] }), module: moduleWith(ACME, tell) }]);
    for (const args of [
      ["login", "-p", ACME],
      ["login", ACME, "-p", "ACME"],
    ])
      expect(await json(home, [...args, "--force"])).toMatchObject({ provider: { name: "Acme-Acme" } });
  });

  test("help has the saved values as defaults, and login --help lists the name", async () => {
    const home = acmeHome();
    await configure(home, "work", [...MINIMAL, "--fast"]);
    const help = (await meshauth(home, ["login", "work", "--help"])).stdout;
    expect(help).toContain(`[default: ${BASE}] Address of Acme`);
    expect(help).toContain("[saved] Sign in fast");
    expect(help).not.toContain("ACME_BASE");
    expect(help).toContain("ACME_LEVEL");
    expect((await meshauth(home, ["login", "--help"])).stdout).toMatch(
      /login work +Sign in with what is saved for Acme Cloud/,
    );
  });

  test("completion offers the name as soon as it is saved, and no longer once it is removed", async () => {
    const home = acmeHome();
    const env = { SHELL: "/bin/bash" };
    expect((await meshauth(home, ["autocomplete", "bash"], { env })).code).toBe(0);
    const script = join(home.path, ".cache/meshauth/autocomplete/functions/bash/meshauth.bash");
    expect(readFileSync(script, "utf8")).not.toContain("login:work");
    expect((await configure(home, "work", MINIMAL, { env })).code).toBe(0);
    const offered = readFileSync(script, "utf8");
    expect(offered).toMatch(/^login:work .*--base/m);
    expect(offered).toMatch(/^provider:configure:acme .*--base .*--name/m);
    expect((await meshauth(home, ["provider", "settings", "remove", "work"], { env })).code).toBe(0);
    expect(readFileSync(script, "utf8")).not.toContain("login:work");
  });

  test("a provider that is gone: exit 9, and a problem in the list", async () => {
    const home = acmeHome();
    await configure(home, "work", MINIMAL);
    linkProviders(home, []);
    const failure = failureOf(await meshauth(home, ["login", "work", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_MISSING", exitCode: 9 });
    expect(failure.next).toContain("meshauth provider settings remove work");
    const { settings } = (await json(home, ["provider", "settings", "list"])) as {
      settings: { problem: string }[];
    };
    expect(settings[0]?.problem).toBe("No installed package offers the provider acme.");
    expect((await meshauth(home, ["provider", "settings", "remove", "work"])).code).toBe(0);
  });

  test("options that do not fit any more are a problem, and the provider is not called", async () => {
    const home = acmeHome();
    await configure(home, "work", [...MINIMAL, "--mode", "fancy"]);
    linkProviders(home, [acme({ options: [{ name: "base", type: "url", summary: "Address of Acme" }] })]);
    const shown = await json(home, ["provider", "settings", "show", "work"]);
    expect(shown).toMatchObject({ problem: "Acme Cloud has no option mode." });
    const failure = failureOf(await meshauth(home, ["login", "work", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
    expect(existsSync(join(home.path, "received.json"))).toBe(false);
  });

  test("it comes before a provider that is called the same later, which its title leads to", async () => {
    const home = acmeHome();
    await configure(home, "later", MINIMAL);
    const later = { ...acme({ title: "Later Title", serverNames: ["Later"], options: [] }), id: "later" };
    linkProviders(home, [acme(), { ...later, module: later.module.replace('"acme"', '"later"') }]);
    expect(await json(home, ["login", "later"])).toMatchObject({ provider: { id: ACME } });
    expect(await json(home, ["login", "-p", "Later Title", "--force"])).toMatchObject({
      provider: { id: "later" },
    });
  });
});

describe.concurrent("a file that cannot be believed", () => {
  test.each<[string, (file: string) => void]>([
    ["is cut off", (file) => void put(file, '{"version":1,"settings":{')],
    ["is of another version", (file) => void put(file, '{"version":2,"settings":{}}')],
    ["is a list", (file) => void put(file, "[]")],
    ["names a prototype", (file) => void put(file, '{"version":1,"settings":{"__proto__":{}}}')],
    [
      "holds an option that is no value",
      (file) => void put(file, '{"version":1,"settings":{"a":{"provider":"acme","options":{"base":{}}}}}'),
    ],
    ["has 10 MB", (file) => void put(file, `{"version":1,"settings":{}}${" ".repeat(10_000_000)}`)],
    ["can be written by others", (file) => void put(file, '{"version":1,"settings":{}}', 0o666)],
    [
      "is a link",
      (file) => {
        put(`${file}.there`, '{"version":1,"settings":{}}');
        symlinkSync(`${file}.there`, file);
      },
    ],
    ["is a folder", (file) => void put(join(file, "x"), "")],
  ])("%s: who needs it fails and leaves it alone, and the others do not care", async (_, make) => {
    const home = acmeHome();
    make(settingsFile(home));
    const before = treeOf(join(home.path, ".config"));
    for (const args of [
      ["provider", "configure", ...MINIMAL, "--name", "work"],
      ["provider", "settings", "list"],
      ["provider", "settings", "show", "work"],
      ["provider", "settings", "remove", "work"],
      ["login", "work"],
    ]) {
      const failure = failureOf(await meshauth(home, [...args, "--json"]));
      expect(failure, args.join(" ")).toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
      expect(failure.next).toHaveLength(1);
    }
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect((await meshauth(home, ["provider", "list"])).code).toBe(0);
    expect((await meshauth(home, ["status"])).code).toBe(0);
    expect(treeOf(join(home.path, ".config"))).toEqual(before);
  });

  test("a folder that cannot be written is an error with a next step", async () => {
    const home = offlineHome();
    put(join(home.path, "config"), "no folder");
    const env = { XDG_CONFIG_HOME: join(home.path, "config") };
    const flags = ["layer5", "--provider-url", "https://cloud.example.com", "--json"];
    const failure = failureOf(await configure(home, "work", flags, { env }));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
  });
});
