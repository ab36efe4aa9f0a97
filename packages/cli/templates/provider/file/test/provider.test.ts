import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@meshauth/provider-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import provider from "../src/index.js";
import { KEY_FILE, TOKEN } from "./server.js";

/** A host without a terminal. It can do no more than these tests need. */
const host = {
  interactive: false,
  secret: () => undefined,
  readStdin: async () => Buffer.from(KEY_FILE),
} as unknown as Host;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "key-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

const login = (file?: string) =>
  provider.login({ options: file === undefined ? {} : { file }, force: false }, host);

/** The error of a login with this content of the key file. */
async function failureWith(content: string): Promise<unknown> {
  const file = join(folder, "key.json");
  await writeFile(file, content);
  return login(file).catch((reason: unknown) => reason);
}

describe("a key file", () => {
  it("gives its token, whether it is a file or standard input", async () => {
    const file = join(folder, "key.json");
    await writeFile(file, KEY_FILE);
    for (const source of [file, "-"]) {
      expect(await login(source)).toMatchObject({ kind: "token", token: TOKEN });
    }
  });

  it.each([
    ["is empty", ""],
    ["is no JSON", `token=${TOKEN}`],
    ["is cut off", KEY_FILE.slice(0, -4)],
    ["holds no token", '{"key":"x"}'],
    ["holds a token that is none", '{"token":"a b c"}'],
    ["is too large", " ".repeat(100_000)],
  ])("is refused when it %s, and is not repeated in the error", async (_, content) => {
    const error = await failureWith(content);
    expect(error).toMatchObject({ code: "input" });
    expect(JSON.stringify(error)).not.toContain(TOKEN.slice(0, 12));
  });

  it("is refused when it is a folder, or not there", async () => {
    await expect(login(folder)).rejects.toMatchObject({ code: "input" });
    await expect(login(join(folder, "missing.json"))).rejects.toMatchObject({ code: "input" });
  });

  it("has to be named where nobody can be asked", async () => {
    await expect(login()).rejects.toMatchObject({ code: "interaction" });
  });
});
