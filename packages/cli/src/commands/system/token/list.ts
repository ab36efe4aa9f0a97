import { listTokens, printable, type TokenList } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../../base.js";

/** `system token list`: the spelling of mesheryctl for the names of the token entries. */
export default class SystemTokenList extends BaseCommand<TokenList> {
  static override summary = "List the token entries of config.yaml.";
  static override description = "Names of credential files, and no token. Touches no file.";
  static override hidden = true;
  static override examples = ["meshauth system token list", "meshauth system token list --json"];
  static override flags = { context: TARGET_FLAGS.context, config: TARGET_FLAGS.config };

  override async run(): Promise<TokenList> {
    const { flags } = await this.parse(SystemTokenList);
    return await listTokens(this.runtime(), targetOf(flags));
  }

  protected override render({ tokens }: TokenList): void {
    for (const { name } of tokens) this.print(printable(name, 200));
    if (tokens.length === 0) this.say("There are no token entries in config.yaml.");
  }
}
