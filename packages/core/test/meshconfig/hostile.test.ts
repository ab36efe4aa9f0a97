import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

const CANARY = "SECRET-CANARY-0123456789";

describe("a config that cannot be used is refused with line and reason", () => {
  test.each([
    ["a tab for indentation", "contexts:\n\tlocal: {}\n", /line 2: a tab/],
    [
      "a bracket that is not closed",
      "contexts: {local: {}\ncurrent-context: local\n",
      /line \d: (it is not YAML|the indentation)/,
    ],
    ["two things on a line", `a: b: ${CANARY}\n`, /line 1: it is not YAML/],
    ["an alias to nothing", `contexts: *${CANARY}\n`, /line 1: an alias stands for nothing/],
    ["text", `just ${CANARY}\n`, /line 1: a config is a map/],
    ["a list", "- a\n- b\n", /line 1: a config is a map/],
    ["HTML", `<!doctype html>\n<title>${CANARY}</title>\n`, /line 1/],
    [
      "a key that is there twice",
      "contexts: {a: {}}\ncurrent-context: a\ncontexts: {b: {}}\n",
      /line 3: "contexts" is there twice/,
    ],
    [
      "a context that is there twice",
      "contexts:\n  a: {}\n  a: {}\ncurrent-context: a\n",
      /line 3: "a" is there twice/,
    ],
    [
      "two endpoints",
      `contexts:\n  a:\n    endpoint: http://a.example\n    endpoint: http://${CANARY}\n`,
      /line 4: "endpoint" is there twice/,
    ],
    [
      "two locations",
      "contexts: {a: {token: t}}\ncurrent-context: a\ntokens:\n- name: t\n  location: a\n  location: b\n",
      /line 6: "location" is there twice/,
    ],
    ["contexts that are a list", "contexts:\n- a\n", /line 2: "contexts" is not a map/],
    ["contexts that are a text", "contexts: a\n", /line 1: "contexts" is not a map/],
    [
      "tokens that are a text",
      "contexts: {a: {}}\ntokens: a\ncurrent-context: a\n",
      /line 2: "tokens" is not a list/,
    ],
    [
      "a current context that is a map",
      "contexts: {a: {}}\ncurrent-context: {a: b}\n",
      /line 2: "current-context" is not a name/,
    ],
  ])("%s", async (_, yaml, why) => {
    const { file, resolve, inspect } = await makeHome(yaml);
    const error = await failure(resolve());
    expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_CONFIG", 8]);
    expect(error.why.startsWith(file)).toBe(true);
    expect(error.why).toMatch(why);
    expect(JSON.stringify([error.message, error.why, error.next])).not.toContain(CANARY);
    expect((await inspect()).problems[0]).toMatchObject({ fatal: "MESHAUTH_E_CONFIG", message: error.why });
  });

  test("control characters of names do not reach the message", async () => {
    const { resolve } = await makeHome('contexts: {"\\e]0;x\\a\\u202e": 1}\ncurrent-context: "\\e[2J"\n');
    expect((await failure(resolve())).why).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

describe("what is not a readable text file is refused at once", () => {
  test("a folder", async () => {
    const { folder, resolve } = await makeHome();
    await mkdir(join(folder, "config.yaml"), { recursive: true });
    expect((await failure(resolve())).why).toMatch(/it is a folder/);
  });

  test("a named pipe", async () => {
    const { folder, file, resolve } = await makeHome();
    await mkdir(folder);
    execFileSync("mkfifo", [file]);
    expect((await failure(resolve())).why).toMatch(/not a regular file/);
  });

  test("a device, named or linked to", async () => {
    const { folder, file, resolve } = await makeHome();
    await mkdir(folder);
    await symlink("/dev/zero", file);
    expect((await failure(resolve())).why).toMatch(/not a regular file/);
    expect((await failure(resolve({ flags: { config: "/dev/zero" } }))).why).toMatch(/not a regular file/);
  });

  test("a link to itself, and a file where the folder is due", async () => {
    const { folder, file, resolve, write } = await makeHome();
    await mkdir(folder);
    await symlink(file, file);
    expect((await failure(resolve())).why).toMatch(/leads back to itself/);
    const blocked = await write("m", "");
    expect((await failure(resolve({ env: { MESHERY_HOME: blocked } }))).why).toMatch(/not a folder/);
  });

  test("more than one mebibyte; exactly one is read", async () => {
    const { file, resolve } = await makeHome(`${TYPICAL}#${" ".repeat(1024 * 1024 - TYPICAL.length - 1)}`);
    expect((await resolve()).currentContext).toBe("local");
    await truncate(file, 5 * 1024 ** 3);
    expect((await failure(resolve())).why).toMatch(/larger than 1 MiB/);
  });

  test("bytes that are not UTF-8", async () => {
    const { resolve } = await makeHome(Buffer.from("\ufeffcontexts: {}\n", "utf16le"));
    expect((await failure(resolve())).why).toMatch(/not UTF-8/);
  });
});

describe("YAML made to exhaust a reader", () => {
  const MIB = 1024 * 1024;
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const letter of "bcdefghijklmnop") {
    const before = String.fromCharCode(letter.charCodeAt(0) - 1);
    bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }

  test("an alias bomb beside and inside the settings costs nothing", async () => {
    const { resolve } = await makeHome(`${bomb.join("\n")}\n${TYPICAL}`);
    expect((await resolve()).currentContext).toBe("local");
    const inside = await makeHome(`${bomb.join("\n")}\ncontexts: {a: *p}\ncurrent-context: a\n`);
    expect((await failure(inside.resolve())).code).toBe("MESHAUTH_E_CONFIG");
  });

  test("merge keys that multiply are followed once each", async () => {
    const merges = ["m0: &m0 {x: 1}"];
    for (let level = 1; level < 40; level += 1) {
      merges.push(`m${level}: &m${level} {<<: [*m${level - 1}, *m${level - 1}, *m${level - 1}]}`);
    }
    const yaml = `${merges.join("\n")}\ncontexts: {a: *m39}\ncurrent-context: a\n`;
    expect((await (await makeHome(yaml)).resolve()).currentContext).toBe("a");
  });

  test("an alias to what it is in", async () => {
    const { resolve } = await makeHome(
      "contexts: &c\n  a: &a {<<: *a, token: *a}\ncurrent-context: a\ntokens: []\n",
    );
    await resolve().catch((error: unknown) => expect(error).toMatchObject({ code: "MESHAUTH_E_CONFIG" }));
  });

  test.each([
    ["brackets", "[".repeat(MIB)],
    ["braces", "{".repeat(MIB)],
    ["brackets within a text", `a: ["${"]".repeat(50)}${"[".repeat(MIB / 2)}`],
    ["dashes", "- ".repeat(MIB / 2)],
    ["question marks", "? ".repeat(MIB / 2)],
    ["colons", ": ".repeat(MIB / 2)],
    ["steps of indentation", Array.from({ length: 1400 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
  ])("nesting by %s", async (_, yaml) => {
    const { resolve } = await makeHome(yaml);
    const error = await failure(resolve());
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(error.why).toMatch(/nested/);
  });

  test("very many keys, contexts and tokens", async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: v`).join("\n");
    expect((await (await makeHome(`${keys}\n${TYPICAL}`)).resolve()).currentContext).toBe("local");
    const contexts = `contexts:\n${Array.from({ length: 1001 }, (_, index) => `  c${index}: {}`).join("\n")}\n`;
    expect((await failure((await makeHome(contexts)).resolve())).why).toMatch(/more than 1000/);
    const tokens = `contexts: {a: {}}\ntokens:\n${"- {name: x}\n".repeat(1001)}current-context: a\n`;
    expect((await failure((await makeHome(tokens)).resolve())).why).toMatch(/more than 1000/);
  });
});
