/** A JSON value (RFC 8259). Objects are maps: no key of theirs can reach a prototype. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;

/** Shared by all copies of this package. */
const brand: unique symbol = Symbol.for("meshauth.JsonError") as never;

/** Why text is not acceptable JSON. The reason names keys, escaped, and positions; never a value. */
export class JsonError extends Error {
  /** The name of the class. */
  override readonly name = "JsonError";
  /** The member `Symbol.for("meshauth.JsonError")`, by which {@link isJsonError} knows it. */
  readonly [brand] = true;
  /** A clause that completes "the file is refused: …". */
  readonly reason: string;

  /** Makes an error. */
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether an error is a {@link JsonError}, from whichever copy of this package. */
export function isJsonError(error: unknown): error is JsonError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The type of a value for a message, as a noun with its article: `"an object"`. */
export function namedType(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
