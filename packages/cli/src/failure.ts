import {
  type ApiDocument,
  answerOf,
  isMeshauthError,
  MeshauthError,
  printable,
  toMeshauthError,
} from "@meshauth/core";
import { fold } from "./terminal/wrap.js";
import { forSameTarget } from "./typed-flags.js";

/**
 * The JSON form of a failure: these members and no others leave the program. A request that failed with an answer
 * has the answer's members beside.
 */
export interface FailureDocument extends Partial<ApiDocument> {
  readonly error: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly cause: string;
    readonly next: readonly string[];
  };
}

/**
 * Gives whatever a command ended with a code of ours; oclif's parse errors are usage errors. What to do next is for
 * the target that was typed.
 *
 * @param argv - The command line, so that the help of its command can be named, and its target kept.
 */
export function classify(error: unknown, argv: readonly string[]): MeshauthError {
  const failure = codedOf(error, argv);
  const next = failure.next.map((step) => forSameTarget(step, argv));
  // The error stays what it is: a failed request has its answer with it.
  return Object.assign(failure, { next });
}

function codedOf(error: unknown, argv: readonly string[]): MeshauthError {
  if (isMeshauthError(error)) return withoutParser(error);
  if (!isOclifError(error) || error.oclif.exit !== 2) return toMeshauthError(error);
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: missingArgs(error) ?? plainMessage(error.message),
    next: [["meshauth", ...leadingWords(argv), "--help"].join(" ")],
    cause: error,
  });
}

/** An error of ours that a flag's value caused comes back with oclif's words around its message. */
function withoutParser(error: MeshauthError): MeshauthError {
  const { code, why, next, cause } = error;
  return error.message.startsWith("Parsing --")
    ? new MeshauthError(code, { message: plainMessage(error.message), why, next, cause })
    : error;
}

/** What is missing, where oclif's parser lists arguments with their descriptions. */
function missingArgs(error: Error): string | undefined {
  if (!/^Missing \d+ required args?\b/.test(error.message)) return undefined;
  const args: readonly unknown[] = "args" in error && Array.isArray(error.args) ? error.args : [];
  const names = args.flatMap((arg) =>
    typeof arg === "object" && arg !== null && "name" in arg
      ? [printable(String(arg.name), 60).toUpperCase()]
      : [],
  );
  return names.length > 0 ? `Missing ${names.join(" and ")}.` : undefined;
}

/** What oclif's parser says, in one line and without its own advice. */
function plainMessage(message: string): string {
  const line = message
    .replace(/See more help with --help/gi, "")
    .replace(/^The following errors? occurred:/i, "")
    .replace(/^Parsing (--\S+)\s*/, "$1: ")
    .replace(/Nonexistent flags?:/, "There is no such flag:");
  return printable(line, 400);
}

/** The words before the first flag: where oclif looks for a command. */
export function leadingWords(argv: readonly string[]): string[] {
  const end = argv.findIndex((word) => word.startsWith("-") || word.includes("="));
  return (end < 0 ? argv : argv.slice(0, end))
    .flatMap((word) => word.split(":"))
    .map((word) => printable(word, 60));
}

/** The document that a failing command prints with `--json`. */
export function failureDocument(error: MeshauthError): FailureDocument {
  return {
    error: {
      code: error.code,
      exitCode: error.exitCode,
      message: error.message,
      cause: error.why,
      next: error.next,
    },
    ...answerOf(error),
  };
}

const INDENT = " ".repeat(9);

/** The same for people, in a few lines. */
export function failureText(error: MeshauthError): string {
  if (error.code === "MESHAUTH_E_INTERRUPTED") return error.message;
  // Commands stay whole: they are there to be copied.
  const next = error.next.map((step, index) => `${index === 0 ? "  Next:  " : "         "}${step}`);
  const prose = (text: string): string => fold(text, process.stderr, INDENT);
  const lines = [`Error: ${prose(error.message)}`, `  Cause: ${prose(error.why)}`, ...next];
  return [...lines, `  Code:  ${error.code}`].join("\n");
}

function isOclifError(error: unknown): error is Error & { oclif: { exit?: number } } {
  return (
    error instanceof Error && "oclif" in error && typeof error.oclif === "object" && error.oclif !== null
  );
}
