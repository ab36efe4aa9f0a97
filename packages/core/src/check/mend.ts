import { toMeshauthError } from "../errors/error.js";
import type { Check, Outcome } from "./outcome.js";
import type { CheckSubject } from "./subject.js";

/** What became of an attempt to mend what a check found. */
export interface Mended {
  /** The check's outcome as it is now. */
  readonly outcome: Outcome;
  readonly done: boolean;
}

/**
 * Mends what a check found, and makes the check again. When that does not succeed, the outcome stays as it was and
 * says why.
 */
export async function mend(found: Outcome, check: Check, subject: CheckSubject): Promise<Mended> {
  if (found.fix === undefined) return { outcome: found, done: false };
  try {
    const did = await found.fix();
    const again = await check(subject);
    return { outcome: { ...again, message: `Mended: ${did} ${again.message}` }, done: true };
  } catch (error) {
    subject.runtime.signal.throwIfAborted();
    const { message, why } = toMeshauthError(error);
    return {
      outcome: { ...found, message: `${found.message} It could not be mended: ${message} ${why}` },
      done: false,
    };
  }
}
