import { EXIT, type ExitCode } from "../errors/table.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { configChecks } from "./config-checks.js";
import { credentialChecks } from "./credential-checks.js";
import { providerChecks } from "./provider-checks.js";
import { serverChecks } from "./server-checks.js";
import type { CheckSubject } from "./subject.js";

/** One check's outcome. */
export interface CheckResult {
  readonly id: CheckId;
  readonly result: "pass" | "warn" | "fail" | "skip";
  /** A sentence. */
  readonly message: string;
  /** The command or step that mends it; null when there is nothing to mend. */
  readonly next: string | null;
}

/** The document of `check --json`. */
export interface CheckReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

/** The checks, in the order in which they are made and reported. */
export const CHECK_IDS = [
  "config.readable",
  "config.context",
  "credential.location",
  "credential.exists",
  "credential.mode",
  "credential.shape",
  "credential.token",
  "credential.expiry",
  "provider.installed",
  "server.reachable",
  "server.version",
  "server.provider-known",
  "server.accepts",
  "provider.reachable",
  "account",
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** What a check says of itself. */
export type Outcome =
  | { readonly result: "pass"; readonly message: string }
  | { readonly result: "warn"; readonly message: string; readonly next: string }
  /** `exit` is the class of the failure. */
  | { readonly result: "fail"; readonly message: string; readonly next: string; readonly exit: ExitCode }
  | { readonly result: "skip"; readonly message: string };

/** A check. It finds what earlier ones found in the subject, and says `skip` where one that it needs failed. */
export type Check = (subject: CheckSubject) => Outcome | Promise<Outcome>;

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

/** A check that another one's failure leaves without a subject. */
export function skipped(because: CheckId): Outcome {
  return { result: "skip", message: `Not checked, because ${because} did not pass.` };
}
