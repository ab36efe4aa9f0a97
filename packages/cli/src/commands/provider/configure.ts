import { type InstalledProvider, MeshauthError, requireProvider } from "@meshauth/core";
import { BaseCommand } from "../../base.js";
import { splitLoginArgv } from "../../login/argv.js";
import { valueFlags } from "../../login/flags.js";
import { CONFIGURE_FLAGS, createConfigureCommand } from "../../settings/command.js";
import { savable } from "../../settings/savable.js";

/** `provider configure`: finds out which provider is meant and hands over to `provider configure <id>`. */
export default class ProviderConfigure extends BaseCommand<unknown> {
  static override summary = "Save settings for a provider under a name.";
  static override description =
    "The name is all that login takes then. What each provider takes is in the help of its own command. No secret is saved.";
  static override examples = [
    {
      description: "A remote provider of your own.",
      command: "meshauth provider configure layer5 --name work --provider-url https://cloud.example.com",
    },
    { description: "Then this is enough.", command: "meshauth login work" },
    { description: "What is saved.", command: "meshauth provider settings list" },
  ];
  static override strict = false;
  static override usage = "provider configure PROVIDER --name NAME [OPTIONS]";
  static override flags = CONFIGURE_FLAGS;

  override async run(): Promise<unknown> {
    const { registry } = this.session();
    const takesValue = new Set([...valueFlags(registry.providers), "--name"]);
    const { flag, word, rest } = splitLoginArgv(this.argv, takesValue);
    const name = flag ?? word;
    if (!name) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: "Which provider are the settings for? None was given.",
        next: [
          ...registry.providers
            .filter(hasOptions)
            .map(({ entry }) => `meshauth provider configure ${entry.id} --help`),
          "meshauth provider list",
        ],
      });
    }
    const installed = requireProvider(registry, name);
    if (!hasOptions(installed)) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: `${installed.entry.title} has no options, so there is nothing to save.`,
        why: "Settings are the values of a provider's own options.",
        next: [`meshauth login ${installed.entry.id}`],
      });
    }
    return await createConfigureCommand(installed).run([...rest], this.config);
  }

  /** The command that was handed over to has printed the result. */
  protected override render(): void {}
  protected override async printDocument(): Promise<void> {}
}

function hasOptions(installed: InstalledProvider): boolean {
  return savable(installed).length > 0;
}
