import { homedir } from "node:os";
import { answer } from "../hot/start.js";
import type { main } from "../main.js";
import { ROOT } from "../root.js";
import { ownBundles } from "./own-bundles.js";

async function start(argv: readonly string[]): Promise<void> {
  ensureHome();
  if (await answer(argv, ROOT)) return;
  const program = ownBundles().load("program.cjs") as { readonly main: typeof main };
  await program.main(argv, { keepCode });
}

/** Keeps what has been compiled, and of the hot commands what they need by now. Never fails. */
async function keepCode(): Promise<void> {
  const bundles = ownBundles();
  try {
    const { answerTo } = bundles.load("hot.cjs") as typeof import("../hot/hot.js");
    for (const line of ["token", "credential get", "status"])
      await answerTo(line.split(" "), process).catch(() => undefined);
  } catch {
    // The program was taken away, or is being replaced, while it ran.
  }
  bundles.keep();
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
