import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseSpec } from "../../src/plugins/spec.js";
import { createUser, type User } from "../support/program.js";
import {
  type ProviderPackage,
  pack,
  placePlugin,
  write,
  writeProvider,
} from "../support/provider-package.js";
import { startRegistry, type TestRegistry } from "../support/registry.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

let registry: TestRegistry;
/** A package that tests which publish none of their own share. */
const plain = { name: "acme-plain-provider", id: "acme-plain" };
beforeAll(async () => {
  registry = await startRegistry();
  const source = await mkdtemp(join(tmpdir(), "meshauth-plain-"));
  await registry.publish(await writeProvider(source, plain.name, plain.id));
  await rm(source, { recursive: true });
});
afterAll(() => registry.close());

let count = 0;
/** Publishes a provider package under a name of its own. */
async function published(
  user: User,
  options: ProviderPackage = {},
  tag?: string,
): Promise<{ name: string; id: string }> {
  count += 1;
  const [name, id] = [`acme-${count}-provider`, `acme-${count}`];
  await publish(user, name, id, options, tag);
  return { name, id };
}

async function publish(
  user: User,
  name: string,
  id: string,
  options: ProviderPackage = {},
  tag?: string,
): Promise<void> {
  const root = join(user.home, "source", `${name}-${options.version ?? "1.2.3"}`);
  await registry.publish(await writeProvider(root, name, id, options), tag);
}

/** Everything below the data folder that belongs to plugins, with the content of small files. */
async function state(user: User): Promise<Record<string, string>> {
  if (!existsSync(user.dataDir)) return {};
  const entries = await readdir(user.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const content = files.map(
    async (file) => [relative(user.dataDir, file), await readFile(file, "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(content));
}

const leftovers = async (user: User): Promise<string[]> => [
  ...(await readdir(user.dataDir)).filter((name) => /^\.?plugins/.test(name)),
  ...(await readdir(join(user.home, "tmp"))),
];

describe("from the registry", () => {
  it("installs a package whose login works at once", async () => {
    const user = await createUser(registry.url);
    const { name, id } = await published(user, { entry: { hosts: ["https://login.acme.example"] } });
    const { code, document, stdout, stderr } = await user.json(["plugins", "install", name, "--yes"]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(document).toEqual({
      plugin: {
        name,
        version: "1.2.3",
        origin: "user",
        root: join(user.dataDir, "node_modules", name),
        source: `${name}@latest`,
        providers: [{ id, title: `Title of ${id}`, flows: ["local"], hosts: ["https://login.acme.example"] }],
        commands: [],
      },
      previous: null,
      facts: {
        package: name,
        version: "1.2.3",
        source: { kind: "registry", from: registry.url.replace(/\/$/, "") },
        integrity: expect.stringMatching(/^sha512-/),
        publisher: { user: null, maintainers: [] },
        published: { version: expect.stringMatching(TIME), first: expect.stringMatching(TIME) },
        unknown: null,
        signature: { state: "not-available", reason: expect.stringContaining("cannot be reached") },
        provenance: { state: "not-available", reason: expect.stringContaining("cannot be reached") },
        providers: [{ id, title: `Title of ${id}`, flows: ["local"], hosts: ["https://login.acme.example"] }],
        commands: [],
        added: null,
        installed: null,
        installScripts: [],
        dependencies: 0,
        size: { files: 2, bytes: expect.any(Number), totalBytes: expect.any(Number) },
        conformance: false,
      },
    });
    expect(stderr).toContain(`${name} 1.2.3 from the npm registry at ${registry.url.replace(/\/$/, "")}\n`);
    expect(stderr.replace(/\s+/g, " ")).toContain("declares that it talks to https://login.acme.example");
    expect(await leftovers(user)).toEqual([]);

    const help = await user.run(["login", id, "--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain(`Sign in with ${id}.`);
    const login = await user.json(["login", id, "--skip-verify", "--server", "http://127.0.0.1:9"]);
    expect(login.document).toMatchObject({ provider: { id, package: name, version: "1.2.3" } });
    expect(await readFile(join(user.home, ".meshery", "auth.json"), "utf8")).toContain(`"${id}"`);
  });

  it("takes versions, ranges and tags, keeps them for updates, and names the version before", async () => {
    const user = await createUser(registry.url);
    const { name, id } = await published(user, { version: "1.0.0" });
    await publish(user, name, id, { version: "1.1.0" });
    await publish(user, name, id, { version: "2.0.0-rc.1" }, "next");
    let previous: string | null = null;
    for (const [spec = "", version = ""] of [
      ["1.0.0", "1.0.0"],
      ["^1", "1.1.0"],
      ["next", "2.0.0-rc.1"],
      ["latest", "1.1.0"],
    ]) {
      const { document } = await user.json(["plugins", "install", `${name}@${spec}`, "--yes"]);
      expect(document).toMatchObject({ plugin: { version, source: `${name}@${spec}` }, previous });
      previous = version;
    }
  });

  it("a package or version that does not exist", async () => {
    const user = await createUser(registry.url);
    for (const spec of ["no-such-package-anywhere", `${plain.name}@9.9.9`]) {
      const { code, document } = await user.json(["plugins", "install", spec, "--yes"]);
      expect(code).toBe(9);
      expect(document).toMatchObject({
        error: {
          code: "MESHAUTH_E_PLUGIN",
          cause: expect.stringContaining("The registry has no such package or version."),
        },
      });
    }
  });

  it("a registry that is down", async () => {
    const user = await createUser();
    const { code, document } = await user.json(["plugins", "install", "acme", "--yes"]);
    expect(code).toBe(7);
    expect(document).toMatchObject({
      error: {
        code: "MESHAUTH_E_NETWORK",
        cause: expect.stringContaining("The registry cannot be reached."),
      },
    });
    expect(existsSync(join(user.dataDir, "node_modules"))).toBe(false);
  });

  it("a registry that never answers ends at the limit", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = silent.address() as { port: number };
      const user = await createUser(`http://127.0.0.1:${port}/`);
      const { code, document } = await user.json(["plugins", "install", "acme", "--yes", "--timeout", "2s"]);
      expect(code).toBe(6);
      expect(document).toMatchObject({ error: { code: "MESHAUTH_E_TIMEOUT" } });
    } finally {
      silent.close();
    }
  });

  it.each([
    ["MESHAUTH_NPM_REGISTRY", async (_: User) => ({ MESHAUTH_NPM_REGISTRY: registry.url })],
    [
      "NPM_CONFIG_REGISTRY",
      async (_: User) => ({ npm_config_registry: "", NPM_CONFIG_REGISTRY: registry.url }),
    ],
    [
      "the user's .npmrc",
      async (user: User) => {
        await writeFile(join(user.home, ".npmrc"), `registry=${registry.url}\n`);
        return { npm_config_registry: "" };
      },
    ],
    [
      "a .npmrc in the data folder",
      async (user: User) => {
        await mkdir(user.dataDir);
        await writeFile(join(user.dataDir, ".npmrc"), `registry=${registry.url}\n`);
        return { npm_config_registry: "" };
      },
    ],
  ])("honours %s", async (_, prepare) => {
    const user = await createUser();
    const { name } = plain;
    const run = await user.run(["plugins", "install", name, "--yes"], await prepare(user));
    expect(run).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining(`Installed ${name} 1.2.3`),
    });
    // npm is quiet.
    expect(run.stderr).not.toMatch(/npm (?:warn|notice|error)|added/i);
  });

  it("a setting of npm cannot draw the API token out of the environment", async () => {
    const paths: string[] = [];
    const { createServer } = await import("node:http");
    const server = createServer(({ url = "" }, response) => {
      paths.push(url);
      response.writeHead(404).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      const user = await createUser();
      const setting = `registry=http://127.0.0.1:${port}/\${MESHERY_API_TOKEN}/\n`;
      await writeFile(join(user.home, ".npmrc"), setting);
      const env = { npm_config_registry: "", MESHERY_API_TOKEN: "SECRET-CANARY-1" };
      const { stdout, stderr } = await user.run(["plugins", "install", "acme", "--yes", "--verbose"], env);
      expect(paths.length).toBeGreaterThan(0);
      expect(`${paths.join()}${stdout}${stderr}`).not.toContain("SECRET-CANARY");
    } finally {
      server.close();
    }
  });

  it("npm speaks on standard error when it is asked to", async () => {
    const user = await createUser(registry.url);
    const failing = await user.run(["plugins", "install", "no-such-package-anywhere", "--yes", "--verbose"]);
    expect(failing.stdout).toBe("");
    expect(failing.stderr).toContain("npm error");
  });
});

/** All that npm, the list and the messages get of a path is what the spellings are read as. */
async function expectOnePlace({ cwd, home }: User, spellings: string[], path: string): Promise<void> {
  for (const spelling of spellings)
    expect({ spelling, spec: await parseSpec(spelling, { cwd, home }) }).toEqual({
      spelling,
      spec: { kind: "file", path },
    });
}

describe("from a tarball or a folder, in every spelling", () => {
  it("a tarball", async () => {
    const user = await createUser();
    const tarball = await pack(
      await writeProvider(join(user.home, "source"), "acme-provider", "acme"),
      join(user.cwd, "packed"),
    );
    const file = relative(user.cwd, tarball);
    const spellings = [
      `./${file}`,
      file,
      `../work/${file}`,
      tarball,
      `file:./${file}`,
      `file:${file}`,
      `file:${tarball}`,
      `file://${tarball}`,
      `~/work/${file}`,
    ];
    await expectOnePlace(user, spellings, tarball);
    for (const spelling of [file, `~/work/${file}`]) {
      const { code, document } = await user.json(["plugins", "install", spelling, "--yes"]);
      expect({ spelling, code, document }).toMatchObject({
        code: 0,
        document: { plugin: { version: "1.2.3", source: `file:${tarball}` } },
      });
    }
  });

  it("a folder; it is copied, so it may go away", async () => {
    const user = await createUser();
    const root = await writeProvider(join(user.cwd, "sub dir#1/acme%20provider"), "acme-provider", "acme");
    const spelling = "sub dir#1/acme%20provider";
    await expectOnePlace(user, [`./${spelling}`, spelling, root, `file:${root}`], root);
    const installed = await user.json(["plugins", "install", spelling, "--yes"]);
    expect(installed).toMatchObject({ code: 0, document: { plugin: { source: `file:${root}` } } });
    await rm(root, { recursive: true });
    const other = await writeProvider(join(user.cwd, "other"), "other-provider", "other");
    expect((await user.run(["plugins", "install", other, "--yes"])).code).toBe(0);
    expect((await user.run(["plugins", "uninstall", "other"])).code).toBe(0);
    const { document } = await user.json(["provider", "show", "acme"]);
    expect(document).toMatchObject({ id: "acme", origin: "user" });
  });

  it("the same version with other content replaces what was there", async () => {
    const user = await createUser();
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    const packed = () => pack(root, join(user.cwd, "packed"));
    for (const [title, source] of [
      ["First", packed],
      ["Second", packed],
      ["Third", async () => root],
    ] as const) {
      await writeProvider(root, "acme-provider", "acme", { entry: { title } });
      const { document } = await user.json(["plugins", "install", await source(), "--yes"]);
      expect(document).toMatchObject({ plugin: { providers: [{ title }] } });
    }
  });

  it("what leads nowhere, and what is no package", async () => {
    const user = await createUser();
    const nowhere = ["./gone.tgz", "gone.tgz", "/nowhere/gone", "file:gone", ""];
    const nothing = ["UPPER case", "a b", "$(ls)", "name@file:../x", "name@npm:other", "--", "@scope"];
    for (const spec of [...nowhere, ...nothing]) {
      const error: unknown = await parseSpec(spec, user).catch((reason: unknown) => reason);
      expect({ spec, error }).toMatchObject({ error: { code: "MESHAUTH_E_USAGE", exitCode: 2 } });
    }
    for (const spec of ["./gone.tgz", "", "--", "name@file:../x"]) {
      const { code, stdout } = await user.run(["plugins", "install", "--yes", "--json", "--", spec]);
      expect({ spec, code, document: JSON.parse(stdout) }).toMatchObject({
        code: 2,
        document: { error: { code: "MESHAUTH_E_USAGE" } },
      });
    }
  });

  it("a file that is no package", async () => {
    const user = await createUser();
    await write(join(user.cwd, "fake.tgz"), "not a tarball");
    await write(join(user.cwd, "empty/readme.md"), "nothing");
    for (const spec of ["./fake.tgz", "./empty"]) {
      const { code, document } = await user.json(["plugins", "install", spec, "--yes"]);
      expect({ spec, code, document }).toMatchObject({
        code: 9,
        document: { error: { code: "MESHAUTH_E_PLUGIN" } },
      });
    }
  });
});

describe("A21: scripts of packages", () => {
  it("never run, whatever npm's settings say", async () => {
    const user = await createUser(registry.url);
    const marker = join(user.home, "marker");
    const names = [
      "preinstall",
      "install",
      "postinstall",
      "prepare",
      "prepack",
      "postpack",
      "preuninstall",
      "uninstall",
      "postuninstall",
    ];
    const scripts = Object.fromEntries(names.map((script) => [script, `echo ${script} >> ${marker}`]));
    await writeFile(join(user.home, ".npmrc"), "ignore-scripts=false\n");
    const env = { NPM_CONFIG_IGNORE_SCRIPTS: "false" };
    const { name } = await published(user, { pjson: { scripts } });
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", { pjson: { scripts } });
    for (const spec of [name, root, await pack(root, user.cwd)]) {
      expect((await user.run(["plugins", "install", spec, "--yes"], env)).code).toBe(0);
    }
    expect((await user.run(["plugins", "update"], env)).code).toBe(0);
    expect((await user.run(["plugins", "uninstall", name], env)).code).toBe(0);
    expect(existsSync(marker)).toBe(false);
  });

  it("nor does any other code of the package, until its login", async () => {
    const user = await createUser();
    const marker = join(user.home, "marker");
    const mark = `(await import("node:fs")).appendFileSync(${JSON.stringify(marker)}, "ran");\n`;
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", {
      pjson: { oclif: { hooks: { init: "./hook.js", "plugins:postinstall": "./hook.js" } } },
      files: { "hook.js": `${mark}export default () => {};`, "oclif.config.js": mark, "index.js": mark },
    });
    await user.run(["plugins", "install", root, "--yes"]);
    for (const argv of [
      ["--version"],
      ["--help"],
      ["login", "acme", "--help"],
      ["plugins"],
      ["plugins", "inspect", "acme"],
      ["autocomplete", "--refresh-cache"],
    ]) {
      expect((await user.run(argv)).code).toBe(0);
    }
    expect(existsSync(marker)).toBe(false);
  });
});

describe("a plugin with commands", () => {
  it("installs with a manifest that fits, and its command runs", async () => {
    const user = await createUser();
    const id = "acme:hello";
    const command = {
      id,
      summary: "Say hello.",
      aliases: [],
      args: {},
      flags: {},
      strict: false,
      isESM: true,
      relativePath: ["commands", "acme", "hello.js"],
    };
    const root = await writeProvider(join(user.cwd, "acme"), "acme-plugin", "acme", {
      pjson: { oclif: { commands: "./commands" } },
      files: {
        "oclif.manifest.json": JSON.stringify({ version: "1.2.3", commands: { [id]: command } }),
        "commands/acme/hello.js":
          'export default class {static id; static async run(argv) { console.log("hello", ...argv); }}\n',
      },
    });
    const { document, stderr } = await user.json(["plugins", "install", root, "--yes"]);
    expect(document).toMatchObject({ plugin: { commands: ["acme hello"], providers: [{ id: "acme" }] } });
    expect(stderr).toMatch(/^ {2}command +acme hello$/m);
    expect(await user.run(["acme", "hello", "world"])).toEqual({
      code: 0,
      stdout: "hello world\n",
      stderr: "",
    });
    expect((await user.run(["acme", "hello", "--help"])).stdout).toContain("Say hello.");
    expect((await user.run(["acme", "hello"], { MESHAUTH_SAFE_MODE: "1" })).code).toBe(2);
  });
});

describe("consent", () => {
  it("without a terminal and without --yes: exit 10, nothing fetched, nothing made", async () => {
    const user = await createUser();
    const { code, document } = await user.json(["plugins", "install", "acme@1 || 2"]);
    expect(code).toBe(10);
    expect(document).toMatchObject({
      error: {
        code: "MESHAUTH_E_INTERACTION",
        next: [
          "meshauth plugins install 'acme@1 || 2' --yes",
          `Add {"name":"acme","integrity":"sha512-…"} to "allowed" in ${join(user.home, "config/allowed-plugins.json")}.`,
          "To see its integrity: npm view acme@VERSION dist.integrity",
        ],
      },
    });
    expect(existsSync(user.dataDir)).toBe(false);
  });
});

describe("what is refused, with the old state kept", () => {
  const command = 'export default class {static id = "x"; static async run() {}}';
  const manifest = (id: string) =>
    JSON.stringify({ version: "1.2.3", commands: { [id]: { id, aliases: [], args: {}, flags: {} } } });

  it.each<[string, string, ProviderPackage, RegExp]>([
    ["no plugin", "plain", { pjson: { oclif: undefined } }, /^It is no plugin/],
    ["no provider", "plain", { pjson: { meshauth: undefined } }, /^It declares no providers/],
    [
      "a newer contract",
      "plain",
      { pjson: { meshauth: { api: "3.0", providers: [] } } },
      /^It is written for version 3\.0/,
    ],
    ["a malformed declaration", "plain", { entry: { flows: [] } }, /flows names no flow/],
    ["a missing module", "plain", { entry: { module: "./gone.js" } }, /^Its module \.\/gone\.js is missing/],
    [
      "A22: the id of a built-in",
      "plain",
      { entry: { id: "layer5" } },
      /is taken by @meshauth\/provider-layer5/,
    ],
    ["A22: a look-alike", "plain", { entry: { id: "layers" } }, /may be taken for the built-in "layer5"/],
    ["A22: the name of a built-in", "@meshauth/provider-none", {}, /^Its name belongs to a part of meshauth/],
    ["the name of a part of oclif", "@oclif/plugin-help", {}, /^Its name belongs to a part of meshauth/],
    [
      "the id of another plugin",
      "plain",
      { entry: { id: "first" } },
      /^Its provider id "first" is taken by first-provider/,
    ],
    [
      "a package that sorts before it",
      "a-provider",
      { entry: { id: "first" } },
      /^It would take the place of first-provider/,
    ],
    [
      "commands without a manifest",
      "plain",
      { pjson: { oclif: { commands: "./commands" } }, files: { "commands/x.js": command } },
      /^Its oclif\.manifest\.json is missing/,
    ],
    [
      "a command of ours",
      "plain",
      {
        pjson: { oclif: { commands: "./commands" } },
        files: { "commands/x.js": command, "oclif.manifest.json": manifest("status") },
      },
      /^Its command "status" would be one of meshauth's own/,
    ],
  ])("%s", async (_, name, options, reason) => {
    const user = await createUser();
    await placePlugin(user.dataDir, "first-provider", "first");
    const before = await state(user);
    const root = await writeProvider(join(user.cwd, "second"), name, "second", options);
    const { code, document } = await user.json(["plugins", "install", root, "--yes"]);
    expect(code).toBe(9);
    expect(document).toMatchObject({
      error: { code: "MESHAUTH_E_PLUGIN", cause: expect.stringMatching(reason) },
    });
    expect(await state(user)).toEqual(before);
    expect(await leftovers(user)).toEqual([]);
  });

  it("a package for another Node", async () => {
    const user = await createUser();
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", {
      pjson: { engines: { node: ">=99" } },
    });
    const { code, document } = await user.json(["plugins", "install", root, "--yes"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { cause: expect.stringContaining("not for this Node") } },
    });
  });

  it("an upgrade that does not fit leaves the old version in place, and at work", async () => {
    const user = await createUser(registry.url);
    const { name, id } = await published(user, { version: "1.0.0" });
    await user.run(["plugins", "install", name, "--yes"]);
    const before = await state(user);
    await publish(user, name, id, { version: "2.0.0", pjson: { meshauth: { api: "2.0", providers: [] } } });
    expect((await user.run(["plugins", "install", name, "--yes"])).code).toBe(9);
    expect(await state(user)).toEqual(before);
    const { document } = await user.json(["provider", "list"]);
    expect(document).toMatchObject({
      problems: [],
      providers: expect.arrayContaining([expect.objectContaining({ id, version: "1.0.0" })]),
    });
  });

  it("a list that is damaged is not written over", async () => {
    const user = await createUser();
    await write(join(user.dataDir, "package.json"), '{"oclif":');
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    const { code, document } = await user.json(["plugins", "install", root, "--yes"]);
    expect({ code, document }).toMatchObject({
      code: 9,
      document: { error: { next: ["meshauth plugins reset"] } },
    });
    expect(await readFile(join(user.dataDir, "package.json"), "utf8")).toBe('{"oclif":');
  });

  it("a data folder that cannot be made", async () => {
    const user = await createUser();
    await write(join(user.home, "data"), "a file");
    const root = await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme");
    const { code, document } = await user.json(["plugins", "install", root, "--yes"]);
    const next = ["Make room, or make the folder yours, and try again."];
    expect({ code, document }).toMatchObject({
      code: 8,
      document: { error: { code: "MESHAUTH_E_STORE", next } },
    });
  });
});
