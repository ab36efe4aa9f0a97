import { string } from "@oclif/core/args";
import { CHANGE_FLAGS, PluginsCommand, YES_FLAG } from "../../plugins/command.js";
import { askConsent, requireConsent } from "../../plugins/consent.js";
import type { PluginDescription } from "../../plugins/describe.js";
import type { PackageFacts } from "../../plugins/facts.js";
import { installPlugin } from "../../plugins/install.js";
import { installCommand } from "../../plugins/plugin-command.js";
import { nextLine, pluginLine } from "../../plugins/render.js";
import { parseSpec } from "../../plugins/spec.js";

interface InstallReport {
  readonly plugin: PluginDescription;
  /** The version that was there before. */
  readonly previous: string | null;
  /** What was known of the package before it was installed. */
  readonly facts: PackageFacts;
}

/** `plugins install`: adds a plugin from the registry, a tarball or a folder. */
export default class PluginsInstall extends PluginsCommand<InstallReport> {
  static override summary = "Install a plugin.";
  static override description =
    "Takes the name of an npm package, with a version if need be, a tarball or a folder. The package is looked at before anything is changed, and its install scripts are never run. Shows what it is, who published it and when, what npm says of its signature, and what it declares, and asks. Without a terminal --yes is needed, or an entry with its name and integrity in allowed-plugins.json of the config folder; both also allow its first use. A package of more than 50 MB or 5,000 files is refused. npm's own settings apply, and MESHAUTH_NPM_REGISTRY names another registry.";
  static override examples = [
    "meshauth plugins install acme-provider",
    "meshauth plugins install @acme/provider@1.2.0 --yes",
    "meshauth plugins install ./acme-provider-1.2.0.tgz",
  ];
  static override hiddenAliases = ["plugins:add"];
  static override args = {
    plugin: string({ description: "A package, a tarball or a folder.", required: true, ignoreStdin: true }),
  };
  static override flags = { ...YES_FLAG, ...CHANGE_FLAGS };

  override async run(): Promise<InstallReport> {
    const { args, flags } = await this.parse(PluginsInstall);
    const command = installCommand(args.plugin, "--yes");
    const { name, previous, facts } = await this.change(flags, async (work) => {
      const spec = await parseSpec(args.plugin, work);
      requireConsent(work, spec, command);
      return await installPlugin(spec, work, (found) => askConsent(found, work, command));
    });
    return { plugin: await this.describe(name, await this.refreshed()), previous, facts };
  }

  protected override render({ plugin, previous }: InstallReport): void {
    const was = previous === null || previous === plugin.version ? "" : `, ${previous} before`;
    this.say(`Installed ${pluginLine(plugin)}${was}`);
    this.say(nextLine(plugin));
  }
}
