import type { ExitCode } from "../errors/table.js";
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

/** A check that another one's failure leaves without a subject. */
export function skipped(because: CheckId): Outcome {
  return { result: "skip", message: `Not checked, because ${because} did not pass.` };
}
