import { DEFAULT_MIN_VALIDITY, type FreshCredential, freshCredential, tokenText } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../../base.js";
import { MIN_VALIDITY_FLAG } from "../../login/flags.js";

/** `credential get`: the credential as one line of JSON, for other programs. */
export default class CredentialGet extends BaseCommand<FreshCredential> {
  static override summary = "Print the credential as one line of JSON.";
  static override description =
    "For programs: token, access token, provider, expiry, and where they come from. Renewed first when it is about to end, as with `token`. Never asks anything.";
  static override examples = [
    "meshauth credential get",
    "meshauth credential get --min-validity 15m --context production",
  ];
  static override flags = { ...MIN_VALIDITY_FLAG, ...WAIT_FLAGS, ...TARGET_FLAGS };

  override async run(): Promise<FreshCredential> {
    const { flags } = await this.parse(CredentialGet);
    const minValidity = flags["min-validity"] ?? DEFAULT_MIN_VALIDITY;
    const credential = await freshCredential(this.timedRuntime(flags), targetOf(flags), { minValidity });
    this.warnings(credential.warnings);
    return credential;
  }

  protected override async render(credential: FreshCredential): Promise<void> {
    await this.printSecret(tokenText(credential, "json"));
  }

  protected override async printDocument(credential: FreshCredential): Promise<void> {
    await this.render(credential);
  }
}
