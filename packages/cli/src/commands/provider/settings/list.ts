import { BaseCommand } from "../../../base.js";
import { shownValue } from "../../../options/values.js";
import { unusable } from "../../../settings/file.js";
import { rowsOf, type SettingsList } from "../../../settings/reports.js";
import { paint } from "../../../terminal/color.js";

/** `provider settings list`: what was saved with `provider configure`. */
export default class ProviderSettingsList extends BaseCommand<SettingsList> {
  static override summary = "List the saved settings.";
  static override description = "Reads a file of the config folder, and runs no code of a provider.";
  static override examples = ["meshauth provider settings list", "meshauth provider settings list --json"];

  override async run(): Promise<SettingsList> {
    await this.parse(ProviderSettingsList);
    const { registry, settings } = this.session();
    if (settings.problem !== undefined) throw unusable(settings, settings.problem);
    return { settings: rowsOf(registry, settings), file: settings.path };
  }

  protected override render({ settings }: SettingsList): void {
    const width = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
    const names = width(settings.map(({ name }) => name));
    const providers = width(settings.map(({ provider }) => provider));
    for (const { name, provider, options, problem } of settings) {
      const values = Object.entries(options).map(([option, value]) => `${option}=${shownValue(value)}`);
      this.print(`${name.padEnd(names)}  ${provider.padEnd(providers)}  ${values.join("  ")}`.trimEnd());
      if (problem !== null) this.say(`${paint("yellow", `Not usable: ${name}:`)} ${problem}`);
    }
    if (settings.length === 0)
      this.say("None so far. Next: meshauth provider configure PROVIDER --name NAME");
  }
}
