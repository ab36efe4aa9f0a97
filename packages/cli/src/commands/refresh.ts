import { type RefreshReport, refresh } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { expiryText } from "../login/report.js";
import { program } from "../program.js";

/** `refresh`: renews the credential now. */
export default class Refresh extends BaseCommand<RefreshReport> {
  static override summary = "Renew the credential now.";
  static override description =
    "Other commands renew it by themselves when it is about to end. Of several processes that renew it at the same time, one asks the provider; its result counts for all. The exit code is 4 when the provider refuses: then a new login is needed.";
  static override examples = ["meshauth refresh", "meshauth refresh --json"];
  static override flags = { ...WAIT_FLAGS, ...TARGET_FLAGS };

  override async run(): Promise<RefreshReport> {
    const { flags } = await this.parse(Refresh);
    const report = await refresh(this.timedRuntime(flags), targetOf(flags));
    if (report.refreshed) program().wrote = true;
    this.warnings(report.warnings);
    return report;
  }

  protected override render(report: RefreshReport): void {
    this.say(
      report.refreshed
        ? `Renewed: ${expiryText(report)}.`
        : "There is nothing to renew: the credential is not known to expire.",
    );
  }
}
