import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { atEnd } from "../../support/cleanup.js";
import { finish, type Outcome, type Started, start } from "./process.js";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

/** A package of the clone, as its manifest has it. */
export interface ClonedPackage {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly gitHead?: string;
}

/** A maintainer's clone of this repository, on branch `main`, whose remote is a bare clone on the disk. */
export interface Clone {
  readonly root: string;
  /** A folder for what else a test needs; the clone is in it. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
  git(...args: readonly string[]): string;
  /** Tags that the remote has. */
  remoteTags(): string[];
  /** Appends lines to files, commits and pushes. */
  commit(message: string, lines: Readonly<Record<string, string>>): void;
  manifest(folder: string): ClonedPackage;
  /** Version of every package, private ones included, by folder. */
  versions(): Record<string, string>;
  changelog(folder: string): string;
  /** Makes the scripts believe that what the lock file names has just been installed, which is not rehearsed. */
  markInstalled(): void;
  start(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Started;
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
}

/** Clones what is committed here, links what is installed here, and builds. Removed when the file's tests have ended. */
export async function cloneRepository(registry: string): Promise<Clone> {
  const work = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-release-")));
  atEnd(() => rmSync(work, { recursive: true, force: true }));
  const root = join(work, "clone");
  const remote = join(work, "remote.git");
  const env = environment(work, registry);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  mkdirSync(root);
  // What is released is a branch's history without the tags that the checkout may have.
  git("clone", "--quiet", "--no-tags", checkout, ".");
  git("checkout", "--quiet", "-B", "main");
  git("remote", "remove", "origin");
  git("clone", "--quiet", "--bare", "--branch", "main", root, remote);
  git("remote", "add", "origin", remote);
  git("fetch", "--quiet", "origin");
  git("branch", "--quiet", "--set-upstream-to=origin/main");
  linkModules(root);
  const clone = makeClone(work, env, git);
  clone.markInstalled();
  const built = await clone.run(process.execPath, ["scripts/build.mjs"]);
  if (built.code !== 0) throw new Error(`The clone cannot be built.\n${built.output}`);
  return clone;
}

function makeClone(work: string, env: Clone["env"], git: Clone["git"]): Clone {
  const root = join(work, "clone");
  const manifest = (folder: string): ClonedPackage =>
    JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
  const begin: Clone["start"] = (command, args, extra = {}) =>
    start(command, args, { cwd: root, env: { ...env, ...extra } });
  return {
    root,
    work,
    env,
    git,
    manifest,
    remoteTags: () => lines(git("--git-dir", join(work, "remote.git"), "tag", "--list")),
    commit(message, appended) {
      for (const [path, text] of Object.entries(appended)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        appendFileSync(join(root, path), `${text}\n`);
        git("add", path);
      }
      git("commit", "--quiet", "--message", message);
      git("push", "--quiet");
    },
    versions: () =>
      Object.fromEntries(
        readdirSync(join(root, "packages")).map((folder) => [folder, manifest(folder).version]),
      ),
    changelog: (folder) => readFileSync(join(root, "packages", folder, "CHANGELOG.md"), "utf8"),
    markInstalled: () => writeFileSync(join(root, "node_modules/.package-lock.json"), "{}"),
    start: begin,
    run: (command, args, extra) => finish(begin(command, args, extra), `${command} ${args.join(" ")}`),
  };
}

/** Lines of a command's output. */
export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Nothing of the user's: no npm configuration, no git configuration, no CI that lerna would recognize. */
function environment(work: string, registry: string): Record<string, string> {
  const home = join(work, "home");
  mkdirSync(home);
  const person = { NAME: "Mary Maintainer", EMAIL: "mary@example.com" };
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TMPDIR: tmpdir(),
    NO_COLOR: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
    GIT_TERMINAL_PROMPT: "0",
    NX_DAEMON: "false",
    npm_config_registry: registry,
    npm_config_cache: join(work, "npm-cache"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
    // The installed packages are the checkout's: npm must leave them as they are.
    npm_config_package_lock_only: "true",
  };
}

/** Gives the clone what is installed in the checkout, but its own packages. */
function linkModules(root: string): void {
  linkFolder(join(checkout, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "node_modules/@meshauth"));
  for (const folder of readdirSync(join(root, "packages"))) {
    symlinkSync(join("../../packages", folder), join(root, "node_modules/@meshauth", folder));
    const own = join("packages", folder, "node_modules");
    if (existsSync(join(checkout, own))) linkFolder(join(checkout, own), join(root, own));
  }
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from)) {
    if (entry === "@meshauth" || /^\.(?!bin$)/.test(entry)) continue;
    symlinkSync(join(from, entry), join(to, entry));
  }
}
