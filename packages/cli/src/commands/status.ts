import { type ContextStatus, MEND_ENVIRONMENT, printable, type StatusReport, status } from "@meshauth/core";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { expiryText } from "../login/report.js";
import { hasExpiry, shortNameOf, stateText } from "../login/state.js";

/** `status`: who is signed in where. */
export default class Status extends BaseCommand<StatusReport> {
  static override summary = "Show who is signed in where.";
  static override description =
    "One line for every context that has a credential. Nothing is asked of a server unless --check is given. The exit code is 0 when the current context's credential can be used, 8 when its file is damaged or cannot be read, else 4.";
  static override examples = [
    "<%= config.bin %> status",
    "<%= config.bin %> status --check",
    "<%= config.bin %> status --json",
  ];
  static override flags = {
    check: boolean({
      description:
        "Ask the Meshery Server whether it accepts the credential. A token that it would renew is not sent.",
    }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  override async run(): Promise<StatusReport> {
    const { flags } = await this.parse(Status);
    const { report, exit, warnings } = await status(this.timedRuntime(flags), targetOf(flags), flags.check);
    this.warnings(warnings);
    process.exitCode = exit;
    return report;
  }

  protected override render({ contexts }: StatusReport): void {
    const several = contexts.length > 1;
    for (const [index, context] of contexts.entries()) {
      this.print(`${several ? (index === 0 ? "* " : "  ") : ""}${line(context)}`);
    }
    const fromEnvironment = contexts[0]?.source === "environment";
    if (fromEnvironment) this.say("MESHERY_API_TOKEN is set and wins over the file.");
    if (process.exitCode === 4) this.say(`Next: ${fromEnvironment ? MEND_ENVIRONMENT : "meshauth login"}`);
    if (process.exitCode === 8) this.say("Next: meshauth check");
  }
}

function line({
  name,
  state,
  provider,
  account,
  expiresAt,
  refreshable,
  file,
  source,
  problem,
  server,
}: ContextStatus): string {
  const who = shortNameOf(account);
  return [
    ...(name === null ? [] : [`${printable(name, 60)}:`]),
    stateText(state),
    ...(provider === null ? [] : [provider]),
    ...(who === undefined ? [] : [who]),
    ...(hasExpiry(state) && problem === undefined ? [expiryText({ expiresAt, refreshable })] : []),
    source === "environment" ? "MESHERY_API_TOKEN" : printable(file, 1000),
    ...(problem === undefined ? [] : [`(${problem})`]),
    ...(server === undefined ? [] : [`(${server.message})`]),
  ].join("  ");
}
