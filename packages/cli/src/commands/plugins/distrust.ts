import { printable } from "@meshauth/core";
import { string } from "@oclif/core/args";
import { CHANGE_FLAGS, PluginsCommand } from "../../plugins/command.js";
import { findPlugin } from "../../plugins/find.js";
import { pluginCommand } from "../../plugins/plugin-command.js";
import { distrustPlugin, type TrustReport } from "../../plugins/trust.js";

/** `plugins distrust`: no code of a plugin runs from now on, until it is allowed again. */
export default class PluginsDistrust extends PluginsCommand<TrustReport> {
  static override summary = "Let an installed plugin run no longer.";
  static override description =
    "Withdraws what its first use, plugins trust or plugins install --yes allowed. It stays installed, and the next login with it asks again. A credential that it obtained is left alone: it can be printed while it is valid, and signed out of, but neither renewed nor revoked.";
  static override examples = [
    "meshauth plugins distrust acme-provider",
    "meshauth plugins distrust acme-provider --json",
  ];
  static override args = {
    plugin: string({ description: "A package or the id of a provider.", required: true, ignoreStdin: true }),
  };
  static override flags = { timeout: CHANGE_FLAGS.timeout };

  override async run(): Promise<TrustReport> {
    const { args, flags } = await this.parse(PluginsDistrust);
    return await this.change({ ...flags, verbose: false }, async (work) =>
      distrustPlugin(await findPlugin(args.plugin, work), work),
    );
  }

  protected override render({ plugin: { name } }: TrustReport): void {
    this.say(`${printable(name)} runs no longer. To allow it again: ${pluginCommand("trust", name)}`);
  }
}
