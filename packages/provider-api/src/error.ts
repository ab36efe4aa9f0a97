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

const brand: unique symbol = Symbol.for("meshauth.ProviderError") as never;

/** What {@link ProviderError} takes besides its code and message. */
export interface ProviderErrorOptions {
  /** Why, in a sentence. Never part of a secret. */
  readonly reason?: string;
  /** Commands or steps that would mend it, the best first. */
  readonly next?: readonly string[];
  /** The error that led to this one. It is shown in debug output only. */
  readonly cause?: unknown;
}

/**
 * How a provider fails on purpose. Any other error that leaves a provider counts as a defect of the
 * provider.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly [brand] = true;
  readonly code: ProviderErrorCode;
  readonly reason: string | undefined;
  readonly next: readonly string[];

  /** @param message - One line, without a secret. */
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
