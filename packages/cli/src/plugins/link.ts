import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MeshauthError, member, PACKAGE_NAME, printable, readJsonObject } from "@meshauth/core";
import { type ListedPlugin, readPluginList } from "../loader/index.js";
import { changePlugins } from "./change.js";
import { refused } from "./install.js";
import { addToList, ensureList } from "./list-file.js";
import type { PluginWork } from "./work.js";

/**
 * Lists a folder of the user as a plugin. Nothing in it is changed or run, and what it needs must be
 * installed there.
 *
 * @param typed - The folder, relative to the working folder.
 * @throws MeshauthError `MESHAUTH_E_USAGE` when there is no package, `MESHAUTH_E_PLUGIN` when it cannot be used.
 */
export async function linkPlugin(typed: string, work: PluginWork): Promise<ListedPlugin> {
  const plugin = await packageIn(resolve(work.cwd, typed));
  return await changePlugins(work, async () => {
    await ensureList(work.dataDir);
    const { plugins } = await readPluginList(work.dataDir);
    if (plugins.some(({ name, origin }) => name === plugin.name && origin === "user")) {
      throw new MeshauthError("MESHAUTH_E_PLUGIN", {
        message: `${plugin.name} is installed.`,
        why: "A plugin is either linked or installed.",
        next: [`meshauth plugins uninstall ${plugin.name}`],
      });
    }
    const { problem } = await work.session.preview(plugin);
    if (problem) throw refused(plugin.name, problem);
    await addToList(work.dataDir, { name: plugin.name, type: "link", root: plugin.root });
    return plugin;
  });
}

async function packageIn(path: string): Promise<ListedPlugin> {
  try {
    const root = await realpath(path);
    const name = member(await readJsonObject(join(root, "package.json"), "package.json"), "name");
    if (typeof name === "string" && PACKAGE_NAME.test(name)) return { name, origin: "link", root };
  } catch {
    // Reported below.
  }
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `There is no package in ${printable(path)}.`,
    why: "The folder, or a package.json with a name in it, is missing.",
    next: ["meshauth plugins link FOLDER"],
  });
}
