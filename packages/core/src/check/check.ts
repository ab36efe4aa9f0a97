import { EXIT, type ExitCode } from "../errors/exit.js";
import { type MadeWith, stepAgain } from "../login/again.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { printable } from "../text.js";
import { configChecks } from "./config-checks.js";
import { credentialChecks } from "./credential-checks.js";
import { mend } from "./mend.js";
import { CHECK_IDS, type Check, type CheckId, type CheckResult, type Outcome } from "./outcome.js";
import { providerChecks } from "./provider-checks.js";
import { serverChecks } from "./server-checks.js";
import type { CheckSubject } from "./subject.js";

/** The document of `check --json`. */
export interface CheckReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  /** With `--fix`: the checks that found something which has been mended. */
  readonly fixed?: readonly CheckId[];
}

/** What the checks came to. */
export interface CheckOutcome {
  readonly report: CheckReport;
  /** The class of the first failure. */
  readonly exit: ExitCode;
  /** The checks that found something wrong which `--fix` could mend. */
  readonly fixable: readonly CheckId[];
}

const LONGEST_TEXT = 600;

const CHECKS: Readonly<Record<CheckId, Check>> = {
  ...configChecks,
  ...credentialChecks,
  ...serverChecks,
  ...providerChecks,
};

/**
 * Makes every check, whatever the earlier ones said.
 *
 * @param options - `fix`: mend what can be mended safely, and check that again. Without it nothing is written.
 */
export async function check(
  runtime: Runtime,
  flags: TargetFlags,
  { fix = false }: { readonly fix?: boolean } = {},
): Promise<CheckOutcome> {
  const subject: CheckSubject = { runtime, flags };
  const checks = new Map<CheckId, CheckResult>();
  const fixed: CheckId[] = [];
  const fixable: CheckId[] = [];
  let exit: ExitCode = EXIT.done;
  try {
    for (const id of CHECK_IDS) {
      runtime.signal.throwIfAborted();
      const found = await CHECKS[id](subject);
      const mended = fix && found.fix !== undefined;
      const { outcome, done } = mended
        ? await mend(found, CHECKS[id], subject)
        : { outcome: found, done: false };
      if (done) fixed.push(id);
      else if (found.fix !== undefined && found.result !== "pass") fixable.push(id);
      if (outcome.result === "fail" && exit === EXIT.done) exit = outcome.exit;
      checks.set(id, resultOf(id, outcome, checks, subject.details));
    }
  } finally {
    await subject.session?.close({ immediate: true });
  }
  const report = { ok: exit === EXIT.done, checks: [...checks.values()], ...(fix ? { fixed } : {}) };
  return { report, exit, fixable };
}

/** Names of contexts, providers and files come from elsewhere and end up on a terminal. */
function resultOf(
  id: CheckId,
  outcome: Outcome,
  earlier: ReadonlyMap<CheckId, CheckResult>,
  details: MadeWith | undefined,
): CheckResult {
  const { result } = outcome;
  const message = printable(outcome.message, LONGEST_TEXT);
  if ("next" in outcome)
    return { id, result, message, next: printable(stepAgain(outcome.next, details), LONGEST_TEXT) };
  const because = "because" in outcome ? outcome.because : undefined;
  return { id, result, message, next: (because && earlier.get(because)?.next) ?? null };
}
