import { join } from "node:path";
import { MeshauthError, PACKAGE_NAME } from "@meshauth/core";
import { digestOf, digestOfFolder } from "./digest.js";
import { modulesOf, type TrustPlace } from "./standing.js";
import { readTrust, type TrustRecord, updateTrust } from "./trust-file.js";

/**
 * Changes the record of one plugin; `undefined` takes it away. Only while no other process changes the plugins.
 *
 * @throws MeshauthError as {@link updateTrust}
 */
export async function putRecord(
  { dataDir, uid }: TrustPlace,
  name: string,
  record: TrustRecord | undefined,
): Promise<void> {
  if (record === undefined && !(await readTrust(dataDir, uid)).records.has(name)) return;
  await updateTrust(dataDir, uid, (records) => {
    records.delete(name);
    if (record !== undefined) records.set(name, record);
  });
}

/**
 * Runs a change of ours to one plugin, which may move packages that others need as well. Whoever had allowed one of
 * those that were in order is asked again when a package beside it is another now; one whose files had been changed
 * by somebody stays noticed.
 *
 * @param name - The plugin that is changed itself.
 * @throws MeshauthError `MESHAUTH_E_PLUGIN` when it changed another plugin itself; what the change throws.
 */
export async function keepingOthers<T>(
  place: TrustPlace & { say(text: string): void },
  name: string,
  change: () => Promise<T>,
): Promise<T> {
  const { dataDir, uid } = place;
  const { records } = await readTrust(dataDir, uid);
  const before = new Map<string, string>();
  for (const [other, { digest }] of records) {
    const files = other === name ? undefined : await filesOf(dataDir, other);
    if (files?.digest === digest) before.set(other, files.own);
  }
  const result = await change();
  const moved = new Map<string, string>();
  for (const [other, own] of before) {
    const files = await filesOf(dataDir, other);
    if (files?.own !== own) throw replaced(other, name);
    if (files.digest !== records.get(other)?.digest) moved.set(other, files.digest);
  }
  if (moved.size === 0) return result;
  await updateTrust(dataDir, uid, (current) => {
    for (const [other, digest] of moved) {
      const record = current.get(other);
      if (record === undefined) continue;
      const lapsed = record.consentedAt === null ? record.lapsed : "moved";
      current.set(other, { ...record, digest, consentedAt: null, ...(lapsed && { lapsed }) });
    }
  });
  for (const other of moved.keys())
    place.say(`A package that ${other} needs is another now: it is asked about again at its next use.`);
  return result;
}

/** Digests of a plugin: with all that it needs, and of its own files; `undefined` when they cannot be told. */
async function filesOf(
  dataDir: string,
  name: string,
): Promise<{ readonly digest: string; readonly own: string } | undefined> {
  if (!PACKAGE_NAME.test(name)) return undefined;
  const root = join(modulesOf(dataDir), name);
  try {
    return { ...(await digestOf(root, modulesOf(dataDir))), own: await digestOfFolder(root) };
  } catch {
    return undefined;
  }
}

function replaced(other: string, name: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `A change of ${name} would have changed ${other} as well. Nothing was changed.`,
    why: "It needs another version of that plugin, or one of its packages would take that plugin's place.",
    next: [`meshauth plugins update ${other}`, "meshauth plugins"],
  });
}
