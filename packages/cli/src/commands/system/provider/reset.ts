import { type ContextProvider, printable, resetContextProvider } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../../base.js";

/** `system provider reset`: the spelling of mesheryctl for going back to its default. */
export default class SystemProviderReset extends BaseCommand<ContextProvider> {
  static override summary = "Set the provider of the context back to the default.";
  static override hidden = true;
  static override examples = ["meshauth system provider reset"];
  static override flags = TARGET_FLAGS;

  override async run(): Promise<ContextProvider> {
    const { flags } = await this.parse(SystemProviderReset);
    return await resetContextProvider(this.runtime(), targetOf(flags));
  }

  protected override render({ context, provider, changed }: ContextProvider): void {
    this.say(
      changed
        ? `The provider of ${printable(context, 60)} is now ${printable(provider, 200)}.`
        : `The provider of ${printable(context, 60)} is ${printable(provider, 200)} already.`,
    );
  }
}
