/** What went wrong, in the classes that meshauth tells apart. */
export type ProviderErrorCode =
  /** The provider said no: the person refused, the account may not sign in, the token is not valid. */
  | "denied"
  /** What was given is out of date and cannot be renewed. */
  | "expired"
  /** An option has a value that cannot be used. */
  | "usage"
  /** A file or text that was given cannot be taken. */
  | "input"
  /** A person is needed and none can be asked. */
  | "interaction"
  /** No answer: name resolution, connection, TLS, proxy, or the far side said that it is out of order. */
  | "unreachable"
  /** An answer that is not what the protocol says: malformed, redirecting, HTML for JSON. */
  | "protocol";

/** Shared by all copies of this package. */
const brand: unique symbol = Symbol.for("meshauth.ProviderError") as never;

/** What {@link ProviderError} takes besides its code and message. */
export interface ProviderErrorOptions {
  /** Why, in a sentence. Never part of a secret. */
  readonly reason?: string;
  /** Commands or steps that would mend it, the best first. Absent: what is usual for the class. */
  readonly next?: readonly string[];
  /** The error that led to this one. It is shown in debug output only. */
  readonly cause?: unknown;
}

/**
 * How a provider fails on purpose. Any other error that leaves a provider counts as a defect of the
 * provider, and ends the command with `MESHAUTH_E_PROVIDER_BROKEN`; only what the {@link Host} threw is passed on as
 * it is.
 *
 * @example
 * ```ts
 * throw new ProviderError("denied", "Acme does not accept this token.", {
 *   reason: "It was deleted on the page of tokens.",
 *   next: ["meshauth login acme"],
 * });
 * ```
 */
export class ProviderError extends Error {
  /** The name of the class. */
  override readonly name = "ProviderError";
  /**
   * The member `Symbol.for("meshauth.ProviderError")`, by which {@link isProviderError} knows it, whichever copy of
   * this package made it. Without this package, an `Error` with this member, `code` and `next` is one, too.
   */
  readonly [brand] = true;
  /** The class, which decides the exit code. */
  readonly code: ProviderErrorCode;
  /** Why, in a sentence. */
  readonly reason: string | undefined;
  /** What would mend it; empty: what is usual for the class. */
  readonly next: readonly string[];

  /**
   * Makes an error.
   *
   * @param message - What went wrong, in one line of at most 500 characters, without a secret.
   */
  constructor(code: ProviderErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.reason = options.reason;
    this.next = options.next ?? [];
  }
}

/** Whether an error is a {@link ProviderError}, from whichever copy of this package. */
export function isProviderError(error: unknown): error is ProviderError {
  return typeof error === "object" && error !== null && brand in error;
}
