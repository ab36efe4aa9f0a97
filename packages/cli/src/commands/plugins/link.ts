import { string } from "@oclif/core/args";
import { CHANGE_FLAGS, PluginsCommand } from "../../plugins/command.js";
import type { PluginDescription } from "../../plugins/describe.js";
import { linkPlugin } from "../../plugins/link.js";
import { nextLine, pluginLine } from "../../plugins/render.js";

interface LinkReport {
  readonly plugin: PluginDescription;
}

/** `plugins link`: uses a plugin from the folder that it is developed in. */
export default class PluginsLink extends PluginsCommand<LinkReport> {
  static override summary = "Use a plugin from a folder, for its development.";
  static override description =
    "The folder is used as it is, now and later. Nothing is installed or built in it: do that first.";
  static override examples = ["meshauth plugins link ./acme-provider"];
  static override args = {
    folder: string({ description: "The plugin's folder.", required: true, ignoreStdin: true }),
  };
  static override flags = { timeout: CHANGE_FLAGS.timeout };

  override async run(): Promise<LinkReport> {
    const { args, flags } = await this.parse(PluginsLink);
    const { name } = await this.change({ ...flags, verbose: false }, (work) => linkPlugin(args.folder, work));
    return { plugin: await this.describe(name, await this.refreshed()) };
  }

  protected override render({ plugin }: LinkReport): void {
    this.say(`Linked ${pluginLine(plugin)}`);
    this.say(nextLine(plugin));
  }
}
