import { isStoreError } from "@meshauth/auth-store";
import { isProviderError, type ProviderError, type ProviderErrorCode } from "@meshauth/provider-api";
import { printable } from "../text.js";
import type { ExitCode } from "./exit.js";
import { ERRORS, type ErrorCode } from "./table.js";

const brand: unique symbol = Symbol.for("meshauth.MeshauthError") as never;

export interface MeshauthErrorOptions {
  /** One line; default: the table's. Never part of a secret. */
  readonly message?: string;
  /** Why, in a sentence; default: the table's. */
  readonly why?: string;
  /** What to do next; default: the table's. */
  readonly next?: readonly string[];
  /** The error behind it, for debug output. */
  readonly cause?: unknown;
}

/** An error with a stable code: the only kind that a command ends with on purpose. */
export class MeshauthError extends Error {
  override readonly name = "MeshauthError";
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly why: string;
  readonly next: readonly string[];

  constructor(code: ErrorCode, options: MeshauthErrorOptions = {}) {
    const entry = ERRORS[code];
    super(options.message ?? entry.message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.why = options.why ?? entry.cause;
    this.next = options.next ?? entry.next;
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exit;
  }
}

export function isMeshauthError(error: unknown): error is MeshauthError {
  return typeof error === "object" && error !== null && brand in error;
}

const FROM_PROVIDER: Record<ProviderErrorCode, ErrorCode> = {
  denied: "MESHAUTH_E_DENIED",
  expired: "MESHAUTH_E_EXPIRED",
  usage: "MESHAUTH_E_USAGE",
  input: "MESHAUTH_E_IMPORT",
  interaction: "MESHAUTH_E_INTERACTION",
  unreachable: "MESHAUTH_E_NETWORK",
  protocol: "MESHAUTH_E_PROTOCOL",
};

/** Whether a provider failed on purpose, in one of the ways that the contract knows. */
export function isProviderFailure(error: unknown): error is ProviderError {
  return (
    isProviderError(error) && typeof error.message === "string" && Object.hasOwn(FROM_PROVIDER, error.code)
  );
}

/** Gives any thrown value a code: ours keep theirs, a store's or provider's error is translated. */
export function toMeshauthError(error: unknown): MeshauthError {
  if (isMeshauthError(error)) return error;
  if (isStoreError(error)) {
    return new MeshauthError(error.code, {
      message: error.message,
      why: error.why,
      cause: error,
      ...next(error),
    });
  }
  if (isProviderFailure(error)) {
    return new MeshauthError(FROM_PROVIDER[error.code], {
      ...(error.message === "" ? {} : { message: printable(error.message, 500) }),
      ...(typeof error.reason === "string" ? { why: printable(error.reason, 500) } : {}),
      ...next(error),
      cause: error,
    });
  }
  return new MeshauthError("MESHAUTH_E_UNEXPECTED", { cause: error });
}

/** What a provider hands over may be anything, whatever its type says. */
function next({ next: steps }: { readonly next: unknown }): { next?: readonly string[] } {
  const texts = Array.isArray(steps) ? steps.filter((step) => typeof step === "string") : [];
  return texts.length > 0 ? { next: texts.map((step) => printable(step, 500)) } : {};
}
