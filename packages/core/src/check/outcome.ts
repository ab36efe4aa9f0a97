import { toMeshauthError } from "../errors/error.js";
import type { ExitCode } from "../errors/exit.js";
import type { CheckSubject } from "./subject.js";

/** One check's outcome. */
export interface CheckResult {
  readonly id: CheckId;
  readonly result: "pass" | "warn" | "fail" | "skip";
  /** A sentence. */
  readonly message: string;
  /** The command or step that mends it, or the check that this one depends on; null when there is nothing to mend. */
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

/**
 * Mends what a check found, without a risk for anyone, and brings the subject up to date. It tells in a sentence
 * what it did, and throws when it could not.
 */
export type Fix = () => Promise<string>;

/** How far a check depends on its {@link Fix}. */
export interface Mending {
  readonly fix: Fix;
  /** Whether later checks need it: then its failure is the check's failure. */
  readonly needed: boolean;
}

/** What a check says of itself. */
export type Outcome = (
  | { readonly result: "pass"; readonly message: string }
  | { readonly result: "warn"; readonly message: string; readonly next: string }
  /** `exit` is the class of the failure. */
  | { readonly result: "fail"; readonly message: string; readonly next: string; readonly exit: ExitCode }
  /** `because`: the check without which this one has no subject. */
  | { readonly result: "skip"; readonly message: string; readonly because?: CheckId }
) &
  Partial<Mending>;

/** A check. It finds what earlier ones found in the subject, and says `skip` where one that it needs failed. */
export type Check = (subject: CheckSubject) => Outcome | Promise<Outcome>;

/** The outcome of a check that found nothing wrong. */
export function pass(message: string): Outcome {
  return { result: "pass", message };
}

/** The outcome of a check that found what works and should not be so. */
export function warn(message: string, next: string): Outcome {
  return { result: "warn", message, next };
}

/** The outcome of a check that found what does not work. */
export function fail(exit: ExitCode, message: string, next: string): Outcome {
  return { result: "fail", message, next, exit };
}

/** An outcome with a way to mend it. */
export function mendable(outcome: Outcome, fix: Fix, needed = false): Outcome {
  return { ...outcome, fix, needed };
}

/** The outcome of a check that has no subject. */
export function skip(message: string): Outcome {
  return { result: "skip", message };
}

/** The outcome of a check that another one's failure leaves without a subject. */
export function skipped(because: CheckId): Outcome {
  return { result: "skip", message: `Not checked, because ${because} did not pass.`, because };
}

/** The outcome of a check that ended with an error. */
export function failed(error: unknown, next: string): Outcome {
  const failure = toMeshauthError(error);
  return fail(failure.exitCode, failure.message, failure.next[0] ?? next);
}
