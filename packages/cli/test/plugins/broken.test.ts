import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { brokenPlugins, installBroken } from "../support/broken-plugins.js";
import { recordConsent } from "../support/consent.js";
import { createUser, type User } from "../support/program.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

async function withBroken(): Promise<{ user: User; marker: string }> {
  const user = await createUser();
  const marker = join(user.home, "marker");
  await installBroken(user.dataDir, brokenPlugins(marker));
  await recordConsent(user.dataDir);
  return { user, marker };
}

it("T39: with every broken plugin at once, other commands are as they were, and no code of them runs", async () => {
  const { user, marker } = await withBroken();
  const clean = await createUser();
  for (const argv of [
    ["--version"],
    ["-v"],
    ["status"],
    ["login", "none", "--help"],
    ["login", "none", "--skip-verify", "--json"],
  ]) {
    const [broken, whole] = [await user.run(argv), await clean.run(argv)];
    const text = (run: typeof broken, { home }: User) => JSON.stringify(run).replaceAll(home, "HOME");
    expect(text(broken, user)).toBe(text(whole, clean));
  }
  for (const argv of [
    ["--help"],
    ["login", "--help"],
    ["help", "login"],
    ["provider", "list"],
    ["plugins"],
    ["autocomplete", "--refresh-cache"],
  ]) {
    expect(await user.run(argv)).toMatchObject({ code: 0 });
  }
  expect((await user.json(["plugins", "uninstall", "command-exits"])).code).toBe(0);
  expect(existsSync(marker)).toBe(false);
});

it("a provider that is broken fails its own login only", async () => {
  const { user } = await withBroken();
  for (const [id, cause] of [
    ["module-throws", /^Its module failed to load: no luck/],
    ["module-exits", /./],
    ["module-hangs", /./],
  ] as const) {
    const { code, document } = await user.json(["login", id, "--skip-verify", "--timeout", "3s"]);
    expect({ id, document }).toMatchObject({ document: { error: { cause: expect.stringMatching(cause) } } });
    expect([6, 9]).toContain(code);
  }
  expect((await user.run(["login", "none", "--skip-verify"])).code).toBe(0);
});

it("what a provider prints stays out of the document", async () => {
  const { user } = await withBroken();
  const { code, stdout, document } = await user.json(["login", "module-prints", "--skip-verify"]);
  expect({ code, document }).toMatchObject({ code: 0, document: { provider: { id: "module-prints" } } });
  expect(stdout).not.toContain("noise");
});
