import { BaseCommand } from "../../../base.js";
import { refreshSession } from "../../../plugins/completion.js";
import { changeSettings } from "../../../settings/change.js";
import { requireSaved } from "../../../settings/find.js";
import { NAME_ARG } from "../../../settings/name-arg.js";
import type { SettingsRemoval } from "../../../settings/reports.js";

/** `provider settings remove`: takes the settings of one name away. */
export default class ProviderSettingsRemove extends BaseCommand<SettingsRemoval> {
  static override summary = "Remove the settings of a name.";
  static override description = "A sign-in that was made with them stays as it is.";
  static override examples = ["meshauth provider settings remove work"];
  static override args = NAME_ARG;

  override async run(): Promise<SettingsRemoval> {
    const { args } = await this.parse(ProviderSettingsRemove);
    const { settings: file } = this.session();
    // Where there is nothing to remove nothing is written, and no folder made.
    const saved = requireSaved(file, args.name, "remove");
    const { signal } = this.runtime();
    const place = { configDir: this.config.configDir, uid: process.getuid?.(), signal };
    const { path } = await changeSettings(place, (settings) => void settings.delete(saved.name));
    this.warnings((await refreshSession(this.session())).warnings);
    return { ...saved, file: path };
  }

  protected override render({ name, provider }: SettingsRemoval): void {
    this.say(`Removed "${name}", which was for the provider ${provider}.`);
  }
}
