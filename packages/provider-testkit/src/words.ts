import { type ConformanceCase, printable } from "@meshauth/core";
import type { Case } from "./cases/case.js";
import { showLine } from "./contract.js";
import type { Verdict } from "./verdict.js";

const LONGEST = 500;

/** What became of a case, in the words of a report. What is quoted of the provider is made printable. */
export function resultOf(
  { id, title, contract }: Case,
  verdict: Verdict,
  redact: (text: string) => string,
): ConformanceCase {
  const show = (text: string): string => printable(redact(text), LONGEST);
  switch (verdict.result) {
    case "pass":
      return { id, title, result: "pass", reason: null };
    case "skip":
      return { id, title, result: "skip", reason: show(verdict.reason) };
    case "fail": {
      const lines = [
        `Expected: ${show(verdict.expected)}`,
        `Happened: ${show(verdict.happened)}`,
        `Contract: ${showLine(contract)}`,
      ];
      return { id, title, result: "fail", reason: lines.join("\n") };
    }
  }
}
