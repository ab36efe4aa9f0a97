import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PendingLogin } from "../../src/two-step/pending.js";

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "meshauth-two-step-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A record of a login that was started. */
export function pendingLogin(expiresAt: Date): PendingLogin {
  return {
    input: {
      target: { server: "http://localhost:9081" },
      options: {},
      browser: {},
      timeout: 300_000,
      force: false,
      skipVerify: false,
      tokenStdin: false,
      ownFile: false,
      words: ["login", "acme"],
    },
    provider: { id: "acme", package: "acme-package" },
    cwd: "/",
    file: "/nowhere/auth.json",
    expiresAt: expiresAt.toISOString(),
  };
}
