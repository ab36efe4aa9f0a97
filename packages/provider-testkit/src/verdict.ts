import type { ProviderErrorCode } from "@meshauth/provider-api";
import type { Scene } from "./bench/scene.js";
import type { Outcome, RunRecord } from "./protocol.js";

/** What a case came to. */
export type Verdict =
  | { readonly result: "pass" }
  | { readonly result: "skip"; readonly reason: string }
  /** Two clauses: what was expected, and what happened instead. */
  | { readonly result: "fail"; readonly expected: string; readonly happened: string };

export const PASSED: Verdict = { result: "pass" };

export function skipped(reason: string): Verdict {
  return { result: "skip", reason };
}

export function failed(expected: string, happened: string): Verdict {
  return { result: "fail", expected, happened };
}

/** Whether a call failed on purpose, with one of these codes. */
export function failedWith(outcome: Outcome, codes: readonly ProviderErrorCode[]): boolean {
  if (outcome.kind !== "failed" || outcome.failure.class !== "provider") return false;
  return (codes as readonly string[]).includes(outcome.failure.code);
}

/** Whether a call failed on purpose, in whatever way, or passed on what the host threw. */
export function failedOrderly({ kind, ...outcome }: Outcome): boolean {
  return kind === "failed" && "failure" in outcome && outcome.failure.class !== "defect";
}

/** Whether the host's own error of this code came through. */
export function failedByHost(outcome: Outcome, code: string): boolean {
  return outcome.kind === "failed" && outcome.failure.class === "host" && outcome.failure.code === code;
}

/** What happened, as a clause about "it", with what was wrong with the example beside. */
export function tell({ outcome, unanswered }: RunRecord, scene?: Scene): string {
  const asked = unanswered.map((question) => `it asked "${question}", to which the example has no answer`);
  const faults = [...asked, ...(scene?.faults ?? [])];
  return faults.length === 0 ? tellOutcome(outcome) : `${tellOutcome(outcome)} (${faults.join("; ")})`;
}

function tellOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "done":
      return "it succeeded";
    case "unfit":
      return `it gave ${outcome.why}`;
    case "unsettled":
      return "it was still running long after it had been aborted";
    case "hung":
      return `it had not ended after ${outcome.milliseconds / 1000} s, and its process was killed. It waits for something that does not end with host.signal`;
    case "exited":
      return `it ended the process (${outcome.how})`;
    case "failed":
      return tellFailure(outcome.failure);
  }
}

function tellFailure({
  class: kind,
  code,
  message,
}: Extract<Outcome, { kind: "failed" }>["failure"]): string {
  switch (kind) {
    case "provider":
      return `it failed as ${code}: "${message}"`;
    case "host":
      return `it ended with the host's ${code}: "${message}"`;
    case "defect":
      return `it threw ${code}: ${message}`;
  }
}
