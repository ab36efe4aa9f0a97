import { type MeshauthError, printable, toMeshauthError } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { readTrust } from "../trust/trust-file.js";
import { changedPublisher, wantsMore } from "./added.js";
import { isAllowed } from "./allow-list.js";
import { type Agreement, askConsent } from "./consent.js";
import type { PackageFacts } from "./facts.js";
import { installPlugin } from "./install.js";
import { pluginCommand } from "./plugin-command.js";
import { specOf } from "./spec.js";
import type { PluginWork } from "./work.js";

/** What became of one plugin. */
export type Update =
  | { readonly name: string; readonly from: string | null; readonly to: string }
  | { readonly name: string; readonly error: MeshauthError };

/**
 * Brings one installed plugin to the newest version of what it was installed from. A version that talks to hosts, or
 * brings providers or commands, that the one before did not, or that somebody else published, is asked about. The
 * code of any other version than the allowed one is asked about at its first use, unless somebody agrees to it here:
 * with `--yes` or the list of allowed tarballs. One that may not run now may not run afterwards.
 */
export async function updatePlugin(plugin: ListedPlugin, work: PluginWork): Promise<Update> {
  const { name } = plugin;
  try {
    const spec = await specOf(plugin);
    const mayRun = await consentOf(name, work);
    const { version, previous } = await installPlugin(spec, work, async (facts) => {
      const agreement = await agree(facts, work);
      return agreement === "for-good" && mayRun === null ? "asked" : agreement;
    });
    if (mayRun && (await consentOf(name, work)) === null)
      work.say(
        `The next login with ${printable(name)} asks whether its new code may run. To allow it now: ${pluginCommand("trust", name)}`,
      );
    return { name, from: previous, to: version };
  } catch (error) {
    work.signal.throwIfAborted();
    return { name, error: toMeshauthError(error) };
  }
}

async function agree(facts: PackageFacts, work: PluginWork): Promise<Agreement | "same"> {
  const { package: name, integrity } = facts;
  if (!wantsMore(facts)) return work.yes || isAllowed(work.allowList, name, integrity) ? "for-good" : "same";
  work.say(
    changedPublisher(facts)
      ? `${name} comes from another publisher than the installed version:`
      : `${name} wants more than the installed version:`,
  );
  return await askConsent(facts, work, "meshauth plugins update --yes");
}

/** When a plugin's code was allowed to run; null: not yet, or no longer; `undefined`: nothing is known of it. */
async function consentOf(name: string, { dataDir, uid }: PluginWork): Promise<string | null | undefined> {
  return (await readTrust(dataDir, uid)).records.get(name)?.consentedAt;
}
