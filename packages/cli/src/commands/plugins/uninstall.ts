import { printable } from "@meshauth/core";
import { string } from "@oclif/core/args";
import { CHANGE_FLAGS, PluginsCommand } from "../../plugins/command.js";
import { describePlugin, type PluginDescription } from "../../plugins/describe.js";
import { findPlugin } from "../../plugins/find.js";
import { removePlugin } from "../../plugins/remove.js";
import { warnOfLogins } from "../../plugins/signed-in.js";

interface UninstallReport {
  readonly removed: Pick<PluginDescription, "name" | "version" | "origin">;
}

/** `plugins uninstall`: takes a plugin away, whatever is wrong with it. */
export default class PluginsUninstall extends PluginsCommand<UninstallReport> {
  static override summary = "Remove a plugin.";
  static override description =
    "Takes the name of its package, the id of one of its providers, or for a linked one its folder. Works for broken plugins too. Credentials are left alone; while you are signed in with it, a terminal asks first.";
  static override examples = ["meshauth plugins uninstall acme-provider", "meshauth plugins uninstall acme"];
  static override hiddenAliases = ["plugins:remove", "plugins:unlink"];
  static override args = {
    plugin: string({ description: "A package or the id of a provider.", required: true, ignoreStdin: true }),
  };
  static override flags = CHANGE_FLAGS;

  override async run(): Promise<UninstallReport> {
    const { args, flags } = await this.parse(PluginsUninstall);
    const removed = await this.change(flags, async (work) => {
      const plugin = await findPlugin(args.plugin, work);
      await warnOfLogins(plugin, this.runtime(), work);
      await removePlugin(plugin, work);
      return describePlugin(plugin, work.session);
    });
    await this.refreshed();
    const { name, version, origin } = removed;
    return { removed: { name, version, origin } };
  }

  protected override render({ removed: { name, version, origin } }: UninstallReport): void {
    this.say(
      `${origin === "link" ? "Unlinked" : "Removed"} ${printable(name)}${version === null ? "" : ` ${version}`}.`,
    );
  }
}
