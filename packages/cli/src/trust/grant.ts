import { MeshauthError } from "@meshauth/core";
import { type ListedPlugin, readPluginList } from "../loader/plugin-list.js";
import { type ChangeOptions, withPlugins } from "../plugins/change.js";
import { placeOf } from "../plugins/place.js";
import { withoutPasswords } from "../plugins/without-passwords.js";
import { tampered } from "./errors.js";
import { putRecord } from "./records.js";
import { type Standing, standingNow } from "./standing.js";
import { readTrust, type TrustRecord } from "./trust-file.js";

/** A plugin's files, and the version that they call themselves. */
export interface Granted {
  readonly plugin: ListedPlugin;
  readonly version: string;
  /** What was shown to the person: the consent is to these files and no others. */
  readonly digest: string;
  readonly now: Date;
}

/**
 * Records that a plugin's code may run, as long as its files stay what they are.
 *
 * @throws MeshauthError `MESHAUTH_E_TAMPERED` when they are not what the person was shown any more; as `withPlugins`.
 */
export async function grant(options: ChangeOptions, granted: Granted): Promise<TrustRecord> {
  const { plugin, version, digest, now } = granted;
  return await withPlugins(options, async () => {
    const standing = await standingOfListed(options, plugin);
    if (standing.state === "changed") throw tampered(plugin, standing.reason, standing.record);
    if (standing.digest !== digest)
      throw tampered(plugin, "Its files were changed while the question was open.");
    const { record } = standing;
    const next: TrustRecord = {
      version: record?.version ?? version,
      digest,
      integrity: record?.integrity ?? null,
      source: withoutPasswords(record?.source ?? placeOf(plugin)),
      publisher: record?.publisher ?? null,
      installedAt: record?.installedAt ?? null,
      consentedAt: now.toISOString(),
    };
    await putRecord(options, plugin.name, next);
    return next;
  });
}

/**
 * Withdraws it. What is known of the installation stays, whatever has become of the files.
 *
 * @throws MeshauthError as `withPlugins`
 */
export async function withdraw(
  options: ChangeOptions,
  plugin: ListedPlugin,
): Promise<TrustRecord | undefined> {
  return await withPlugins(options, async () => {
    const { records } = await readTrust(options.dataDir, options.uid);
    const record = records.get(plugin.name);
    if (record === undefined) return undefined;
    const next: TrustRecord = { ...record, consentedAt: null, lapsed: "withdrawn" };
    if (record.consentedAt !== null) await putRecord(options, plugin.name, next);
    return next;
  });
}

/** Another process may have taken it away meanwhile. */
async function standingOfListed(options: ChangeOptions, { name }: ListedPlugin): Promise<Standing> {
  const { plugins } = await readPluginList(options.dataDir);
  if (plugins.some((plugin) => plugin.name === name && plugin.origin === "user")) {
    return await standingNow(options, name);
  }
  throw new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${name} is not installed any more.`,
    why: "Another meshauth has removed it meanwhile.",
    next: ["meshauth plugins"],
  });
}
