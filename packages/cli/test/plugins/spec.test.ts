import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npmSpec, parseSpec, specOf } from "../../src/plugins/spec.js";

let cwd: string;
beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), "meshauth-spec-")));
  await mkdir(join(cwd, "owner/plugin"), { recursive: true });
  await mkdir(join(cwd, "acme"));
  await writeFile(join(cwd, "p-1.0.0.tgz"), "");
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const parse = async (text: string) => parseSpec(text, { cwd, home: cwd });

describe("names", () => {
  it.each([
    ["acme", "acme", "latest"],
    ["@acme/provider", "@acme/provider", "latest"],
    ["acme@1.2.3", "acme", "1.2.3"],
    ["@acme/provider@^1.2", "@acme/provider", "^1.2"],
    ["acme@>=1 <3", "acme", ">=1 <3"],
    ["acme@next", "acme", "next"],
    ["acme@", "acme", "latest"],
    [" acme ", "acme", "latest"],
  ])("%j", async (text, name, tag) => {
    expect(await parse(text)).toEqual({ kind: "registry", name, tag });
  });

  it("a folder of the same name does not turn a name into a path", async () => {
    expect(await parse("acme")).toMatchObject({ kind: "registry" });
  });
});

describe("paths", () => {
  it.each([
    "./p-1.0.0.tgz",
    "p-1.0.0.tgz",
    "file:p-1.0.0.tgz",
    "file:./p-1.0.0.tgz",
    "~/p-1.0.0.tgz",
    "acme/../p-1.0.0.tgz",
  ])("%j", async (text) => {
    expect(await parse(text)).toEqual({ kind: "file", path: join(cwd, "p-1.0.0.tgz") });
  });

  it.each(["owner/plugin", "./owner/plugin", "owner/plugin/", "file:owner/plugin"])(
    "%j is the folder that is there, and no repository",
    async (text) => {
      expect(await parse(text)).toEqual({ kind: "file", path: join(cwd, "owner/plugin") });
    },
  );

  it("a dot is the working folder", async () => {
    expect(await parse(".")).toEqual({ kind: "file", path: cwd });
  });
});

it.each(["https://example.com/p.tgz", "http://127.0.0.1:4873/p.tgz"])(
  "%j is the address of a tarball",
  async (url) => {
    expect(await parse(url)).toEqual({ kind: "remote", url });
  },
);

it.each([
  "git+https://example.com/p.git",
  "git+file:///tmp/p",
  "git+ssh://git@example.com/p.git",
  "git@example.com:p.git",
  "https://me:SECRET-CANARY@example.com/p.git#main",
  "ssh://git@example.com/p",
  "github:owner/absent",
  "gist:0123456789abcdef",
  "owner/absent",
  "owner/absent#v1",
])("%j is a repository, and refused: it could run code before anybody is asked", async (text) => {
  const error = await parse(text).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "MESHAUTH_E_USAGE",
    message: expect.stringMatching(/ is a repository\.$/),
  });
  expect(String(error)).not.toContain("SECRET-CANARY");
});

it.each([
  "",
  "  ",
  "-g",
  "--ignore-scripts=false",
  "a\nb",
  "a\u0000b",
  "UPPER",
  "name@file:../x",
  "name@npm:other",
  "name@git+https://x",
  "$(ls)",
  "a;b",
  "@scope",
  "file:gone",
  "./gone",
])("%j is refused", async (text) => {
  await expect(parse(text)).rejects.toMatchObject({ code: "MESHAUTH_E_USAGE" });
});

it("what is listed leads back to where it came from", async () => {
  const plugin = { name: "acme", origin: "user", root: "/nowhere" } as const;
  expect(npmSpec(await specOf(plugin))).toBe("acme@latest");
  expect(npmSpec(await specOf({ ...plugin, tag: "^1" }))).toBe("acme@^1");
  expect(npmSpec(await specOf({ ...plugin, url: `file:${cwd}/acme` }))).toBe(`file:${cwd}/acme`);
  expect(npmSpec(await specOf({ ...plugin, url: "https://example.com/p.tgz" }))).toBe(
    "https://example.com/p.tgz",
  );
});
