import { type ContextProvider, resetContextProvider } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../../base.js";

/** `system provider reset`: the spelling of mesheryctl for going back to its default. */
export default class SystemProviderReset extends BaseCommand<ContextProvider> {
  static override summary = "Set the provider of the context back to the default.";
  static override hidden = true;
  static override examples = ["<%= config.bin %> system provider reset"];
  static override flags = TARGET_FLAGS;

  override async run(): Promise<ContextProvider> {
    const { flags } = await this.parse(SystemProviderReset);
    return await resetContextProvider(this.runtime(), targetOf(flags));
  }

  protected override render({ context, provider, changed }: ContextProvider): void {
    this.say(
      changed
        ? `The provider of ${context} is now ${provider}.`
        : `The provider of ${context} is ${provider} already.`,
    );
  }
}
