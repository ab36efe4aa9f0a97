import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type HangingRegistry, startHangingRegistry } from "../support/hanging-registry.js";
import { createUser, type User } from "../support/program.js";

// A real program and npm, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let registry: HangingRegistry;
beforeEach(async () => {
  registry = await startHangingRegistry();
});
afterEach(() => registry.close());

const staged = (user: User) => readdir(join(user.home, "tmp"));

describe("while the download of a tarball hangs", () => {
  it("the time limit ends the installation", async () => {
    const user = await createUser(registry.url);
    const { ended } = user.start(["plugins", "install", "acme", "--yes", "--timeout", "10s"]);
    await registry.asked;
    expect(await ended).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("MESHAUTH_E_TIMEOUT"),
    });
    expect(await staged(user)).toEqual([]);
  });

  it("SIGTERM ends the installation, and nothing is left", async () => {
    const user = await createUser(registry.url);
    const { child, ended } = user.start(["plugins", "install", "acme", "--yes"]);
    await registry.asked;
    expect(await staged(user)).toHaveLength(1);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(130);
    expect(await staged(user)).toEqual([]);
  });
});
