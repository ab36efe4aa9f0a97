import { listTokens, MeshauthError, printable, type TokenList, viewToken } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../../base.js";

/** `system token view`: the spelling of mesheryctl for where a token entry's file is. */
export default class SystemTokenView extends BaseCommand<TokenList> {
  static override summary = "Show where the file of a token entry of config.yaml is.";
  static override description =
    "Without a name, the entry of the context in force. The token itself is printed by `meshauth token` only.";
  static override hidden = true;
  static override examples = [
    "meshauth system token view",
    "meshauth system token view default",
    "meshauth system token view --all",
  ];
  static override args = {
    token: stringArg({ description: "The name of a token entry.", ignoreStdin: true }),
  };
  static override flags = {
    all: boolean({ description: "Show every entry." }),
    context: TARGET_FLAGS.context,
    config: TARGET_FLAGS.config,
  };

  override async run(): Promise<TokenList> {
    const { args, flags } = await this.parse(SystemTokenView);
    const target = targetOf(flags);
    if (!flags.all) return await viewToken(this.runtime(), target, args.token);
    if (args.token !== undefined) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: "Give the name of one token entry, or --all.",
        why: "Both were given.",
        next: ["meshauth system token view --all"],
      });
    }
    return await listTokens(this.runtime(), target);
  }

  protected override render({ tokens }: TokenList): void {
    for (const { name, location, file } of tokens) {
      this.print(`token: ${printable(name, 200)}`);
      this.print(
        `location: ${file === null ? printable(location ?? "", 500) || "none" : printable(file, 1000)}`,
      );
    }
    if (tokens.length === 0) this.say("There are no token entries in config.yaml.");
  }
}
