import { MeshauthError, type MeshauthErrorOptions } from "../errors/error.js";
import type { ErrorCode } from "../errors/table.js";
import type { ApiDocument } from "./types.js";

const brand: unique symbol = Symbol.for("meshauth.ApiError") as never;

/** A request that failed with an answer, which is part of what is reported. */
export class ApiError extends MeshauthError {
  readonly [brand] = true;
  readonly answer: ApiDocument;

  constructor(code: ErrorCode, options: MeshauthErrorOptions, answer: ApiDocument) {
    super(code, options);
    this.answer = answer;
  }
}

/** The answer that a failed request got; `undefined` for every other failure. */
export function answerOf(error: unknown): ApiDocument | undefined {
  return typeof error === "object" && error !== null && brand in error
    ? (error as ApiError).answer
    : undefined;
}
