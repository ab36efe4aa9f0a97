import { type ProviderDetails, showProvider } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../base.js";
import { statementLine } from "../../conformance/words.js";

/** `provider show`: all that one provider declares. */
export default class ProviderShow extends BaseCommand<ProviderDetails> {
  static override summary = "Show what a provider declares.";
  static override description =
    "Without a name, the provider of the current credential. Reads what the package declares and runs none of its code.";
  static override hiddenAliases = ["system:provider:view"];
  static override examples = ["meshauth provider show layer5", "meshauth provider show --json"];
  static override args = {
    provider: stringArg({
      description: "An id, a title, or a name that the provider answers to.",
      ignoreStdin: true,
    }),
  };
  static override flags = TARGET_FLAGS;

  override async run(): Promise<ProviderDetails> {
    const { args, flags } = await this.parse(ProviderShow);
    return await showProvider(this.runtime(), targetOf(flags), args.provider);
  }

  protected override render(details: ProviderDetails): void {
    const rows: readonly (readonly [string, string])[] = [
      ["Provider", `${details.id} (${details.title})`],
      ["Summary", details.summary],
      ["Package", `${details.package} ${details.version} (${details.origin})`],
      ["Contract", details.api],
      ["Flows", details.flows.join(", ")],
      ["Hosts", details.hosts.join(", ") || "none"],
      ["Names", details.serverNames.join(", ") || "none"],
      [
        "Options",
        details.options
          .map(({ name, argument }) => (argument ? name.toUpperCase() : `--${name}`))
          .join(", ") || "none",
      ],
      ["Tested", statementLine(details.conformance, details.version)],
      ["Login", `meshauth login ${details.id}`],
    ];
    for (const [name, value] of rows) this.print(`${name.padEnd(9)} ${value}`);
  }
}
