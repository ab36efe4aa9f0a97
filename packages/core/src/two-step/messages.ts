import { MeshauthError, toMeshauthError } from "../errors/error.js";
import { ERRORS, type ErrorCode } from "../errors/table.js";
import type { Approved } from "../login/login.js";
import { isJsonObject } from "../registry/index.js";
import { isString, isStrings } from "./values.js";

/**
 * How much longer than it was asked to wait the keeping half may take, in milliseconds: once the browser, or a paste,
 * has brought an answer, for the provider to finish with it, or for another process to store it.
 */
export const FINISHING_MS = 30_000;

/** What the completing half asks for, in one message. */
export interface Request {
  /** Proof that it was handed the ticket. */
  readonly ticket: string;
  /** Milliseconds that it will wait for the sign-in. */
  readonly wait: number;
  /** The final address or a token. */
  readonly pasted?: string;
}

/** How a login ended at the provider. */
export type Outcome =
  | { readonly kind: "approved"; readonly approved: Approved }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What an outcome is still missing. */
export type Delay =
  /** Nobody has come back from the provider's page. */
  | "sign-in"
  /** An answer has come, and the provider is not finished with it. */
  | "provider"
  /** Another process has the outcome, and is about to store it. */
  | "turn";

const DELAYS: readonly unknown[] = ["sign-in", "provider", "turn"] satisfies Delay[];

/** What comes before an answer that takes a while. It may come more than once. */
export interface Wait {
  readonly kind: "wait";
  readonly delay: Delay;
  /** Milliseconds from now to the answer, at most. */
  readonly limit: number;
}

/** What it is answered. An outcome is lent: the half that got it says {@link DONE}, or it can be had again. */
export type Answer =
  | Outcome
  | { readonly kind: "pending"; readonly delay: Delay }
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
  if (!isString(ticket) || typeof wait !== "number" || !(wait >= 0)) return undefined;
  if (pasted !== undefined && !isString(pasted)) return undefined;
  return { ticket, wait, ...(pasted === undefined ? {} : { pasted }) };
}

/** The announcement that a message is; `undefined` for one that is none. */
export function parseWait(message: object): Wait | undefined {
  const { kind, delay, limit } = message as Record<string, unknown>;
  if (kind !== "wait" || !isDelay(delay) || typeof limit !== "number" || !(limit >= 0)) return undefined;
  return { kind, delay, limit };
}

/** The answer that a message is; `undefined` for one that is none. The credential is checked when it is stored. */
export function parseAnswer(message: object): Answer | undefined {
  const { kind, delay, reason, approved, failure } = message as Record<string, unknown>;
  if (kind === "used") return { kind };
  if (kind === "pending") return isDelay(delay) ? { kind, delay } : undefined;
  if (kind === "refused") return isString(reason) ? { kind, reason } : undefined;
  if (kind === "approved") return isApproved(approved) ? { kind, approved } : undefined;
  if (kind === "failed") return isFailure(failure) ? { kind, failure } : undefined;
  return undefined;
}

function isDelay(value: unknown): value is Delay {
  return DELAYS.includes(value);
}

function isApproved(value: unknown): value is Approved {
  if (!isJsonObject(value)) return false;
  const { credential, warnings, clockSkew } = value;
  return (
    isJsonObject(credential) &&
    isStrings(warnings) &&
    (clockSkew === undefined || typeof clockSkew === "number")
  );
}

function isFailure(value: unknown): value is Failure {
  if (!isJsonObject(value)) return false;
  const { code, message, why, next } = value;
  return isStrings([code, message, why]) && isStrings(next);
}
