import { EXIT, type ExitCode } from "../errors/table.js";
import type { Runtime, TargetFlags } from "../runtime.js";
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
      const { result, message } = outcome;
      checks.push({ id, result, message, next: "next" in outcome ? outcome.next : null });
    }
  } finally {
    await subject.session?.close({ immediate: true });
  }
  return { report: { ok: exit === EXIT.done, checks }, exit };
}
