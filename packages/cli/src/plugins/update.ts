import { type MeshauthError, toMeshauthError } from "@meshauth/core";
import type { ListedPlugin, Preview } from "../loader/index.js";
import { askConsent, requireAnswer } from "./consent.js";
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
    const before = await work.session.preview(plugin);
    const { version, previous } = await installPlugin(spec, work, async (staged, preview) => {
      if (isWithin(preview, before)) return;
      work.say(`${plugin.name} wants more than the installed version:`);
      requireAnswer(work, "meshauth plugins update --yes");
      await askConsent(staged, preview, spec, work);
    });
    return { name: plugin.name, from: previous, to: version };
  } catch (error) {
    work.signal.throwIfAborted();
    return { name: plugin.name, error: toMeshauthError(error) };
  }
}

/** Whether a version reaches no further than another. */
function isWithin(next: Preview, before: Preview): boolean {
  const reach = ({ providers, commands }: Preview) => [
    ...providers.flatMap(({ entry: { id, hosts = [], flows } }) => [
      `provider ${id}`,
      ...hosts.map((host) => `${id} host ${host}`),
      ...flows.map((flow) => `${id} flow ${flow}`),
    ]),
    ...commands,
  ];
  const known = new Set(reach(before));
  return reach(next).every((item) => known.has(item));
}
