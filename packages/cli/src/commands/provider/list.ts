import { listProviders, type ProviderList } from "@meshauth/core";
import { BaseCommand } from "../../base.js";
import { paint } from "../../terminal/color.js";

/** `provider list`: the installed providers and what is wrong with plugins. */
export default class ProviderListCommand extends BaseCommand<ProviderList> {
  static override summary = "List the installed providers.";
  static override description = "Reads what the packages declare and runs none of their code.";
  static override hiddenAliases = ["system:provider:list"];
  static override examples = ["meshauth provider list", "meshauth provider list --json"];

  override async run(): Promise<ProviderList> {
    await this.parse(ProviderListCommand);
    return listProviders(this.session().registry);
  }

  protected override render({ providers, problems }: ProviderList): void {
    const width = (pick: (row: ProviderList["providers"][number]) => string): number =>
      Math.max(0, ...providers.map((row) => pick(row).length));
    const [ids, titles] = [width(({ id }) => id), width(({ title }) => title)];
    for (const { id, title, package: name, version, origin, flows } of providers) {
      this.print(
        `${id.padEnd(ids)}  ${title.padEnd(titles)}  ${name} ${version} (${origin})  ${flows.join(", ")}`,
      );
    }
    const saved = [...this.session().settings.settings.values()];
    if (saved.length > 0)
      this.print(`Saved settings: ${saved.map(({ name, provider }) => `${name} (${provider})`).join(", ")}`);
    for (const { package: name, reason, next } of problems) {
      this.say(`${paint("yellow", `Not usable: ${name}:`)} ${reason} Next: ${next}`);
    }
  }
}
