import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../src/trust/digest.js";
import { readTrust, writeTrust } from "../../src/trust/trust-file.js";

/**
 * Records of plugins that were put into a data folder by hand that they were installed, as they are now, and that
 * somebody has allowed them to run; of all that are listed, unless some are named. One that cannot be read gets none.
 */
export async function recordConsent(dataDir: string, names?: readonly string[]): Promise<void> {
  const modules = join(dataDir, "node_modules");
  const { records } = await readTrust(dataDir, process.getuid?.());
  const next = new Map(records);
  for (const name of names ?? (await listedNames(dataDir))) {
    const found = await digestOf(join(modules, name), modules).catch(() => undefined);
    if (found === undefined) continue;
    const now = new Date().toISOString();
    next.set(name, {
      version: "1.2.3",
      digest: found.digest,
      integrity: null,
      source: `${name}@latest`,
      publisher: null,
      installedAt: now,
      consentedAt: now,
    });
  }
  await writeTrust(dataDir, next);
}

async function listedNames(dataDir: string): Promise<readonly string[]> {
  const { oclif } = JSON.parse(await readFile(join(dataDir, "package.json"), "utf8")) as {
    oclif: { plugins: { name: string; type: string }[] };
  };
  return oclif.plugins.filter(({ type }) => type === "user").map(({ name }) => name);
}
