import { MEND_ENVIRONMENT, type StatusReport, status } from "@meshauth/core";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { statusText } from "../status-text.js";

/** `status`: who is signed in where. */
export default class Status extends BaseCommand<StatusReport> {
  static override summary = "Show who is signed in where.";
  static override description =
    "One line for every context that has a credential. Nothing is asked of a server unless --check is given. The exit code is 0 when the current context's credential can be used, 8 when its file is damaged or cannot be read, else 4.";
  static override examples = ["meshauth status", "meshauth status --check", "meshauth status --json"];
  static override flags = {
    check: boolean({
      description:
        "Ask the Meshery Server whether it accepts the credential. A token that it would renew is not sent.",
    }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  #login = "";

  override async run(): Promise<StatusReport> {
    const { flags } = await this.parse(Status);
    const { report, exit, warnings, login } = await status(
      this.timedRuntime(flags),
      targetOf(flags),
      flags.check,
    );
    this.warnings(warnings);
    this.#login = login;
    process.exitCode = exit;
    return report;
  }

  protected override render(report: StatusReport): void {
    this.print(statusText(report, process.stdout));
    const fromEnvironment = report.contexts[0]?.source === "environment";
    if (fromEnvironment) this.say("MESHERY_API_TOKEN is set and wins over the file.");
    if (process.exitCode === 4) this.say(`Next: ${fromEnvironment ? MEND_ENVIRONMENT : this.#login}`);
    if (process.exitCode === 8) this.say("Next: meshauth check");
  }
}
