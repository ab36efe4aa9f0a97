import { printable } from "@meshauth/core";
import { string } from "@oclif/core/args";
import { CHANGE_FLAGS, PluginsCommand, YES_FLAG } from "../../plugins/command.js";
import { findPlugin } from "../../plugins/find.js";
import { pluginCommand } from "../../plugins/plugin-command.js";
import { type TrustReport, trustPlugin } from "../../plugins/trust.js";

/** `plugins trust`: allows a plugin's code to run, before anybody is asked about its first use. */
export default class PluginsTrust extends PluginsCommand<TrustReport> {
  static override summary = "Allow an installed plugin to run.";
  static override description =
    "The first login with a plugin asks whether its code may run. This gives the answer ahead, for places where nobody can be asked. It holds for the files as they are now, those of the packages that the plugin declares it needs included: after an update it is asked about again, and after a change by anybody else none of its code is run.";
  static override examples = [
    "meshauth plugins trust acme-provider",
    {
      description: "Where nobody can be asked.",
      command: "meshauth plugins trust acme-provider --yes",
    },
  ];
  static override args = {
    plugin: string({ description: "A package or the id of a provider.", required: true, ignoreStdin: true }),
  };
  static override flags = { ...YES_FLAG, timeout: CHANGE_FLAGS.timeout };

  override async run(): Promise<TrustReport> {
    const { args, flags } = await this.parse(PluginsTrust);
    return await this.change({ ...flags, verbose: false }, async (work) =>
      trustPlugin(await findPlugin(args.plugin, work), work),
    );
  }

  protected override render({ plugin: { name, origin } }: TrustReport): void {
    const text = printable(name);
    if (origin === "link") this.say(`${text} is a folder of your own, which may always run.`);
    else this.say(`${text} may run now. To withdraw that: ${pluginCommand("distrust", name)}`);
  }
}
