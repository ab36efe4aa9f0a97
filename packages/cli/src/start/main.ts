import { homedir } from "node:os";
import { answer } from "../hot/start.js";
import type { main } from "../main.js";
import { ROOT } from "../root.js";

async function start(argv: readonly string[]): Promise<void> {
  ensureHome();
  if (await answer(argv, ROOT)) return;
  const { ownBundles } = await import("./own-bundles.js");
  const bundles = ownBundles();
  const program = bundles.load("program.cjs") as { readonly main: typeof main };
  await program.main(argv, { keepCode: () => bundles.keep() });
}

/**
 * A user id without a name has no home, as in some containers, and libraries ask for one while they load: it must be
 * one that nobody can put anything into.
 */
function ensureHome(): void {
  try {
    homedir();
  } catch {
    process.env["HOME"] = "/nonexistent";
  }
}

void start(process.argv.slice(2));
