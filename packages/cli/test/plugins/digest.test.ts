import { chmod, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/trust/digest.js";
import { temporaryFolder } from "../support/folder.js";
import { write, writeProvider } from "../support/provider-package.js";

/** A folder of plugins with one that needs a package beside it, which needs another. */
async function installed(): Promise<{ modules: string; root: string }> {
  const modules = join(await temporaryFolder(), "node_modules");
  const root = await writeProvider(join(modules, "@acme/provider"), "@acme/provider", "acme", {
    pjson: {
      dependencies: { near: "1" },
      optionalDependencies: { lacking: "1" },
      peerDependencies: { far: "1" },
    },
    files: { "lib/a.js": "export const a = 1;" },
  });
  for (const [name, needs] of [
    ["near", { far: "1" }],
    ["far", { near: "1" }],
    ["stranger", {}],
  ] as const) {
    await write(join(modules, name, "package.json"), { name, version: "1.0.0", dependencies: needs });
    await write(join(modules, name, "index.js"), `export const name = "${name}";`);
  }
  return { modules, root };
}

const digest = async ({ modules, root }: { modules: string; root: string }) =>
  (await digestOf(root, modules)).digest;

describe("the digest of a plugin", () => {
  it("is the same for the same files, whatever their times and permissions", async () => {
    const [one, other] = [await installed(), await installed()];
    const before = await digest(one);
    expect(before).toMatch(/^sha512-[\w+/]{86}==$/);
    expect(await digest(other)).toBe(before);
    await utimes(join(one.root, "index.js"), 0, 0);
    await chmod(join(one.root, "index.js"), 0o755);
    await writeFile(join(one.modules, ".package-lock.json"), "{}");
    await mkdir(join(one.root, "node_modules/.bin"), { recursive: true });
    await symlink("../../index.js", join(one.root, "node_modules/.bin/acme"));
    expect(await digest(one)).toBe(before);
  });

  it.each<[string, (place: { modules: string; root: string }) => Promise<unknown>]>([
    ["a file is edited", ({ root }) => writeFile(join(root, "lib/a.js"), "export const a = 2;")],
    ["a file is added", ({ root }) => writeFile(join(root, "lib/b.js"), "")],
    ["a file is gone", ({ root }) => rm(join(root, "lib/a.js"))],
    ["a file is called otherwise", ({ root }) => rename(join(root, "lib/a.js"), join(root, "lib/b.js"))],
    ["package.json is edited", ({ root }) => write(join(root, "package.json"), { name: "@acme/provider" })],
    ["what it needs is edited", ({ modules }) => writeFile(join(modules, "near/index.js"), "")],
    ["what that needs is edited", ({ modules }) => writeFile(join(modules, "far/index.js"), "")],
    ["what it needs is put nearer", ({ root }) => write(join(root, "node_modules/near/index.js"), "")],
    [
      "what it needs is put between",
      ({ root }) => write(join(root, "../node_modules/far/package.json"), "{}"),
    ],
    [
      "a file lies among npm's links to programs",
      ({ root }) => write(join(root, "node_modules/.bin/acme"), "export {};"),
    ],
    [
      "a file lies among those of a package beside it",
      ({ modules }) => write(join(modules, "near/node_modules/.bin/lib/acme.js"), "export {};"),
    ],
    ["what was absent is there", ({ modules }) => write(join(modules, "lacking/package.json"), "{}")],
    [
      "a link takes a file's place",
      async ({ root }) => {
        await rename(join(root, "lib/a.js"), join(root, "lib/c.js"));
        await symlink("c.js", join(root, "lib/a.js"));
      },
    ],
  ])("changes when %s", async (_, change) => {
    const place = await installed();
    const before = await digest(place);
    await change(place);
    expect(await digest(place)).not.toBe(before);
  });

  it("does not change with what it does not say it needs", async () => {
    const place = await installed();
    const before = await digest(place);
    await writeFile(join(place.modules, "stranger/index.js"), "changed");
    expect(await digest(place)).toBe(before);
  });

  it.each([
    ["beside it", "near.js"],
    ["nearer", "@acme/node_modules/near.json"],
    ["in its own folder", "@acme/provider/node_modules/near.node"],
    ["in the place of what is not there", "lacking.js"],
    ["above the plugins' folder", "../../node_modules/lacking"],
  ])("cannot be had when a file takes the place of what it needs, %s", async (_, file) => {
    const { modules, root } = await installed();
    const inner = join(modules, "../inner/node_modules");
    await mkdir(join(inner, ".."));
    await rename(modules, inner);
    await write(join(inner, file), "");
    await expect(digest({ modules: inner, root: root.replace(modules, inner) })).rejects.toThrow(
      /^It needs (near|lacking), whose place (near|lacking)/,
    );
  });

  it("cannot be had when something that it needs is found above the plugins' folder", async () => {
    const { modules, root } = await installed();
    const inner = join(modules, "../inner");
    await mkdir(inner);
    await rename(modules, join(inner, "node_modules"));
    const place = {
      modules: join(inner, "node_modules"),
      root: root.replace(modules, join(inner, "node_modules")),
    };
    await write(join(modules, "stranger/package.json"), "{}");
    await write(join(modules, "near/package.json"), "{}");
    expect(await digest(place)).toMatch(/^sha512-/);
    await write(join(modules, "lacking/package.json"), "{}");
    await expect(digest(place)).rejects.toThrow(
      "It needs lacking, which lies outside of the plugins' folder.",
    );
  });

  it("goes over content of any size", async () => {
    const place = await installed();
    await writeFile(join(place.root, "large"), Buffer.alloc(5 * 1024 * 1024));
    const before = await digest(place);
    await writeFile(join(place.root, "large"), Buffer.alloc(5 * 1024 * 1024, "x"));
    expect(await digest(place)).not.toBe(before);
  });

  it.each([
    ["a link out of it", "/etc/hosts"],
    ["a link to a package that it does not need", "../../stranger/index.js"],
    ["a link that leads nowhere", "gone"],
  ])("%s cannot be taken", async (_, target) => {
    const place = await installed();
    await symlink(target, join(place.root, "link"));
    await expect(digest(place)).rejects.toThrow('Its "link" is a link out of the package.');
  });

  it("a link to what it needs can", async () => {
    const place = await installed();
    await symlink("../../near/index.js", join(place.root, "link"));
    expect(await digest(place)).toMatch(/^sha512-/);
  });

  it("a package that lies elsewhere, behind a link, is taken from there", async () => {
    const { modules, root } = await installed();
    const elsewhere = join(modules, "../elsewhere");
    await rename(root, elsewhere);
    await symlink(elsewhere, root);
    const before = await digest({ modules, root });
    await writeFile(join(elsewhere, "index.js"), "changed");
    expect(await digest({ modules, root })).not.toBe(before);
  });

  it("names of packages that lead elsewhere are none", async () => {
    const place = await installed();
    const before = await digest(place);
    const needs = { "../../..": "1", "/etc": "1", "a/../../..": "1", ".bin": "1", near: "1" };
    await write(join(place.modules, "far/package.json"), { name: "far", dependencies: needs });
    expect(await digest(place)).not.toBe(before);
  });
});
