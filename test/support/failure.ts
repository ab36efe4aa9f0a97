import { expect } from "vitest";
import { document, type Outcome } from "./program.js";

/** The members of a failure document. */
export interface Failure {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly cause: string;
  readonly next: readonly string[];
}

/** The failure that a run with `--json` reported: one document with exactly the members of the contract. */
export function failureOf(outcome: Outcome): Failure {
  const { error, ...others } = document(outcome) as { error: Failure };
  expect(others).toEqual({});
  expect(Object.keys(error).sort()).toEqual(["cause", "code", "exitCode", "message", "next"]);
  expect(error.code).toMatch(/^MESHAUTH_E_[A-Z_]+$/);
  expect(error.exitCode).toBe(outcome.code);
  expect(error.message).toMatch(/^[^\n]+$/);
  expect(error.cause).toMatch(/^[^\n]+$/);
  expect(error.next.every((step) => typeof step === "string" && step !== "")).toBe(true);
  return error;
}

/** Checks a failure that was reported to people: nothing on standard output, the code once, no stack trace. */
export function expectFailure(outcome: Outcome, exit: number, code: string | RegExp): void {
  expect(outcome, outcome.stderr).toMatchObject({ code: exit, stdout: "" });
  expect(outcome.stderr.match(/MESHAUTH_E_[A-Z_]+/g), outcome.stderr).toEqual([expect.stringMatching(code)]);
  expect(outcome.stderr).toMatch(
    /^Error: .+\n {2}Cause: .+\n(?: {2}Next: {2}.+\n(?: {9}.+\n)*)? {2}Code: {2}MESH/m,
  );
  expect(outcome.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}
