import { MeshauthError, toMeshauthError } from "../errors/error.js";
import { ERRORS, type ErrorCode } from "../errors/table.js";
import type { Approved } from "../login/login.js";

/** What the completing half asks for, in one message. */
export interface Request {
  /** Proof that it was handed the ticket. */
  readonly ticket: string;
  /** Milliseconds that it will wait for the outcome. */
  readonly wait: number;
  /** The final address or a token. */
  readonly pasted?: string;
}

/** How a login ended at the provider. */
export type Outcome =
  | { readonly kind: "approved"; readonly approved: Approved }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What it is answered. An outcome is lent: the half that got it says {@link DONE}, or it can be had again. */
export type Answer =
  | Outcome
  | { readonly kind: "pending" }
  /** What was pasted is not what the login waits for. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Another process has completed it. */
  | { readonly kind: "used" };

/** The second and last message of the completing half: it has stored the outcome, or told of it. */
export const DONE = { done: true } as const;

/** An error on its way to another process. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly why: string;
  readonly next: readonly string[];
}

/** The error as it is told in the other process, without what is for debug output. */
export function toFailure(error: unknown): Failure {
  const { code, message, why, next } = toMeshauthError(error);
  return { code, message, why, next };
}

/** The error again. */
export function fromFailure({ code, message, why, next }: Failure): MeshauthError {
  return Object.hasOwn(ERRORS, code)
    ? new MeshauthError(code, { message, why, next })
    : new MeshauthError("MESHAUTH_E_UNEXPECTED");
}
