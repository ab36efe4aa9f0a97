import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { placePlugin, write } from "../support/provider-package.js";
import { startInTerminal } from "../support/pty.js";

vi.setConfig({ testTimeout: 60_000 });

const NAME = "acme-provider";
const UNINSTALL = ["plugins", "uninstall", "acme"];
const WARNING = "Run `meshauth logout` first, or the token stays valid.";

async function signedIn(provider: string): Promise<{ user: User; isThere(): boolean }> {
  const user = await createUser();
  await placePlugin(user.dataDir, NAME, "acme", { entry: { serverNames: ["Acme"] } });
  await write(join(user.home, ".meshery/auth.json"), { "meshery-provider": provider, token: "opaque-token" });
  return { user, isThere: () => existsSync(join(user.dataDir, "node_modules", NAME)) };
}

it("a plugin that somebody is signed in with is removed after a question; Enter means no", async () => {
  const { user, isThere } = await signedIn("Acme");
  const run = startInTerminal(user, UNINSTALL);
  await run.see("Remove it all the same?");
  expect(run.text().replace(/\s+/g, " ")).toContain(WARNING);
  run.type("\r");
  expect(await run.ended).toBe(130);
  expect(isThere()).toBe(true);
});

it("where nobody can be asked it is a warning, and nothing is said of another's credential", async () => {
  const mine = await signedIn("Acme");
  expect(await mine.user.json(UNINSTALL)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(WARNING),
  });
  expect(mine.isThere()).toBe(false);
  const other = await signedIn("Layer5");
  expect(await other.user.json(UNINSTALL)).toMatchObject({ code: 0, stderr: "" });
});
