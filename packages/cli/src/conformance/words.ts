import type { ConformanceCase, ConformanceReport, ConformanceStatement } from "@meshauth/core";
import { paint } from "../terminal/color.js";

const MARKS = {
  pass: ["✓", "green"],
  fail: ["✗", "red"],
  skip: ["-", "dim"],
} as const;

/** As wide as the longest id. */
const WIDTH = 24;

/** A case in one line for people; one that failed has its reasons below. */
export function caseLines({ id, title, result, reason }: ConformanceCase): string[] {
  const [mark, style] = MARKS[result];
  const text = result === "skip" ? paint("dim", `not run: ${reason ?? ""}`, process.stdout) : title;
  const line = `${paint(style, mark, process.stdout)} ${id.padEnd(WIDTH)} ${text}`;
  const reasons = result === "fail" ? (reason ?? "").split("\n") : [];
  return [line, ...reasons.map((why) => `  ${" ".repeat(WIDTH)} ${why}`)];
}

/** What comes of it all, in one line. */
export function summaryLine({ ok, providers }: ConformanceReport): string {
  const cases = providers.flatMap((provider) => provider.cases);
  const count = (wanted: string): number => cases.filter(({ result }) => result === wanted).length;
  const counts = countWords(count("pass"), count("fail"), count("skip"));
  const seen = providers.every((provider) => provider.cases.some(isLogin));
  const verdict = !ok
    ? "It does not conform"
    : seen
      ? "It conforms"
      : "Nothing failed, but no login was seen";
  return paint(!ok ? "red" : seen ? "green" : "yellow", `${verdict}: ${counts}.`, process.stdout);
}

function isLogin({ id, result }: ConformanceCase): boolean {
  return id === "login.success" && result === "pass";
}

/** What a package says of itself, in one line. */
export function statementLine(statement: ConformanceStatement | null, version: string): string {
  if (statement === null) return "the package has no report";
  const { passed, failed, skipped, kit, at } = statement;
  const other = statement.version === version ? "" : `, of version ${statement.version}`;
  const counts = countWords(passed, failed, skipped);
  return `${counts}, says its author (kit ${kit}, ${at.slice(0, 10)}${other})`;
}

function countWords(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed, ${skipped} not run`;
}
