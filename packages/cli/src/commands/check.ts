import { type CheckReport, check } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../base.js";
import { paint } from "../terminal/color.js";

const MARKS = {
  pass: ["✓", "green"],
  warn: ["!", "yellow"],
  fail: ["✗", "red"],
  skip: ["-", "dim"],
} as const;

/** `check`: every check, then a summary. */
export default class Check extends BaseCommand<CheckReport> {
  static override summary = "Check that the login works, and say what to do where it does not.";
  static override description =
    "Looks at the config, the credential file, the provider and the server, in this order, and changes nothing. A failure does not stop the later checks. The exit code is 0 when none failed, else the class of the first failure.";
  static override hiddenAliases = ["system:check"];
  static override examples = [
    "<%= config.bin %> check",
    "<%= config.bin %> check --context production",
    "<%= config.bin %> check --json",
  ];
  static override flags = TARGET_FLAGS;

  override async run(): Promise<CheckReport> {
    const { flags } = await this.parse(Check);
    const { report, exit } = await check(this.runtime(), targetOf(flags));
    process.exitCode = exit;
    return report;
  }

  protected override render({ checks, ok }: CheckReport): void {
    const width = Math.max(...checks.map(({ id }) => id.length));
    for (const { id, result, message, next } of checks) {
      const [mark, style] = MARKS[result];
      this.print(`${paint(style, mark, process.stdout)} ${id.padEnd(width)}  ${message}`);
      if (next !== null && result !== "skip") this.print(`  ${" ".repeat(width)}  Next: ${next}`);
    }
    const count = (wanted: string): number => checks.filter(({ result }) => result === wanted).length;
    const summary = `${count("pass")} passed, ${count("warn")} warned, ${count("fail")} failed, ${count("skip")} skipped`;
    this.print(
      paint(
        ok ? "green" : "red",
        `${ok ? "All is well" : "Something is wrong"}: ${summary}.`,
        process.stdout,
      ),
    );
  }
}
