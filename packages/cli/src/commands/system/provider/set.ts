import { type ContextProvider, chooseContextProvider, printable } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../../base.js";

/** `system provider set`: the spelling of mesheryctl for the provider that a deployed server enforces. */
export default class SystemProviderSet extends BaseCommand<ContextProvider> {
  static override summary = "Set the provider that a server deployed from the context enforces.";
  static override description =
    "Changes config.yaml only. No login depends on it: `meshauth login` asks for a provider, or is told one.";
  static override hidden = true;
  static override examples = ["meshauth system provider set Layer5"];
  static override args = {
    provider: stringArg({
      description: "A name that the Meshery Server lists.",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    force: boolean({
      char: "f",
      description: "Set it even if the server does not list it or does not answer.",
    }),
    ...TARGET_FLAGS,
  };

  override async run(): Promise<ContextProvider> {
    const { args, flags } = await this.parse(SystemProviderSet);
    return await chooseContextProvider(this.runtime(), targetOf(flags), {
      name: args.provider,
      force: flags.force,
    });
  }

  protected override render({ context, provider, changed }: ContextProvider): void {
    this.say(
      changed
        ? `The provider of ${printable(context, 60)} is now ${printable(provider, 200)}.`
        : `The provider of ${printable(context, 60)} is ${printable(provider, 200)} already.`,
    );
  }
}
