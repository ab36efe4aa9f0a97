import { type MeshauthError, toMeshauthError } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { isMore } from "./added.js";
import { askConsent } from "./consent.js";
import { installPlugin } from "./install.js";
import { specOf } from "./spec.js";
import type { PluginWork } from "./work.js";

/** What became of one plugin. */
export type Update =
  | { readonly name: string; readonly from: string | null; readonly to: string }
  | { readonly name: string; readonly error: MeshauthError };

/**
 * Brings one installed plugin to the newest version of what it was installed from. A version that talks to
 * hosts, or brings providers or commands, that the one before did not, is asked about again.
 */
export async function updatePlugin(plugin: ListedPlugin, work: PluginWork): Promise<Update> {
  try {
    const spec = await specOf(plugin);
    const { version, previous } = await installPlugin(spec, work, async (facts) => {
      if (facts.added !== null && !isMore(facts.added)) return "same";
      work.say(`${plugin.name} wants more than the installed version:`);
      return await askConsent(facts, work, "meshauth plugins update --yes");
    });
    return { name: plugin.name, from: previous, to: version };
  } catch (error) {
    work.signal.throwIfAborted();
    return { name: plugin.name, error: toMeshauthError(error) };
  }
}
