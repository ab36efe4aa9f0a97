import { printable, type RestoreReport, restore, status } from "@meshauth/core";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { expiryText, nameOf } from "../login/report.js";
import { typedWords } from "../login/typed.js";
import { paint } from "../terminal/color.js";

/** `restore`: undoes the last login or import. */
export default class Restore extends BaseCommand<RestoreReport> {
  static override summary = "Bring back the credential that the last login or import replaced.";
  static override description =
    "It is kept for 24 hours, until it is brought back, replaced by a later login, or removed by a logout; without one the exit code is 4. What it replaces is not kept. A working login that another program wrote since is replaced only after a question.";
  static override examples = [
    "meshauth restore",
    { description: "Whatever another program wrote since.", command: "meshauth restore --force" },
    "meshauth restore --json",
  ];
  static override flags = {
    force: boolean({ description: "Replace a working login of another program without asking." }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  #next = "meshauth check";

  override async run(): Promise<RestoreReport> {
    const { flags } = await this.parse(Restore);
    const runtime = this.timedRuntime(flags);
    const report = await restore(runtime, {
      target: targetOf(flags),
      force: flags.force,
      words: typedWords(["restore"], this.argv),
    });
    this.warnings(report.warnings);
    if (report.state === "expired") this.#next = (await status(runtime, targetOf(flags))).login;
    return report;
  }

  protected override render(report: RestoreReport): void {
    const { provider, account, context, file, state } = report;
    const who = account ? ` as ${nameOf(account)}` : "";
    this.say(
      [
        paint("green", `Brought back: signed in with ${provider}${who}.`),
        `  File:     ${file}`,
        ...(context === null ? [] : [`  Context:  ${printable(context, 60)}`]),
        ...(state === "local" ? [] : [`  Validity: ${expiryText(report)}`]),
        `  Next:     ${this.#next}`,
      ].join("\n"),
    );
  }
}
