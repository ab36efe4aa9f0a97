import { isMeshauthError, MeshauthError, printable, toMeshauthError } from "@meshauth/core";

/** The JSON form of a failure: these members and no others leave the program. */
export interface FailureDocument {
  readonly error: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly cause: string;
    readonly next: readonly string[];
  };
}

/** Gives whatever a command ended with a code of ours; oclif's parse errors are usage errors. */
export function classify(error: unknown): MeshauthError {
  if (isMeshauthError(error) || !isOclifError(error)) return toMeshauthError(error);
  if (error.oclif.exit === 2) {
    const [first = "", ...rest] = error.message.split("\n");
    const detail = rest.filter((line) => !/^See more help|^USAGE/i.test(line.trim())).join(" ");
    return new MeshauthError("MESHAUTH_E_USAGE", {
      message: printable(`${first} ${detail}`, 400),
      cause: error,
    });
  }
  return toMeshauthError(error);
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
  };
}

/** The same for people, in a few lines. */
export function failureText(error: MeshauthError): string {
  if (error.code === "MESHAUTH_E_INTERRUPTED") return error.message;
  const next = error.next.map((step, index) => `${index === 0 ? "  Next:  " : "         "}${step}`);
  return [`Error: ${error.message}`, `  Cause: ${error.why}`, ...next, `  Code:  ${error.code}`].join("\n");
}

function isOclifError(error: unknown): error is Error & { oclif: { exit?: number } } {
  return (
    error instanceof Error && "oclif" in error && typeof error.oclif === "object" && error.oclif !== null
  );
}
