import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "../../src/lock/lock.js";
import { workPaths } from "../../src/paths.js";
import { systemFacts } from "../../src/system.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Builds the package for the tests that start processes. When several test files ask for it, one builds. */
export async function build(): Promise<void> {
  const name = createHash("sha256").update(`${root}${process.getuid?.()}`).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `auth-store-build-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(workPaths(join(folder, "build")), systemFacts(), { wait: 50_000 });
  try {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    execFileSync(process.execPath, [tsc, "-b", "packages/auth-store"], { cwd: root, stdio: "pipe" });
  } finally {
    await lock.release();
  }
}
