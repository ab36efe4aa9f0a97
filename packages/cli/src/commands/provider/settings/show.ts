import { BaseCommand } from "../../../base.js";
import { requireSaved } from "../../../settings/find.js";
import { NAME_ARG } from "../../../settings/name-arg.js";
import { optionLines } from "../../../settings/render.js";
import { rowOf, type SettingsDetails } from "../../../settings/reports.js";
import { paint } from "../../../terminal/color.js";

/** `provider settings show`: the settings of one name. */
export default class ProviderSettingsShow extends BaseCommand<SettingsDetails> {
  static override summary = "Show the settings of a name.";
  static override examples = [
    "meshauth provider settings show work",
    "meshauth provider settings show work --json",
  ];
  static override args = NAME_ARG;

  override async run(): Promise<SettingsDetails> {
    const { args } = await this.parse(ProviderSettingsShow);
    const { registry, settings } = this.session();
    const saved = requireSaved(settings, args.name, "show");
    return { ...rowOf(registry, saved), file: settings.path };
  }

  protected override render(details: SettingsDetails): void {
    const { name, provider, problem, file } = details;
    this.print([`${name} (${provider})`, ...optionLines(details), `  File:  ${file}`].join("\n"));
    this.print(`  Login: meshauth login ${name}`);
    if (problem !== null) this.say(`${paint("yellow", "Not usable:")} ${problem}`);
  }
}
