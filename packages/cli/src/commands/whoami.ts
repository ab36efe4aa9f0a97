import { type WhoamiReport, whoami } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { nameOf } from "../login/report.js";

/** `whoami`: who the provider or the server says we are. */
export default class Whoami extends BaseCommand<WhoamiReport> {
  static override summary = "Ask who is signed in.";
  static override description =
    "Asks the provider, or where it cannot say the Meshery Server. An access token that has ended is renewed first. The exit code is 4 when they do not accept the credential, 7 when nobody can be asked.";
  static override examples = ["meshauth whoami", "meshauth whoami --json"];
  static override flags = { ...WAIT_FLAGS, ...TARGET_FLAGS };

  override async run(): Promise<WhoamiReport> {
    const { flags } = await this.parse(Whoami);
    const report = await whoami(this.timedRuntime(flags), targetOf(flags));
    this.warnings(report.warnings);
    return report;
  }

  protected override render({ account, provider, source }: WhoamiReport): void {
    if (account === null) this.print(`No account: work stays local (${provider}).`);
    else this.print(`${nameOf(account)}${provider === null ? "" : `  ${provider}`}`);
    if (source === "environment")
      this.say("This is the account of MESHERY_API_TOKEN, which wins over the file.");
  }
}
