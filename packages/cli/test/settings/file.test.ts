import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changeSettings } from "../../src/settings/change.js";
import { readSettings, type SavedSettings, settingsPath } from "../../src/settings/file.js";
import { temporaryFolder } from "../support/folder.js";

const uid = process.getuid?.();
const { signal } = new AbortController();

function saved(name: string, options: SavedSettings["options"] = {}): SavedSettings {
  return { name, provider: "acme", options };
}

/** A config folder whose file has this text. */
async function written(text: string): Promise<string> {
  const configDir = await temporaryFolder();
  await writeFile(settingsPath(configDir), text, { mode: 0o600 });
  return configDir;
}

test("a file that is missing, or in a folder that is, holds none", async () => {
  const configDir = join(await temporaryFolder(), "none");
  expect(readSettings(configDir, uid)).toEqual({
    path: join(configDir, "providers.json"),
    settings: new Map(),
  });
});

test("what was written is read, whatever names and values are called", async () => {
  const configDir = join(await temporaryFolder(), "a", "b");
  const all = [
    saved("constructor", { constructor: true, "to-string": "$(id)\u001b[31m\u202e<%= 1 %>" }),
    saved("work", { level: -3, fast: false, note: "" }),
  ];
  await changeSettings({ configDir, uid, signal }, (settings) => {
    for (const one of all) settings.set(one.name, one);
  });
  expect([...readSettings(configDir, uid).settings.values()]).toEqual(all);
  expect((await stat(configDir)).mode & 0o777).toBe(0o700);
  expect((await stat(settingsPath(configDir))).mode & 0o777).toBe(0o600);
  expect(await readdir(configDir)).toEqual(["providers.json"]);
});

test.each([
  ["nothing", "", "not JSON"],
  ["a number", "1", "no settings"],
  ["null", "null", "no settings"],
  ["no version", '{"settings":{}}', "Another version"],
  ["a version as text", '{"version":"1","settings":{}}', "Another version"],
  ["a newer version", '{"version":2,"settings":{}}', "Another version"],
  ["a list of settings", '{"version":1,"settings":[]}', "no settings"],
  [
    "a prototype for a name",
    '{"version":1,"settings":{"__proto__":{"provider":"a","options":{}}}}',
    "__proto__",
  ],
  ["a path for a name", '{"version":1,"settings":{"../x":{"provider":"a","options":{}}}}', "../x"],
  ["capitals for a name", '{"version":1,"settings":{"Work":{"provider":"a","options":{}}}}', "Work"],
  ["control characters", '{"version":1,"settings":{"a\\u001b[2J":{"provider":"a","options":{}}}}', '"a[2J"'],
  ["no provider", '{"version":1,"settings":{"a":{"options":{}}}}', '"a"'],
  ["a provider that is none", '{"version":1,"settings":{"a":{"provider":"$(id)","options":{}}}}', '"a"'],
  ["no options", '{"version":1,"settings":{"a":{"provider":"a"}}}', '"a"'],
  ["a list for a value", '{"version":1,"settings":{"a":{"provider":"a","options":{"b":[]}}}}', '"a"'],
  ["null for a value", '{"version":1,"settings":{"a":{"provider":"a","options":{"b":null}}}}', '"a"'],
  ["half a number", '{"version":1,"settings":{"a":{"provider":"a","options":{"b":0.5}}}}', '"a"'],
  [
    "a prototype for an option",
    '{"version":1,"settings":{"a":{"provider":"a","options":{"__proto__":1}}}}',
    '"a"',
  ],
])("%s: it is not believed, and not changed", async (_, text, problem) => {
  const configDir = await written(text);
  const found = readSettings(configDir, uid);
  expect(found.settings.size).toBe(0);
  expect(found.problem).toContain(problem);
  expect(found.problem).not.toContain("\u001b");
  const change = changeSettings({ configDir, uid, signal }, (settings) => settings.set("x", saved("x")));
  await expect(change).rejects.toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
  expect(await readFile(settingsPath(configDir), "utf8")).toBe(text);
});

test.each<[string, (path: string) => Promise<unknown>, string]>([
  ["a link", (path) => symlink("/etc/hostname", path), "link"],
  ["a folder", (path) => mkdir(path), "not a regular file"],
  ["a pipe", async (path) => execFileSync("mkfifo", [path]), "not a regular file"],
  ["open to others", (path) => writeFile(path, "{}").then(() => chmod(path, 0o620)), "Other users"],
  ["too large", (path) => writeFile(path, Buffer.alloc(10_000_000, " ")), "too large"],
])("%s: it is not believed", async (_, make, problem) => {
  const configDir = await temporaryFolder();
  await make(settingsPath(configDir));
  expect(readSettings(configDir, uid).problem).toContain(problem);
});

test.runIf(uid === 0)("another user's: it is not believed", async () => {
  const configDir = await written('{"version":1,"settings":{}}');
  await chown(settingsPath(configDir), 1000, 1000);
  expect(readSettings(configDir, uid).problem).toContain("another user");
});

test("many changes at once: none is lost", async () => {
  const configDir = await temporaryFolder();
  const names = Array.from({ length: 8 }, (_, index) => `name-${index}`);
  await Promise.all(
    names.map((name) =>
      changeSettings({ configDir, uid, signal }, (settings) => settings.set(name, saved(name))),
    ),
  );
  expect([...readSettings(configDir, uid).settings.keys()].sort()).toEqual([...names].sort());
});

test("a change that throws, and one that changes nothing, write nothing", async () => {
  const configDir = await temporaryFolder();
  const place = { configDir, uid, signal };
  const options = { a: 1, b: 2 };
  await changeSettings(place, (settings) => settings.set("x", saved("x", options)));
  const path = settingsPath(configDir);
  await utimes(path, 1, 1);
  const same = await changeSettings(place, (settings) => {
    settings.delete("x");
    settings.set("x", saved("x", { b: 2, a: 1 }));
  });
  expect(same).toEqual({ path, written: false });
  const failing = changeSettings(place, (settings) => {
    settings.clear();
    throw new Error("made up");
  });
  await expect(failing).rejects.toThrow("made up");
  expect((await stat(path)).mtimeMs).toBe(1_000);
  expect(readSettings(configDir, uid).settings.get("x")).toEqual(saved("x", options));
});

test("more than can be read again is not written", async () => {
  const configDir = await temporaryFolder();
  const change = changeSettings({ configDir, uid, signal }, (settings) =>
    settings.set("x", saved("x", { note: "x".repeat(1024 * 1024) })),
  );
  await expect(change).rejects.toMatchObject({ code: "MESHAUTH_E_STORE" });
  expect(await readdir(configDir)).toEqual([]);
});
