import { EXIT, type ExitCode } from "../errors/table.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { printable } from "../text.js";
import { configChecks } from "./config-checks.js";
import { credentialChecks } from "./credential-checks.js";
import { CHECK_IDS, type Check, type CheckId, type CheckResult } from "./outcome.js";
import { providerChecks } from "./provider-checks.js";
import { serverChecks } from "./server-checks.js";
import type { CheckSubject } from "./subject.js";

/** The document of `check --json`. */
export interface CheckReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

const LONGEST_TEXT = 600;

const CHECKS: Readonly<Record<CheckId, Check>> = {
  ...configChecks,
  ...credentialChecks,
  ...serverChecks,
  ...providerChecks,
};

/** Makes every check, whatever the earlier ones said. Writes nothing. */
export async function check(
  runtime: Runtime,
  flags: TargetFlags,
): Promise<{ report: CheckReport; exit: ExitCode }> {
  const subject: CheckSubject = { runtime, flags };
  const checks: CheckResult[] = [];
  let exit: ExitCode = EXIT.done;
  try {
    for (const id of CHECK_IDS) {
      runtime.signal.throwIfAborted();
      const outcome = await CHECKS[id](subject);
      if (outcome.result === "fail" && exit === EXIT.done) exit = outcome.exit;
      // Names of contexts, providers and files come from elsewhere and end up on a terminal.
      const message = printable(outcome.message, LONGEST_TEXT);
      const next = "next" in outcome ? printable(outcome.next, LONGEST_TEXT) : null;
      checks.push({ id, result: outcome.result, message, next });
    }
  } finally {
    await subject.session?.close({ immediate: true });
  }
  return { report: { ok: exit === EXIT.done, checks }, exit };
}
