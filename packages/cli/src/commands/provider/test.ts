import { resolve } from "node:path";
import { type ConformanceReport, EXIT, MeshauthError, withTimeLimit } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { string } from "@oclif/core/flags";
import { BaseCommand, DEFAULT_TIMEOUT, WAIT_FLAGS } from "../../base.js";
import { isStale } from "../../conformance/stale.js";
import { caseLines, summaryLine } from "../../conformance/words.js";
import { writeReport } from "../../conformance/write-report.js";

/** `provider test`: runs the conformance kit against a package. */
export default class ProviderTest extends BaseCommand<ConformanceReport> {
  static override summary = "Test whether a provider package does what the contract says.";
  static override description =
    "Runs the providers of a package against servers on this machine: logins that succeed, are cancelled or meet a server that misbehaves, callbacks that are wrong, renewals, revocations, and what is printed, written or leaked meanwhile. How a login succeeds is said by meshauth.conformance.js in the package; without it, only what needs no such knowledge is tested. The package has to be built. The exit code is 0 when no case failed, else 9.";
  static override examples = [
    "meshauth provider test",
    "meshauth provider test ./meshauth-provider-acme --provider acme",
    {
      description: "Keep the report in the package: provider show tells of it.",
      command: "meshauth provider test --output meshauth-conformance.json",
    },
  ];
  static override args = {
    path: stringArg({
      description: "The folder of the package; the current one if not given.",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    provider: string({ description: "Test only this provider of the package.", helpValue: "ID" }),
    output: string({ description: "Write the report to this file, as JSON.", helpValue: "FILE" }),
    ...WAIT_FLAGS,
  };

  override async run(): Promise<ConformanceReport> {
    const { args, flags } = await this.parse(ProviderTest);
    const { cwd, signal, runProvider } = this.runtime();
    const root = resolve(cwd, args.path ?? ".");
    if (await isStale(root)) {
      if (flags.output !== undefined) throw stale();
      this.warnings(["What was built is older than src, and is what is tested: npm run build"]);
    }
    const { runConformance } = await import("@meshauth/provider-testkit");
    let shown: string | undefined;
    const test = (ending: AbortSignal): Promise<ConformanceReport> =>
      runConformance({
        root,
        signal: ending,
        ...(flags.provider === undefined ? {} : { provider: flags.provider }),
        onResult: (provider, result) => {
          if (flags.json) return;
          if (shown !== provider) this.print(`${shown === undefined ? "" : "\n"}${provider}`);
          shown = provider;
          for (const line of caseLines(result)) this.print(line);
        },
      });
    const report = await runProvider("the conformance file", () =>
      withTimeLimit(signal, flags.timeout ?? DEFAULT_TIMEOUT, test, timeUp),
    );
    if (flags.output !== undefined) await writeReport(report, flags.output, cwd);
    process.exitCode = report.ok ? EXIT.done : EXIT.provider;
    return report;
  }

  protected override render(report: ConformanceReport): void {
    this.print(`\n${summaryLine(report)}`);
  }
}

function stale(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: "No report is written: what was built is older than src.",
    why: "The report would be about code that is not there any more.",
    next: ["npm run build"],
  });
}

function timeUp(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    why: "The cases were not all run within the limit of --timeout.",
    next: ["meshauth provider test PATH --timeout 15m"],
  });
}
