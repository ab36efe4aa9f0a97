import { rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PACKAGE_NAME } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { keepingOthers, putRecord } from "../trust/records.js";
import { modulesOf } from "../trust/standing.js";
import { changePlugins } from "./change.js";
import { removeFromList } from "./list-file.js";
import { PLUGIN_FILES } from "./snapshot.js";
import type { PluginWork } from "./work.js";

/** Takes a plugin away, whatever is wrong with it. A linked folder itself is left alone. */
export async function removePlugin({ name, origin }: ListedPlugin, work: PluginWork): Promise<void> {
  await changePlugins(work, async () => {
    await keepingOthers(work, name, async () => {
      if (origin === "user" && PACKAGE_NAME.test(name)) await removeFiles(name, work.dataDir);
    });
    await putRecord(work, name, undefined);
    await removeFromList(work.dataDir, name);
  });
}

/**
 * A plugin's packages lie in its folder. npm is not asked: it looks at everything that is installed, and gives up over
 * another plugin that is broken, or takes that away as well. Peers beside the folder go with the next installation.
 */
async function removeFiles(name: string, dataDir: string): Promise<void> {
  const root = join(modulesOf(dataDir), name);
  await rm(root, { recursive: true, force: true });
  // The folder of a scope stays as long as there is something in it.
  if (name.startsWith("@")) await rmdir(dirname(root)).catch(() => undefined);
}

/** Takes all plugins away, and with them whatever is wrong with their folder. */
export async function removeAll(work: PluginWork): Promise<void> {
  await changePlugins(work, async () => {
    for (const file of [...PLUGIN_FILES, "npm-shrinkwrap.json", "yarn.lock"]) {
      await rm(join(work.dataDir, file), { recursive: true, force: true });
    }
  });
}
