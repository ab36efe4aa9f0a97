import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { User } from "../../packages/cli/test/support/program.js";
import { pack, write, writeProvider } from "../../packages/cli/test/support/provider-package.js";
import { startRegistry, type TestRegistry } from "../../packages/cli/test/support/registry.js";
import { createVictim, dataOf, expectRefused } from "../support/hostile-package.js";

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

describe("packages that come from a repository", () => {
  /** A repository whose settings for npm, and whose scripts, would leave a mark. */
  async function repository(user: User): Promise<string> {
    const root = join(user.home, "repository");
    const mark = join(user.home, "mark");
    const program = join(root, "evil");
    await write(program, `#!/bin/sh\necho git >> ${mark}\nexec git "$@"\n`);
    await chmod(program, 0o755);
    await write(join(root, ".npmrc"), "git=./evil\nignore-scripts=false\nallow-git=all\n");
    await write(join(root, "package.json"), {
      name: "evil-cloned",
      version: "1.0.0",
      scripts: { prepare: `echo prepare >> ${mark}` },
      devDependencies: { "evil-next": `git+file://${root}` },
    });
    for (const args of [
      ["init", "-q"],
      ["add", "."],
      ["commit", "-qm", "evil"],
    ])
      await promisify(execFile)("git", [...IDENTITY, ...args], { cwd: root });
    return `git+file://${root}`;
  }
  const IDENTITY = [
    "-c",
    "user.name=evil",
    "-c",
    "user.email=evil@example.com",
    "-c",
    "commit.gpgsign=false",
  ];
  const git = spawnSync("git", ["--version"]).status === 0;

  test.runIf(git)("what it needs, wherever it needs it: nothing is cloned", async () => {
    const user = await createVictim(registry.url);
    const url = await repository(user);
    const pjson = { dependencies: { "evil-cloned": url } };
    const root = await writeProvider(join(user.cwd, "evil"), "evil-git", "evil", { pjson });
    const why = /from a repository, an address or a folder .*\(EALLOWGIT\)$/;
    await expectRefused(user, root, "MESHAUTH_E_PLUGIN_UNSAFE", why);
    await registry.publish(root);
    const outer = await writeProvider(join(user.cwd, "outer"), "evil-outer", "evil", {
      pjson: { dependencies: { "evil-git": "1.2.3" } },
    });
    await expectRefused(user, await pack(outer, user.cwd), "MESHAUTH_E_PLUGIN_UNSAFE", why);
    expect(existsSync(join(user.home, "mark"))).toBe(false);
  });

  test.runIf(git)("the repository itself", async () => {
    const user = await createVictim(registry.url);
    const before = await dataOf(user);
    const outcome = await user.json(["plugins", "install", await repository(user), "--yes"]);
    expect(outcome).toMatchObject({ code: 2, document: { error: { code: "MESHAUTH_E_USAGE" } } });
    expect(await dataOf(user)).toEqual(before);
    expect(existsSync(join(user.home, "mark"))).toBe(false);
  });
});

describe("packages that need what is not in the registry", () => {
  test.each([
    ["a tarball at an address", (url: string) => `${url}evil-remote/-/evil-remote-1.2.3.tgz`, "EALLOWREMOTE"],
    ["a tarball of the machine", () => "file:/nowhere/evil-remote.tgz", "EALLOWFILE"],
    ["a folder of the machine", () => "file:/nowhere/evil-remote", "EALLOWDIRECTORY"],
  ])("%s", async (_, address, code) => {
    const user = await createVictim(registry.url);
    const pjson = { dependencies: { "evil-remote": address(registry.url) } };
    const root = await writeProvider(join(user.cwd, "evil"), "evil-elsewhere", "evil", { pjson });
    await expectRefused(
      user,
      await pack(root, user.cwd),
      "MESHAUTH_E_PLUGIN_UNSAFE",
      new RegExp(`\\(${code}\\)$`),
    );
  });
});
