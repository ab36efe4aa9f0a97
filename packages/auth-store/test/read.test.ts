import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreError } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { Home } from "./support/folder.js";

const VALID = '{"meshery-provider":"Layer5","token":"SECRET-CANARY-1"}\n';

async function codes(home: Home): Promise<string[]> {
  return (await home.store().read()).warnings.map(({ code }) => code);
}

async function failure(home: Home): Promise<{ code: string; why: string; next: readonly string[] }> {
  const error: unknown = await home
    .store()
    .read()
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!isStoreError(error)) throw new Error("expected a StoreError", { cause: error });
  return { code: error.code, why: error.why, next: error.next };
}

describe("read", () => {
  it("T01 gives all members, with the file's digest and mode", async () => {
    const home = new Home('{"meshery-provider":"Layer5","other":"kept","token":"x"}');
    expect(await home.store().read()).toEqual({
      state: "present",
      serverName: "Layer5",
      token: "x",
      members: new Map([
        ["meshery-provider", "Layer5"],
        ["other", "kept"],
        ["token", "x"],
      ]),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      mode: 0o600,
      warnings: [],
    });
  });

  it("finds no file, and no folder", async () => {
    const home = new Home();
    expect(await home.store().read()).toEqual({ state: "missing", digest: "missing", warnings: [] });
  });

  it.each([
    ["no bytes", ""],
    ["only white space", " \r\n\t"],
  ])("T02 takes %s for a logout", async (_, content) => {
    expect(await new Home(content).store().read()).toMatchObject({ state: "logged-out", warnings: [] });
  });

  it.each([
    ["T03 a file cut off in the token", VALID.slice(0, 40), "it is cut off in the middle of the JSON value"],
    [
      "T03 text after the object",
      `${VALID}S0tLS0tCg==`,
      "there is more text after the end of the JSON value",
    ],
    ["a saved web page", "<!doctype html><title>Sign in</title>", "it is not JSON"],
    ["a saved error", '{"error":"unauthorized"}', 'it has neither "meshery-provider" nor "token"'],
    ["null", "null", "it holds null where an object is due"],
    ["a value that is no string", '{"token":"x","isOauth":true}', 'the value of "isOauth" is a boolean'],
    [
      "T09 deep nesting",
      `{"token":${"[".repeat(100_000)}`,
      "arrays and objects are nested more than 64 deep",
    ],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff), "it is not valid UTF-8 text"],
  ])("calls damaged: %s", async (_, content, reason) => {
    const home = new Home(content);
    const before = home.snapshot();
    const state = await home.store().read();
    expect(state).toMatchObject({ state: "damaged", reason: expect.stringContaining(reason) });
    expect(state.state === "damaged" && Buffer.from(state.bytes)).toEqual(readFileSync(home.file));
    expect(state.state === "damaged" && state.reason).not.toContain("CANARY");
    expect(home.snapshot()).toEqual(before);
  });

  it("T04 warns of a byte-order mark, which mesheryctl cannot read", async () => {
    const home = new Home(`\ufeff${VALID.replace("\n", "\r\n")}`);
    expect(await home.store().read()).toMatchObject({
      state: "present",
      token: "SECRET-CANARY-1",
      warnings: [{ code: "bom", next: "meshauth login" }],
    });
  });

  it("reads null and duplicate keys as mesheryctl does", async () => {
    const home = new Home('{"meshery-provider":"A","meshery-provider":"B","token":null}');
    expect(await home.store().read()).toMatchObject({ state: "present", serverName: "B", token: "" });
    expect(await codes(home)).toEqual(["duplicate-key"]);
  });

  it.each([0o644, 0o666, 0o640, 0o604])("T12 gives one warning for mode %o", async (mode) => {
    const home = new Home(VALID);
    chmodSync(home.file, mode);
    expect(await home.store().read()).toMatchObject({
      state: "present",
      mode,
      warnings: [{ code: "mode", next: `chmod 600 ${home.file}` }],
    });
  });

  it("warns of a hard link and of a folder that others can write in", async () => {
    const home = new Home(VALID);
    linkSync(home.file, join(home.path, "second"));
    expect(await codes(home)).toEqual(["hard-link"]);
    chmodSync(home.meshery, 0o775);
    expect(await codes(home)).toEqual(["hard-link", "group-writable-folder"]);
    chmodSync(home.meshery, 0o777);
    expect(await codes(home)).toEqual(["hard-link", "world-writable-folder"]);
  });

  it("creates and touches nothing", async () => {
    for (const home of [new Home(), new Home(VALID), new Home("")]) {
      const before = home.snapshot();
      await home.store().read();
      await home.store().details();
      await home.store().realFile();
      expect(home.snapshot()).toEqual(before);
    }
  });

  it.each([
    ["truncated the file", ""],
    ["written a part of the file", VALID.slice(0, 30)],
  ])("A14 waits for a writer that has just %s", async (_, content) => {
    const home = new Home(content);
    const reading = home.store().read();
    await sleep(70);
    writeFileSync(home.file, VALID);
    expect(await reading).toMatchObject({ state: "present", token: "SECRET-CANARY-1" });
  });
});

describe("read refuses what only looks like a file", () => {
  it("T11 a named pipe, at once, though nobody writes to it", async () => {
    const home = new Home(VALID);
    unlinkSync(home.file);
    spawnSync("mkfifo", [home.file]);
    expect(await failure(home)).toMatchObject({
      code: "MESHAUTH_E_UNSAFE",
      why: `${home.file}: it is not a regular file.`,
    });
  });

  it("T11 a folder", async () => {
    const home = new Home(VALID);
    unlinkSync(home.file);
    mkdirSync(home.file);
    expect((await failure(home)).code).toBe("MESHAUTH_E_UNSAFE");
  });

  it("T11 a socket", async () => {
    const home = new Home(VALID);
    unlinkSync(home.file);
    const server = createServer().listen(home.file);
    await new Promise((resolve) => server.once("listening", resolve));
    expect((await failure(home)).code).toBe("MESHAUTH_E_UNSAFE");
    await new Promise((resolve) => server.close(resolve));
  });

  it("T11 a device behind a link", async () => {
    const home = new Home(VALID);
    unlinkSync(home.file);
    symlinkSync("/dev/zero", home.file);
    expect((await failure(home)).code).toBe("MESHAUTH_E_UNSAFE");
  });

  it("T10 5 GB of nothing, and one byte too many, from their size", async () => {
    const home = new Home("");
    for (const size of [5 * 1024 ** 3, 1024 ** 2 + 1]) {
      truncateSync(home.file, size);
      const before = process.memoryUsage().arrayBuffers;
      expect(await failure(home)).toMatchObject({
        code: "MESHAUTH_E_DAMAGED",
        why: `${home.file} is larger than 1 MiB; no credential file is.`,
      });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 ** 2);
    }
  });

  it("a path through a file", async () => {
    const home = new Home(VALID);
    const error: unknown = await home
      .store({}, join(home.file, "auth.json"))
      .read()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "MESHAUTH_E_STORE", why: expect.stringContaining("ENOTDIR") });
  });

  it("a relative path", () => {
    const home = new Home();
    expect(() => home.store({}, "auth.json")).toThrow("no usable path");
  });
});
