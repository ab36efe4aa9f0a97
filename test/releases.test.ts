import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress": unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

const names = readdirSync(join(root, ".github/workflows"));
const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}`)) as Workflow;

describe.each(names)("workflow %s", (name) => {
  const { permissions, jobs } = workflow(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("may do nothing by default but read", () => {
    expect(permissions).toBeDefined();
    expect(Object.entries(permissions).filter(([, level]) => level !== "read")).toEqual([]);
  });

  test("ends, and leaves no token in the clone", () => {
    for (const job of Object.values(jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts).toHaveLength(Object.keys(jobs).length);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
  });

  test("uses only actions of GitHub's own, and no value that others write in a command", () => {
    for (const { uses, run } of steps) {
      expect(uses ?? "actions/").toMatch(/^actions\//);
      expect(run ?? "").not.toContain("${{");
    }
  });

  test("runs scripts that are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const { run } of steps) {
      const [, npmScript] = /^npm (?:run )?(?!ci )(\S+)/.exec(run ?? "") ?? [];
      if (npmScript) expect(Object.keys(scripts)).toContain(npmScript);
      const [, file] = /^(?:node|bash) (\S+)/.exec(run ?? "") ?? [];
      if (file) expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});

const commandsOf = (job?: Job): string[] => (job?.steps ?? []).flatMap(({ run }) => run ?? []);

describe("the release workflow", () => {
  const { on, permissions, concurrency, jobs } = workflow("release.yml");
  const { test: tests, publish } = jobs;

  test("may sign provenance where it publishes, and may not write to the repository", () => {
    expect(permissions).toEqual({});
    expect(Object.keys(jobs)).toEqual(["test", "publish"]);
    expect(tests?.permissions).toEqual({ contents: "read" });
    expect(publish?.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect([tests?.environment, publish?.environment]).toEqual([undefined, "release"]);
  });

  test("runs for the commits of lerna on main, or when it is asked to, one at a time", () => {
    expect(on).toMatchObject({ push: { branches: ["main"] } });
    expect(Object.keys(on)).toEqual(["push", "workflow_dispatch"]);
    const { message } = JSON.parse(read("lerna.json")).command.version as { message: string };
    const [, prefix = "?"] =
      /startsWith\(github\.event\.head_commit\.message, '([^']+)'\)/.exec(tests?.if ?? "") ?? [];
    expect(message.startsWith(prefix)).toBe(true);
    expect(concurrency).toEqual({ group: "release", "cancel-in-progress": false });
  });

  test("tests before it publishes, and stores no token", () => {
    expect(commandsOf(tests)).toEqual(["npm test"]);
    expect(publish).toMatchObject({ needs: "test" });
    // With a condition of its own it would be run although the tests were not.
    expect(publish?.if).toBeUndefined();
    expect(read(".github/workflows/release.yml")).not.toMatch(/secrets\.|_TOKEN|registry-url|:\/\//);
  });
});

/** The workflow of the package that `provider new` makes, and that of this repository. */
const PUBLISHING = [
  ".github/workflows/release.yml",
  "packages/cli/templates/provider/shared/_github/workflows/publish.yml",
];

describe.each(PUBLISHING)("%s", (path) => {
  const { permissions, jobs } = parse(read(path)) as Workflow;

  test("gives the publishing identity to no job that runs tests or scripts of dependencies", () => {
    expect(permissions["id-token"]).toBeUndefined();
    const trusted = Object.values(jobs).filter((job) => job.permissions?.["id-token"] !== undefined);
    expect(trusted).toHaveLength(1);
    const [publish] = trusted;
    expect(publish?.needs).toBe("test");
    const commands = commandsOf(publish);
    expect(commands).toHaveLength(2);
    expect(commands[0]).toBe("npm ci --ignore-scripts");
    expect(commands[1]).toMatch(/^npm (?:run release|publish)$/);
    expect(commandsOf(jobs["test"])).toContain("npm test");
  });

  test("uses only what the lock file names", () => {
    const commands = Object.values(jobs).flatMap(commandsOf);
    expect(commands.filter((command) => /\bnpx\b|npm (?:i|install|exec)\b/.test(command))).toEqual([]);
  });
});

test("documents and examples name the versions that the packages have", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/ranges.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

test("every public package asks for provenance, and nothing that is private can be published by mistake", () => {
  const folders = readdirSync(join(root, "packages"));
  for (const folder of folders) {
    const manifest = JSON.parse(read(`packages/${folder}/package.json`)) as {
      private?: boolean;
      publishConfig?: object;
      files: readonly string[];
    };
    if (manifest.private) expect([folder, manifest.publishConfig]).toEqual([folder, undefined]);
    else expect(manifest).toMatchObject({ publishConfig: { access: "public", provenance: true } });
    if (!manifest.private) expect(manifest.files).toContain("CHANGELOG.md");
  }
  expect(folders.filter((folder) => JSON.parse(read(`packages/${folder}/package.json`)).private)).toEqual([
    "meshery-simulator",
  ]);
  expect(JSON.parse(read("package.json")).private).toBe(true);
});
