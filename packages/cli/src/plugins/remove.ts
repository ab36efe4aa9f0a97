import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_NAME } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { keepingOthers, putRecord } from "../trust/records.js";
import { changePlugins } from "./change.js";
import { removeFromList } from "./list-file.js";
import { PLUGIN_FILES } from "./snapshot.js";
import type { PluginWork } from "./work.js";

/** Takes a plugin away, whatever is wrong with it. A linked folder itself is left alone. */
export async function removePlugin({ name, origin }: ListedPlugin, work: PluginWork): Promise<void> {
  await changePlugins(work, async () => {
    await keepingOthers(work, name, async () => {
      if (origin === "user" && PACKAGE_NAME.test(name)) await removeFiles(name, work);
    });
    await putRecord(work, name, undefined);
    await removeFromList(work.dataDir, name);
  });
}

async function removeFiles(name: string, { npm, dataDir, signal }: PluginWork): Promise<void> {
  try {
    await npm.change("uninstall", [name], dataDir);
  } catch {
    signal.throwIfAborted();
    // npm looks at everything that is installed, and gives up over another plugin that is broken.
  }
  await rm(join(dataDir, "node_modules", name), { recursive: true, force: true });
}

/** Takes all plugins away, and with them whatever is wrong with their folder. */
export async function removeAll(work: PluginWork): Promise<void> {
  await changePlugins(work, async () => {
    for (const file of [...PLUGIN_FILES, "npm-shrinkwrap.json", "yarn.lock"]) {
      await rm(join(work.dataDir, file), { recursive: true, force: true });
    }
  });
}
