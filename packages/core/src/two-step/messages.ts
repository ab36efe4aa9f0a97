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

/** The request that a message is; `undefined` for one that is none. */
export function parseRequest(message: object): Request | undefined {
  const { ticket, wait, pasted } = message as Record<string, unknown>;
  if (typeof ticket !== "string" || typeof wait !== "number" || !(wait >= 0)) return undefined;
  if (pasted !== undefined && typeof pasted !== "string") return undefined;
  return { ticket, wait, ...(pasted === undefined ? {} : { pasted }) };
}

/** The answer that a message is; `undefined` for one that is none. The credential is checked when it is stored. */
export function parseAnswer(message: object): Answer | undefined {
  const { kind, reason, approved, failure } = message as Record<string, unknown>;
  if (kind === "pending" || kind === "used") return { kind };
  if (kind === "refused") return typeof reason === "string" ? { kind, reason } : undefined;
  if (kind === "approved") return isApproved(approved) ? { kind, approved } : undefined;
  if (kind === "failed") return isFailure(failure) ? { kind, failure } : undefined;
  return undefined;
}

function isApproved(value: unknown): value is Approved {
  if (!isObject(value)) return false;
  const { credential, warnings, clockSkew } = value;
  return (
    isObject(credential) && isStrings(warnings) && (clockSkew === undefined || typeof clockSkew === "number")
  );
}

function isFailure(value: unknown): value is Failure {
  if (!isObject(value)) return false;
  const { code, message, why, next } = value;
  return isStrings([code, message, why]) && isStrings(next);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
