import { type CheckId, type CheckReport, check } from "@meshauth/core";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
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
    "Looks at the config, the credential file, the provider and the server, in this order. Without --fix nothing is changed; with it, what can be mended without a risk is: permissions that are too wide, a spelling of the file that tools read differently, a token that has ended and can be renewed. config.yaml is never changed. A failure does not stop the later checks. The exit code is 0 when none failed, else the class of the first failure.";
  static override hiddenAliases = ["system:check"];
  static override examples = [
    "meshauth check",
    "meshauth check --context production",
    { description: "Mend what is safe to mend.", command: "meshauth check --fix" },
    "meshauth check --json",
  ];
  static override flags = {
    fix: boolean({ description: "Mend what can be mended safely." }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };
  #fixable: readonly CheckId[] = [];

  override async run(): Promise<CheckReport> {
    const { flags } = await this.parse(Check);
    const { report, exit, fixable } = await check(this.timedRuntime(flags), targetOf(flags), {
      fix: flags.fix,
    });
    this.#fixable = flags.fix ? [] : fixable;
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
        `${ok ? good(count("warn")) : "Something is wrong"}: ${summary}.`,
        process.stdout,
      ),
    );
    if (this.#fixable.length > 0) this.print(`meshauth check --fix can mend: ${this.#fixable.join(", ")}.`);
  }
}

function good(warnings: number): string {
  if (warnings === 0) return "All is well";
  return `It works, with ${warnings} warning${warnings === 1 ? "" : "s"}`;
}
