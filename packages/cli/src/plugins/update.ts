import { type MeshauthError, printable, toMeshauthError } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { standingOf } from "../trust/standing.js";
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
  | {
      readonly name: string;
      readonly from: string | null;
      readonly to: string;
      /** The exact version that it was installed as, and stays at; null when it follows a tag or a range. */
      readonly pinned: string | null;
      /** Whether its files had been changed by somebody, and were replaced. */
      readonly repaired: boolean;
    }
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
    const before = await standingOf(work, name);
    const mayRun = before.record?.consentedAt;
    const { version, previous } = await installPlugin(spec, work, async (facts) => {
      const agreement = await agree(facts, work);
      return agreement === "for-good" && mayRun === null ? "asked" : agreement;
    });
    const after = (await readTrust(work.dataDir, work.uid)).records.get(name);
    if (mayRun && after?.consentedAt === null) {
      const what = after.digest === before.record?.digest ? "it" : "its new code";
      work.say(
        `The next login with ${printable(name)} asks whether ${what} may run. To allow it now: ${pluginCommand("trust", name)}`,
      );
    }
    const repaired = before.state === "changed";
    return { name, from: previous, to: version, pinned: pinOf(plugin), repaired };
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
  return await askConsent(facts, work, pluginCommand("update", name, "--yes"));
}

/** The exact version that a plugin was asked for as; null for a tag, a range or an address. */
export function pinOf({ tag = "latest", url }: Pick<ListedPlugin, "tag" | "url">): string | null {
  return url === undefined && /^=?v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(tag) ? tag : null;
}
