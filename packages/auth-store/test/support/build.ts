import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HeldLock } from "../../src/lock/held.js";
import { acquireLock } from "../../src/lock/lock.js";
import { workPaths } from "../../src/paths.js";
import { systemFacts } from "../../src/system.js";
import { isSystemError } from "../../src/system-error.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Builds the package for the tests that start processes. When several test files ask for it, one builds. */
export async function build(): Promise<void> {
  const name = createHash("sha256").update(`${root}${process.getuid?.()}`).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `auth-store-build-${name}`);
  const lock = await lockIn(folder);
  try {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    execFileSync(process.execPath, [tsc, "-b", "packages/auth-store"], { cwd: root, stdio: "pipe" });
  } finally {
    await lock.release();
    removeIfEmpty(folder);
  }
}

async function lockIn(folder: string): Promise<HeldLock> {
  for (;;) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      return await acquireLock(workPaths(join(folder, "build")), systemFacts(), { wait: 50_000 });
    } catch (error) {
      // Whoever was before has just removed the folder.
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "ENOENT")) throw error;
  }
}
