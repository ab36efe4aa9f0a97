/** What a store fails with. A closed set. */
export type StoreErrorCode =
  /** The content is not what mesheryctl can read, or may not be written as it is. */
  | "MESHAUTH_E_DAMAGED"
  /** An owner, a mode, a link or the type of a file breaks the rules. */
  | "MESHAUTH_E_UNSAFE"
  /** Another process held the lock until the limit. */
  | "MESHAUTH_E_LOCKED"
  /** The operating system refused. */
  | "MESHAUTH_E_STORE"
  /** Another program wrote between our read and our write. */
  | "MESHAUTH_E_CHANGED"
  /** Root would write into another user's folder. */
  | "MESHAUTH_E_ROOT";

const brand: unique symbol = Symbol.for("meshauth.StoreError") as never;

export interface StoreErrorOptions {
  /** Why, in a sentence. Never part of a secret. */
  readonly why: string;
  /** Commands or steps that would mend it, the best first. */
  readonly next?: readonly string[];
  /** The error behind it, for debug output. */
  readonly cause?: unknown;
}

/** How a store fails on purpose. No message has any part of a token in it. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly [brand] = true;
  readonly code: StoreErrorCode;
  /** Why, in a sentence. */
  readonly why: string;
  /** What to do, the best first; may be empty. */
  readonly next: readonly string[];

  /** @param message - One line. */
  constructor(code: StoreErrorCode, message: string, options: StoreErrorOptions) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.why = options.why;
    this.next = options.next ?? [];
  }
}

/** Whether an error is a {@link StoreError}, from whichever copy of this package. */
export function isStoreError(error: unknown): error is StoreError {
  return typeof error === "object" && error !== null && brand in error;
}
