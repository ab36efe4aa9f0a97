import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { meshauth } from "../support/program.js";
import { NO_SERVER, simulatedHome } from "../support/simulated.js";
import { contentOf, filesOf, lintMessages, typeProblems, unexpectedFiles } from "../support/tarball.js";
import { type Clone, cloneRepository, lines } from "./release/clone.js";
import { finish, start } from "./release/process.js";
import { type RecordingRegistry, startRecordingRegistry } from "./release/recording-registry.js";

/** Everybody but the simulator, which is for this repository alone. */
const PUBLIC = [
  "auth-store",
  "cli",
  "core",
  "provider-api",
  "provider-file-import",
  "provider-layer5",
  "provider-none",
  "provider-oidc",
  "provider-testkit",
];

let registry: RecordingRegistry;
let clone: Clone;
/** What the remote knew and which versions there were when the test began. */
let before: { tags: readonly string[]; versions: Readonly<Record<string, string>> };

beforeAll(async () => {
  registry = await startRecordingRegistry();
  clone = await cloneRepository(registry.url);
});

const lerna = (...args: readonly string[]) =>
  clone.run(process.execPath, ["node_modules/lerna/dist/cli.js", ...args]);
const release = (env: Readonly<Record<string, string>> = {}) => {
  clone.markInstalled();
  return clone.start(process.execPath, ["scripts/publish.mjs"], env);
};
const publish = (env?: Readonly<Record<string, string>>) => finish(release(env), "publish.mjs");
const scoped = (names: readonly string[]) => names.map((name) => `@meshauth/${name}`);

/** Runs `lerna version` and gives the new versions, by folder. */
async function version(...args: readonly string[]): Promise<Record<string, string>> {
  before = { tags: clone.remoteTags(), versions: clone.versions() };
  const { code, output } = await lerna("version", "--yes", ...args);
  expect(code, output).toBe(0);
  return newVersions();
}

function newVersions(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(clone.versions()).filter(([folder, number]) => before.versions[folder] !== number),
  );
}

/** Everything that a release leaves behind: tags at the remote, changelogs, ranges, a lock file, a clean tree. */
function expectReleased(released: Readonly<Record<string, string>>): void {
  const tags = Object.entries(released).map(([folder, number]) => `@meshauth/${folder}@${number}`);
  expect(clone.remoteTags().filter((tag) => !before.tags.includes(tag))).toEqual(tags.sort());
  expect(clone.git("rev-parse", "HEAD")).toBe(clone.git("rev-parse", "@{upstream}"));
  expect(clone.git("status", "--porcelain")).toBe("");
  expect(clone.git("log", "-1", "--format=%s")).toBe("chore(release): publish");
  for (const [folder, number] of Object.entries(released)) {
    expect(clone.changelog(folder)).toMatch(new RegExp(`^##? \\[?${number.replaceAll(".", "\\.")}\\b`, "m"));
  }
  expectRanges();
}

/** What documents and examples tell users to install is what is released. */
async function expectDocumented(): Promise<void> {
  const { code, output } = await clone.run(process.execPath, ["scripts/ranges.mjs", "--check"]);
  expect([code, output]).toEqual([0, ""]);
}

/** Every range on one of ours is `^` and the version that the same commit has, in the manifests and in the lock file. */
function expectRanges(): void {
  const lock = JSON.parse(readFileSync(join(clone.root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; dependencies?: Record<string, string> }>;
  };
  const versions = clone.versions();
  for (const [folder, number] of Object.entries(versions)) {
    const { dependencies = {} } = clone.manifest(folder);
    for (const [name, range] of Object.entries(dependencies).filter(([key]) => key.startsWith("@meshauth/")))
      expect(range, `${folder} needs ${name}`).toBe(`^${versions[name.replace("@meshauth/", "")]}`);
    const locked = lock.packages[`packages/${folder}`];
    expect([locked?.version, locked?.dependencies ?? {}]).toEqual([number, dependencies]);
  }
}

/** Publishes, and expects that just these packages reached the registry, each once. */
async function expectPublished(
  expected: Readonly<Record<string, string>>,
  tags: readonly string[] = ["latest"],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { code, output } = await publish(env);
  expect(code, output).toBe(0);
  const uploads = registry.takeUploads();
  expect(uploads.map((upload) => upload.package).sort()).toEqual(
    Object.entries(expected)
      .map(([folder, number]) => `@meshauth/${folder}@${number}`)
      .sort(),
  );
  for (const upload of uploads) expect(upload).toMatchObject({ status: 201, tags });
  expect(clone.git("status", "--porcelain")).toBe("");
}

describe("the first release", () => {
  test("without a CI that signs provenance, nothing is published", async () => {
    const { code, output } = await publish();
    expect(code).not.toBe(0);
    expect(output).toContain("provenance");
    expect(registry.takeUploads()).toEqual([]);
    clone.git("restore", "packages");
  });

  test("a new package's first version is published by hand, without provenance", async () => {
    const by = ["publish", "--workspace=@meshauth/provider-testkit"];
    // npm sends nothing without a login. This registry lets everybody publish.
    const login = { [`npm_config_//${new URL(registry.url).host}/:_authToken`]: "made-up" };
    const refused = await clone.run("npm", by, login);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("provenance");
    expect(registry.takeUploads()).toEqual([]);
    const { code, output } = await clone.run("npm", [...by, "--no-provenance"], login);
    expect(code, output).toBe(0);
    const { "provider-testkit": version } = clone.versions();
    expect(registry.takeUploads()).toMatchObject([
      { package: `@meshauth/provider-testkit@${version}`, status: 201, tags: ["latest"] },
    ]);

    // From here on the packages are published without it: no registry on loopback can check who signed.
    for (const folder of PUBLIC) {
      const path = join(clone.root, "packages", folder, "package.json");
      writeFileSync(path, readFileSync(path, "utf8").replace(/,\s*"provenance": true/, ""));
    }
    clone.git("commit", "--quiet", "--all", "--message", "feat: published on loopback");
    clone.git("push", "--quiet");
  });

  test("raises, tags and describes every package that is public", async () => {
    const released = await version();
    expect(Object.keys(released).sort()).toEqual(PUBLIC);
    expectReleased(released);
    await expectDocumented();
    expect(lines(clone.git("show", "--name-only", "--format=", "HEAD"))).toContain(
      "examples/meshauth-provider-lantern/package.json",
    );
    expect(clone.changelog("core")).toContain("### Features");
    expect(readdirSync(join(clone.root, "packages/meshery-simulator"))).not.toContain("CHANGELOG.md");
    expect(readdirSync(clone.root)).not.toContain("CHANGELOG.md");
  });

  test("dies after the first package, and goes on when it is run again", async () => {
    const stored = registry.swallowNextAnswer();
    const dying = release();
    await Promise.race([stored, dying.outcome.then(({ output }) => Promise.reject(new Error(output)))]);
    dying.kill();
    await dying.outcome;
    const first = registry.takeUploads();
    expect(first).toMatchObject([
      { package: expect.stringContaining("@meshauth/provider-api@"), status: 201 },
    ]);

    // lerna writes into the manifests while it publishes. The script tells how to go on.
    expect(clone.git("status", "--porcelain")).toContain("package.json");
    const refused = await publish();
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("git restore packages")]);
    clone.git("restore", "packages");

    const { "provider-api": _, ...others } = clone.versions();
    const { "meshery-simulator": __, ...expected } = others;
    await expectPublished(expected);
    await expectPublished({});
  });

  test.each(scoped(PUBLIC))(
    "%s can be used as it is in the registry, and holds only what is for its users",
    async (name) => {
      const { "dist-tags": tags } = await registry.metadata(name);
      const version = tags["latest"] ?? "";
      const tarball = join(clone.work, "downloaded.tgz");
      writeFileSync(tarball, await registry.tarball(name, version));
      const files = filesOf(tarball);
      expect(files).toEqual(expect.arrayContaining(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]));
      expect(unexpectedFiles(name, files)).toEqual([]);
      expect(await lintMessages(tarball)).toEqual([]);
      expect(await typeProblems(tarball)).toEqual([]);
      const content = contentOf(tarball);
      for (const word of [clone.work, process.cwd(), new URL(registry.url).host])
        expect(content).not.toContain(word);
      expect(content).not.toMatch(/registry\.npmjs\.org/);
    },
  );

  test("leaves the commit it was made of, and nothing private, in the registry", async () => {
    const head = clone.git("rev-parse", "HEAD");
    for (const name of scoped(PUBLIC)) {
      const { versions, "dist-tags": tags } = await registry.metadata(name);
      expect([Object.keys(tags), versions[tags["latest"] ?? ""]?.gitHead], name).toEqual([["latest"], head]);
    }
    for (const name of ["@meshauth/meshery-simulator", "meshauth-monorepo"])
      expect((await registry.metadata(name)).versions).toEqual({});
  });
});

describe("later releases", () => {
  test("tests and other folders alone are no release", async () => {
    clone.commit("test(core): one more", { "packages/core/test/more.test.ts": "export {};" });
    clone.commit("docs: a word more", { "docs/user-guide.md": "More." });
    clone.commit("feat(meshery-simulator): a page more", { "packages/meshery-simulator/README.md": "More." });
    expect(await version()).toEqual({});
    expect(clone.remoteTags()).toEqual(before.tags);
  });

  test("a fix releases its package and what depends on it, and nothing else", async () => {
    const old = clone.versions();
    clone.commit("fix(provider-none): says where the file is", {
      "packages/provider-none/README.md": "Fixed.",
    });
    const released = await version();
    expect(released).toEqual({
      cli: next(old["cli"], "patch"),
      "provider-none": next(old["provider-none"], "patch"),
    });
    expectReleased(released);
    expect(newest(clone.changelog("provider-none"))).toContain("says where the file is");
    expect(newest(clone.changelog("cli"))).toContain("Version bump only");
    await expectPublished(released);
  });

  test("a feature and a change that breaks are each what their versions say", async () => {
    const old = clone.versions();
    clone.commit("feat(auth-store): one more way to read", { "packages/auth-store/README.md": "More." });
    clone.commit(
      "feat(provider-layer5)!: no answer to old clouds\n\nBREAKING CHANGE: clouds of 2020 are gone.",
      {
        "packages/provider-layer5/README.md": "Less.",
      },
    );
    const released = await version();
    // Before 1.0 a minor version is what may break.
    expect(released).toEqual({
      "auth-store": next(old["auth-store"], "minor"),
      cli: next(old["cli"], "patch"),
      core: next(old["core"], "patch"),
      "provider-layer5": next(old["provider-layer5"], "minor"),
      "provider-testkit": next(old["provider-testkit"], "patch"),
    });
    expectReleased(released);
    expect(newest(clone.changelog("provider-layer5"))).toMatch(
      /BREAKING CHANGES?[\s\S]*clouds of 2020 are gone/,
    );
    await expectPublished(released);
  });

  test("a push that the remote did not take is made again by hand", async () => {
    const hook = join(clone.git("config", "remote.origin.url"), "hooks/pre-receive");
    clone.commit("fix(provider-file-import): reads once", {
      "packages/provider-file-import/README.md": "Fixed.",
    });
    before = { tags: clone.remoteTags(), versions: clone.versions() };
    writeFileSync(hook, '#!/bin/sh\nrm "$0"\nexit 1\n', { mode: 0o755 });
    const { code, output } = await lerna("version", "--yes");
    expect(code, output).not.toBe(0);
    expect(clone.remoteTags()).toEqual(before.tags);
    clone.git("push", "--follow-tags", "--atomic");
    expectReleased(newVersions());
    expect(Object.keys(newVersions())).toEqual(["cli", "provider-file-import"]);
    await expectPublished(newVersions());
  });
});

describe("what maintainers ask for now and then", () => {
  test("one package alone, while others wait", async () => {
    const old = clone.versions();
    clone.commit("fix(provider-none): one", { "packages/provider-none/README.md": "One." });
    clone.commit("fix(provider-file-import): two", { "packages/provider-file-import/README.md": "Two." });
    const released = await version("--force-publish=@meshauth/provider-none", "--ignore-changes=**");
    expect(Object.keys(released)).toEqual(["cli", "provider-none"]);
    expectReleased(released);

    // lerna alone would never see the other one again.
    const { output } = await clone.run(process.execPath, ["scripts/unreleased.mjs"]);
    expect(lines(output)).toEqual([
      `@meshauth/provider-file-import: since @meshauth/provider-file-import@${old["provider-file-import"]}`,
    ]);
    const published = await publish();
    expect(published.output).toContain("Changed, but not released: @meshauth/provider-file-import");
    expect(registry.takeUploads()).toHaveLength(2);

    const names = (await clone.run("npm", ["run", "--silent", "unreleased", "--", "--names"])).stdout.trim();
    const rest = await version(`--force-publish=${names}`);
    expect(Object.keys(rest)).toEqual(["cli", "provider-file-import"]);
    expect(newest(clone.changelog("provider-file-import"))).toContain("two");
    await expectPublished(rest);
  });

  test("a prerelease is what `next` gives, until it graduates", async () => {
    const old = clone.versions();
    clone.commit("feat(provider-layer5): for the curious", { "packages/provider-layer5/README.md": "New." });
    const early = await version("--conventional-prerelease", "--preid=next");
    const minor = next(old["provider-layer5"], "minor");
    expect(early).toEqual({
      cli: `${next(old["cli"], "patch")}-next.0`,
      "provider-layer5": `${minor}-next.0`,
    });
    expectReleased(early);
    await expectPublished(early, ["next"]);
    expect((await registry.metadata("@meshauth/provider-layer5"))["dist-tags"]).toEqual({
      latest: old["provider-layer5"],
      next: `${minor}-next.0`,
    });

    clone.commit("fix(provider-layer5): for the cautious", {
      "packages/provider-layer5/README.md": "Newer.",
    });
    expect(await version()).toMatchObject({ "provider-layer5": `${minor}-next.1` });
    const graduated = await version("--conventional-graduate");
    expect(graduated).toEqual({ cli: next(old["cli"], "patch"), "provider-layer5": minor });
    expectReleased(graduated);
    await expectPublished(graduated);
    expect((await registry.metadata("@meshauth/provider-layer5"))["dist-tags"]["latest"]).toBe(minor);
  });

  test("a fix of an older version leaves `latest` and the branch main alone", async () => {
    const name = "@meshauth/provider-layer5";
    const [, older = ""] = Object.keys((await registry.metadata(name)).versions);
    const fixed = next(older, "patch");
    const latest = clone.versions();
    const line = older.split(".").slice(0, 2).join(".");
    clone.git("switch", "--quiet", "--create", `provider-layer5-${line}`, `${name}@${older}`);
    clone.git("push", "--quiet", "--set-upstream", "origin", "HEAD");
    clone.commit("fix(provider-layer5): as on main", { "packages/provider-layer5/README.md": "Fixed." });
    // The versions of what depends on it belong to main.
    const path = join(clone.root, "lerna.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    Object.assign(config.command.version, {
      allowBranch: `provider-layer5-${line}`,
      excludeDependents: true,
    });
    writeFileSync(path, JSON.stringify(config));
    clone.git("commit", "--quiet", "--all", "--message", "build: a branch for one package");

    const released = await version();
    expect(released).toEqual({ "provider-layer5": fixed });
    expect(newest(clone.changelog("provider-layer5"))).toContain("as on main");
    expect(clone.remoteTags()).toContain(`${name}@${fixed}`);

    const refused = await publish();
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("DIST_TAG")]);
    const tag = `release-${line}`;
    await expectPublished({ "provider-layer5": fixed }, [tag], { DIST_TAG: tag });
    expect((await registry.metadata(name))["dist-tags"]).toMatchObject({
      latest: latest["provider-layer5"],
      [tag]: fixed,
    });

    clone.git("switch", "--quiet", "main");
    expect(clone.versions()).toEqual(latest);
    expect(await version()).toEqual({});
  });
});

describe("a user", () => {
  let prefix: string;
  const installed = () => [join(prefix, "bin/meshauth")] as const;
  const install = (spec: string) =>
    finish(
      start("npm", ["install", "--global", `--prefix=${prefix}`, spec], {
        cwd: prefix,
        env: { ...clone.env, npm_config_package_lock_only: "false" },
      }),
      `npm install ${spec}`,
    );

  beforeAll(() => {
    prefix = join(clone.work, "prefix");
    mkdirSync(prefix);
  });

  test("installs the first version into an empty folder, with what it needs as it is by now, and logs in", async () => {
    const [first = ""] = Object.keys((await registry.metadata("@meshauth/cli")).versions);
    const { code, output } = await install(`@meshauth/cli@${first}`);
    expect(code, output).toBe(0);
    await expectLogins(installed(), first);
  });

  test("upgrades to the latest one and logs in", async () => {
    const { code, output } = await install("@meshauth/cli");
    expect(code, output).toBe(0);
    await expectLogins(installed(), clone.versions()["cli"] ?? "");
  });
});

/** The program that was installed signs in without an account and at a cloud. */
async function expectLogins(command: readonly [string], number: string): Promise<void> {
  const { home, simulator } = await simulatedHome({});
  const version = await meshauth(home, ["--version"], { command });
  expect(version).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining(`/${number} `) });
  const list = await meshauth(home, ["provider", "list", "--json"], { command });
  expect(JSON.parse(list.stdout)).toMatchObject({
    problems: [],
    providers: [{ id: "file-import" }, { id: "layer5" }, { id: "none" }, { id: "oidc" }],
  });
  const none = await meshauth(home, ["login", "none"], { command, env: NO_SERVER });
  expect(none.code, none.stderr).toBe(0);
  expect(readFileSync(home.authJson, "utf8")).toBe('{"meshery-provider":"None","token":""}\n');
  const cloud = await browserLogin(home, ["--force"], { command });
  expect(cloud.code, cloud.stderr).toBe(0);
  const { token = "" } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token?: string };
  expect(simulator.cloud.userOf(token)).toBeDefined();
}

/** The version after one of three numbers. */
function next(version = "", part: "minor" | "patch"): string {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return part === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** The newest entry of a changelog. */
function newest(changelog: string): string {
  return changelog.split(/^##? (?=\[?\d)/m)[1] ?? "";
}
