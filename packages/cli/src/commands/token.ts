import {
  DEFAULT_MIN_VALIDITY,
  type FreshCredential,
  freshCredential,
  TOKEN_FORMATS,
  type TokenFormat,
  tokenText,
} from "@meshauth/core";
import { option } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { MIN_VALIDITY_FLAG } from "../login/flags.js";

interface TokenResult {
  readonly credential: FreshCredential;
  readonly format: TokenFormat;
}

/** `token`: prints the token, renewed first when it is about to end. */
export default class Token extends BaseCommand<TokenResult> {
  static override summary = "Print the token.";
  static override description =
    "Renews it first when it is about to end; of many processes at once, one does. Never asks anything. MESHERY_API_TOKEN wins over the file. Formats: raw is the token as Meshery Servers take it, access the access token inside, cookie and header are what a request carries, env is two lines for an environment file, json all of it.";
  static override hiddenAliases = ["system:token"];
  static override examples = [
    "meshauth token",
    'meshauth token --format cookie  # curl --header "Cookie: $(meshauth token --format cookie)" …',
    "meshauth token --format json --min-validity 30m",
  ];
  static override flags = {
    format: option({
      description: "What to print.",
      options: TOKEN_FORMATS,
      default: "raw" as const,
    })(),
    ...MIN_VALIDITY_FLAG,
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  override async run(): Promise<TokenResult> {
    const { flags } = await this.parse(Token);
    const minValidity = flags["min-validity"] ?? DEFAULT_MIN_VALIDITY;
    const credential = await freshCredential(this.timedRuntime(flags), targetOf(flags), { minValidity });
    this.warnings(credential.warnings);
    return { credential, format: flags.format };
  }

  protected override async render({ credential, format }: TokenResult): Promise<void> {
    await this.printSecret(tokenText(credential, format));
  }

  protected override async printDocument({ credential }: TokenResult): Promise<void> {
    await this.printSecret(tokenText(credential, "json"));
  }
}
