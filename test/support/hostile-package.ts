import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { createUser, type User } from "../../packages/cli/test/support/program.js";
import { placePlugin } from "../../packages/cli/test/support/provider-package.js";

/** A user with a good plugin, which must be what it was after everything that is refused. */
export async function createVictim(registry: string): Promise<User> {
  const user = await createUser(registry);
  await placePlugin(user.dataDir, "first-provider", "first");
  return user;
}

/** Everything in the data folder. */
export async function dataOf({ dataDir }: User): Promise<Record<string, string>> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const content = files.map(async (file) => [relative(dataDir, file), await readFile(file, "utf8")] as const);
  return Object.fromEntries(await Promise.all(content));
}

/** Tries to install a package, which must fail for a reason and leave nothing. */
export async function expectRefused(user: User, spec: string, code: string, why: RegExp): Promise<void> {
  const before = await dataOf(user);
  const outcome = await user.json(["plugins", "install", spec, "--yes"]);
  expect({ spec, ...outcome }).toMatchObject({
    code: 9,
    document: { error: { code, cause: expect.stringMatching(why) } },
  });
  expect(await dataOf(user)).toEqual(before);
  expect(await readdir(join(user.home, "tmp"))).toEqual([]);
}
