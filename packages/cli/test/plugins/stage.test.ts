import { once } from "node:events";
import { appendFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Npm } from "../../src/plugins/npm.js";
import type { PluginSpec } from "../../src/plugins/spec.js";
import { withStaged } from "../../src/plugins/stage.js";
import { integrityOf } from "../../src/plugins/tarball.js";
import { temporaryFolder } from "../support/folder.js";
import { write, writeProvider } from "../support/provider-package.js";
import { type TarEntry, writeTar } from "../support/tar.js";

const MANIFEST: TarEntry = { path: "package/package.json", content: '{"name":"acme","version":"1.2.3"}' };

/** An npm that does in the folder what a test says. */
function npmThat(install: (folder: string, end: AbortSignal) => Promise<void>): Npm {
  return {
    async change(_command, _operands, cwd, { signal = new AbortController().signal } = {}) {
      await install(cwd, signal);
      signal.throwIfAborted();
    },
    ask: () => Promise.reject(new Error("Nobody asks.")),
  };
}

async function stage(
  spec: PluginSpec,
  npm: Npm,
  signal = new AbortController().signal,
): Promise<string | null> {
  const dataDir = await temporaryFolder();
  return await withStaged(spec, { npm, dataDir, signal }, async ({ integrity }) => integrity);
}

describe("fetching a package aside", () => {
  /** Puts the package there as npm would, with the integrity of what it has read. */
  const unpack = (tarball: string) => async (folder: string) => {
    await writeProvider(join(folder, "node_modules/acme"), "acme", "acme");
    await write(join(folder, "package.json"), { dependencies: { acme: `file:${tarball}` } });
    const entry = { version: "1.2.3", integrity: await integrityOf(tarball) };
    await write(join(folder, "package-lock.json"), { packages: { "node_modules/acme": entry } });
  };

  it("records the integrity of the tarball that npm has read", async () => {
    const path = await writeTar(join(await temporaryFolder(), "acme.tgz"), [MANIFEST]);
    expect(await stage({ kind: "file", path }, npmThat(unpack(path)))).toBe(await integrityOf(path));
  });

  it("keeps to what npm has read when the tarball is swapped afterwards", async () => {
    const path = await writeTar(join(await temporaryFolder(), "acme.tgz"), [MANIFEST]);
    const looked = await integrityOf(path);
    const npm = npmThat(async (folder) => {
      await unpack(path)(folder);
      await appendFile(path, "another");
    });
    expect(await stage({ kind: "file", path }, npm)).toBe(looked);
  });

  it("refuses a tarball that is swapped before npm reads it", async () => {
    const path = await writeTar(join(await temporaryFolder(), "acme.tgz"), [MANIFEST]);
    const npm = npmThat(async (folder) => {
      await appendFile(path, "another");
      await unpack(path)(folder);
    });
    const code = "MESHAUTH_E_PLUGIN_UNSAFE";
    await expect(stage({ kind: "file", path }, npm)).rejects.toMatchObject({ code });
  });

  it("ends with the command, also while it looks at a tarball", async () => {
    const path = await writeTar(join(await temporaryFolder(), "acme.tgz"), [MANIFEST]);
    const npm = npmThat(() => Promise.reject(new Error("npm was started.")));
    const signal = AbortSignal.abort(new Error("The person left."));
    await expect(stage({ kind: "file", path }, npm, signal)).rejects.toThrow("The person left.");
  });

  it.each(["missing", "file"])("names a folder for temporary files that cannot be used: %s", async (name) => {
    const parent = await temporaryFolder();
    const dataDir = await temporaryFolder();
    await write(join(parent, "file"), "");
    vi.stubEnv("TMPDIR", join(parent, name));
    onTestFinished(() => void vi.unstubAllEnvs());
    const npm = npmThat(() => Promise.reject(new Error("npm was started.")));
    const { signal } = new AbortController();
    const spec: PluginSpec = { kind: "registry", name: "acme", tag: "latest" };
    await expect(withStaged(spec, { npm, dataDir, signal }, async () => undefined)).rejects.toMatchObject({
      code: "MESHAUTH_E_STORE",
      exitCode: 8,
      why: expect.stringContaining(join(parent, name)),
      next: [expect.stringContaining("TMPDIR")],
    });
  });

  it.each<[string, (folder: string, end: AbortSignal) => Promise<void>]>([
    ["holds no package", async () => undefined],
    [
      "is too large",
      async (folder, end) => {
        await write(join(folder, "large"), "");
        await truncate(join(folder, "large"), 1024 ** 3);
        await once(end, "abort");
      },
    ],
  ])("an address that %s is shown without its password", async (_, install) => {
    const url = "https://me:SECRET-CANARY@registry.example/acme.tgz";
    const error: unknown = await stage({ kind: "remote", url }, npmThat(install)).catch((reason) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining("https://registry.example/acme.tgz") });
    expect(inspect(error, { depth: 9 })).not.toContain("CANARY");
  });
});
