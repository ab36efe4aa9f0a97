import { MeshauthError } from "@meshauth/core";
import { readPluginList } from "../../loader/index.js";
import { CHANGE_FLAGS, PluginsCommand, YES_FLAG } from "../../plugins/command.js";
import { requireAnswer } from "../../plugins/consent.js";
import { removeAll } from "../../plugins/remove.js";
import type { PluginWork } from "../../plugins/work.js";

interface ResetReport {
  /** Names of the packages that were listed. */
  readonly removed: readonly string[];
}

/** `plugins reset`: takes all plugins away, also when their folder is damaged. */
export default class PluginsReset extends PluginsCommand<ResetReport> {
  static override summary = "Remove all plugins.";
  static override description =
    "Empties the folder of the plugins, whatever is wrong with it. Linked folders and credentials are left alone.";
  static override examples = ["meshauth plugins reset --yes"];
  static override flags = { ...YES_FLAG, timeout: CHANGE_FLAGS.timeout };

  override async run(): Promise<ResetReport> {
    const { flags } = await this.parse(PluginsReset);
    const removed = await this.change({ ...flags, verbose: false }, async (work) => {
      requireAnswer(work, "meshauth plugins reset --yes");
      const names = (await readPluginList(work.dataDir)).plugins.map(({ name }) => name);
      await this.#confirm(names, work);
      await removeAll(work);
      return names;
    });
    await this.refreshed();
    return { removed };
  }

  async #confirm(names: readonly string[], work: PluginWork): Promise<void> {
    if (work.yes) return;
    const message = `Remove ${names.length === 1 ? "the plugin" : `all ${names.length} plugins`}?`;
    if (await work.terminal.confirm({ message, initial: false }, work.signal)) return;
    throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was removed." });
  }

  protected override render({ removed }: ResetReport): void {
    this.say(
      removed.length === 0
        ? "There was no plugin."
        : `Removed ${removed.length} plugin${removed.length === 1 ? "" : "s"}.`,
    );
  }
}
