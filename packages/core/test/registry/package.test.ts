import { execFile } from "node:child_process";
import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Candidate, inspectPackage, inspectPackages } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

const NAME = "acme-provider";
const good = () => pjson(NAME, [entry("acme")]);

async function problemFor(manifest: Record<string, unknown> | string, files?: Record<string, string>) {
  return (await inspectPackage(await writePackage(await folder(), NAME, manifest, files))).problem;
}

describe("a package's files", () => {
  it.each<[string, Record<string, unknown> | string, string]>([
    ["empty", "", "Its package.json is not JSON."],
    ["cut off", '{"name":', "Its package.json is not JSON."],
    ["null", "null", "Its package.json holds no JSON object."],
    ["a list", "[]", "Its package.json holds no JSON object."],
    [
      "100,000 nested lists",
      "[".repeat(100_000) + "]".repeat(100_000),
      "Its package.json holds no JSON object.",
    ],
    ["another name", { ...good(), name: "other" }, 'Its package.json calls it "other".'],
    ["no name", { ...good(), name: undefined }, "Its package.json calls it missing."],
    ["no version", { ...good(), version: undefined }, 'Its version is missing, not one such as "1.2.3".'],
    [
      "a version that is none",
      { ...good(), version: "1.2.3; ls" },
      'Its version is "1.2.3; ls", not one such as "1.2.3".',
    ],
    [
      "no oclif key",
      { ...good(), oclif: undefined },
      'It is no plugin: "oclif" in its package.json is missing.',
    ],
    [
      "an oclif key that is text",
      { ...good(), oclif: "yes" },
      'It is no plugin: "oclif" in its package.json is a string.',
    ],
    [
      "no meshauth key",
      { ...good(), meshauth: undefined },
      'It declares no providers: its package.json has no "meshauth".',
    ],
    [
      "a missing module",
      pjson(NAME, [entry("acme", { module: "./gone.js" })]),
      "Its module ./gone.js is missing.",
    ],
  ])("%s", async (_, manifest, reason) => {
    expect(await problemFor(manifest)).toEqual({
      package: NAME,
      origin: "user",
      reason,
      next: `meshauth plugins uninstall ${NAME}`,
    });
  });

  it("a byte order mark does no harm", async () => {
    expect(await problemFor(`\uFEFF${JSON.stringify(good())}`)).toBeUndefined();
  });

  it("a plugin with commands needs no provider", async () => {
    expect(
      await problemFor({ ...good(), meshauth: undefined, oclif: { commands: "./commands" } }),
    ).toBeUndefined();
  });

  it("a folder that is gone", async () => {
    const candidate = await writePackage(await folder(), NAME, good());
    await rm(candidate.root, { recursive: true });
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its folder is missing.");
  });

  it("package.json is a folder", async () => {
    const candidate = await writePackage(await folder(), NAME, good());
    await rm(join(candidate.root, "package.json"));
    await mkdir(join(candidate.root, "package.json"));
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its package.json is not a regular file.");
  });

  it("package.json is a FIFO without a writer", async () => {
    const candidate = await writePackage(await folder(), NAME, good());
    await rm(join(candidate.root, "package.json"));
    await promisify(execFile)("mkfifo", [join(candidate.root, "package.json")]);
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its package.json is not a regular file.");
  });

  it("package.json is a sparse file of 5 GB", async () => {
    const candidate = await writePackage(await folder(), NAME, good());
    await truncate(join(candidate.root, "package.json"), 5 * 1024 ** 3);
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its package.json is larger than 1 MiB.");
  });

  it("a module that is a link out of the package", async () => {
    const root = await folder();
    const candidate = await writePackage(root, NAME, good(), {});
    await writeFile(join(root, "outside.js"), "export default {};\n");
    await symlink(join(root, "outside.js"), join(candidate.root, "index.js"));
    expect((await inspectPackage(candidate)).problem?.reason).toBe(
      "Its module ./index.js is a link out of the package.",
    );
  });

  it("a module in a linked folder that leads out of the package", async () => {
    const root = await folder();
    const candidate = await writePackage(
      root,
      NAME,
      pjson(NAME, [entry("acme", { module: "./lib/index.js" })]),
      {},
    );
    await mkdir(join(root, "outside"));
    await writeFile(join(root, "outside", "index.js"), "export default {};\n");
    await symlink(join(root, "outside"), join(candidate.root, "lib"));
    expect((await inspectPackage(candidate)).problem?.reason).toMatch(/is a link out of the package/);
  });

  it("a module that is a folder, and a link that leads nowhere", async () => {
    const candidate = await writePackage(await folder(), NAME, good(), {});
    await mkdir(join(candidate.root, "index.js"));
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its module ./index.js is not a file.");
    await rm(join(candidate.root, "index.js"), { recursive: true });
    await symlink("nowhere.js", join(candidate.root, "index.js"));
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its module ./index.js is missing.");
  });

  it("a module behind a link that stays in the package is known by its real path", async () => {
    const root = await folder();
    const declared = (module: string) => pjson(NAME, [entry("acme", { module })]);
    const files = { "dist/v1/index.js": "export default {};\n" };
    const candidate = await writePackage(root, NAME, declared("./lib/./index.js"), files);
    const real = join(candidate.root, "dist/v1/index.js");
    await symlink("dist/v1", join(candidate.root, "lib"));
    expect((await inspectPackage(candidate)).providers[0]).toMatchObject({ modulePath: real });
    await writePackage(root, NAME, declared("./dist//v1/index.js"), files);
    expect((await inspectPackage(candidate)).providers[0]).toMatchObject({ modulePath: real });
  });

  it("a module below a file, and a link that leads to itself", async () => {
    const candidate = await writePackage(
      await folder(),
      NAME,
      pjson(NAME, [entry("acme", { module: "./index.js/index.js" })]),
    );
    expect((await inspectPackage(candidate)).problem?.reason).toBe(
      "Its module ./index.js/index.js cannot be read (ENOTDIR).",
    );
    const other = await writePackage(await folder(), NAME, good(), {});
    await symlink("index.js", join(other.root, "index.js"));
    expect((await inspectPackage(other)).problem?.reason).toBe(
      "Its module ./index.js cannot be read (ELOOP).",
    );
  });

  it("a module that is a FIFO without a writer", async () => {
    const candidate = await writePackage(await folder(), NAME, good(), {});
    await promisify(execFile)("mkfifo", [join(candidate.root, "index.js")]);
    expect((await inspectPackage(candidate)).problem?.reason).toBe("Its module ./index.js is not a file.");
  });

  it("installed packages are read at their real paths, whichever folder on the way is a link", async () => {
    const root = await folder();
    const good = (name: string, id: string) => pjson(name, [entry(id)]);
    const plain = await writePackage(join(root, "real"), "plain", good("plain", "acme"));
    const scoped = await writePackage(join(root, "real"), "@scope/scoped", good("@scope/scoped", "beta"));
    const elsewhere = await writePackage(join(root, "elsewhere"), "linked", good("linked", "gamma"));
    await symlink(elsewhere.root, join(root, "real/node_modules/linked"));
    await symlink(join(root, "real"), join(root, "data"));
    const seen = ["plain", "@scope/scoped", "linked", "gone"].map(
      (name): Candidate => ({
        name,
        root: join(root, "data/node_modules", name),
        origin: "user",
      }),
    );
    const reports = inspectPackages(seen);
    const roots = [plain, scoped, elsewhere].map((package_) => package_.root);
    expect(reports.map((report) => report.root)).toEqual([...roots, undefined]);
    expect(reports.flatMap(({ providers }) => providers.map(({ modulePath }) => modulePath))).toEqual(
      roots.map((path) => join(path, "index.js")),
    );
    expect(reports[3]?.problem?.reason).toBe("Its folder is missing.");
  });

  it("a linked package folder is read at its real path", async () => {
    const root = await folder();
    const real = await writePackage(root, NAME, good());
    await symlink(real.root, join(root, "shortcut"));
    const report = await inspectPackage({ name: NAME, root: join(root, "shortcut"), origin: "link" });
    expect(report.providers[0]).toMatchObject({ root: real.root, modulePath: join(real.root, "index.js") });
  });
});

describe("what mends a problem", () => {
  const written = (api: string) =>
    pjson(NAME, [entry("acme")], { meshauth: { api, providers: [entry("acme")] } });

  it("a newer contract: a newer meshauth", async () => {
    for (const api of ["2.0", "1.1"]) {
      expect(await problemFor(written(api))).toMatchObject({
        reason: `It is written for version ${api} of the provider contract, and this meshauth offers 1.0.`,
        next: "npm install --global @meshauth/cli@latest",
      });
    }
  });

  it("an older contract: an update of the plugin, or for a linked one its removal", async () => {
    const candidate = await writePackage(await folder(), NAME, written("0.9"));
    expect((await inspectPackage(candidate)).problem?.next).toBe(`meshauth plugins update ${NAME}`);
    const linked = { ...candidate, origin: "link" as const };
    expect((await inspectPackage(linked)).problem?.next).toBe(`meshauth plugins uninstall ${NAME}`);
  });

  it("a linked package without its module: its build", async () => {
    const candidate = await writePackage(await folder(), NAME, good(), {});
    const linked = { ...candidate, origin: "link" as const };
    expect((await inspectPackage(linked)).problem).toMatchObject({
      reason: "Its module ./index.js is missing.",
      next: "npm run build",
    });
  });

  it("a broken built-in: the program again", async () => {
    const candidate = await writePackage(await folder(), NAME, "{", {}, "built-in");
    expect((await inspectPackage(candidate)).problem?.next).toBe("npm install --global @meshauth/cli@latest");
  });

  it("a listed name that npm would not take never gets into a command or a terminal as it is", async () => {
    const name = "$(touch marker)\u001b[31m";
    const { problem } = await inspectPackage({ name, root: join(await folder(), "gone"), origin: "user" });
    expect(problem).toMatchObject({ package: "$(touch marker)[31m", next: "meshauth plugins reset" });
  });
});
