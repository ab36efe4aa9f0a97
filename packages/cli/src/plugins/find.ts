import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import {
  findProvider,
  inspectPackage,
  isJsonObject,
  MeshauthError,
  member,
  nearest,
  printable,
} from "@meshauth/core";
import { type ListedPlugin, readPluginList } from "../loader/index.js";
import type { PluginWork } from "./work.js";

/**
 * The plugin that is meant by the name of its package, by the id of one of its providers, or by its folder
 * when it is linked. A broken plugin is found as well.
 *
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_PROVIDER` when there is none, `MESHAUTH_E_USAGE` for a built-in one.
 */
export async function findPlugin(
  typed: string,
  work: Pick<PluginWork, "session" | "dataDir" | "cwd">,
): Promise<ListedPlugin> {
  const { plugins, problems } = await readPluginList(work.dataDir);
  const byName = plugins.find(({ name }) => name === typed);
  if (byName) return byName;
  const provider = findProvider(work.session.registry, typed);
  if (provider?.origin === "built-in") {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `${provider.entry.id} is built in.`,
      why: `${provider.package} comes with meshauth and goes with it.`,
      next: ["meshauth plugins", "meshauth provider list"],
    });
  }
  const declared = await declaredIds(plugins);
  const byId = plugins.find(
    ({ name }) => name === provider?.package || declared.get(name)?.includes(typed.toLowerCase()),
  );
  if (byId) return byId;
  const folder = await realpath(resolve(work.cwd, typed)).catch(() => resolve(work.cwd, typed));
  const byFolder = plugins.find(({ origin, root }) => origin === "link" && root === folder);
  if (byFolder) return byFolder;
  const near = nearest(typed, [...plugins.map(({ name }) => name), ...[...declared.values()].flat()]);
  throw new MeshauthError("MESHAUTH_E_UNKNOWN_PROVIDER", {
    message: `No plugin "${printable(typed, 80)}" is installed.${near === undefined ? "" : ` Did you mean ${near}?`}`,
    why:
      plugins.length === 0
        ? "No plugin is installed."
        : `Installed are ${plugins.map(({ name }) => printable(name, 80)).join(", ")}.`,
    next: ["meshauth plugins", ...problems.map(({ next }) => next).slice(0, 1)],
  });
}

/** The ids that packages claim, whether or not they can be used. */
async function declaredIds(
  plugins: readonly ListedPlugin[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = plugins.map(async ({ name, origin, root }): Promise<[string, string[]]> => {
    const { pjson } = await inspectPackage({ name, origin, root });
    const manifest = pjson === undefined ? undefined : member(pjson, "meshauth");
    const providers = isJsonObject(manifest) ? member(manifest, "providers") : [];
    const ids = (Array.isArray(providers) ? providers : []).map(
      (entry) => isJsonObject(entry) && member(entry, "id"),
    );
    return [name, ids.filter((id) => typeof id === "string")];
  });
  return new Map(await Promise.all(entries));
}
