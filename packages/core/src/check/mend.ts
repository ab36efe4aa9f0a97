import { toMeshauthError } from "../errors/error.js";
import { type Check, fail, type Outcome } from "./outcome.js";
import type { CheckSubject } from "./subject.js";

/** What became of an attempt to mend what a check found. */
export interface Mended {
  /** The check's outcome as it is now. */
  readonly outcome: Outcome;
  readonly done: boolean;
}

/**
 * Mends what a check found, and makes the check again. When that does not succeed, the outcome stays as it was and
 * says why; one that later checks need is a failure then.
 */
export async function mend(found: Outcome, check: Check, subject: CheckSubject): Promise<Mended> {
  if (found.fix === undefined) return { outcome: found, done: false };
  try {
    const did = await found.fix();
    const again = await check(subject);
    return { outcome: { ...again, message: `Mended: ${did} ${again.message}` }, done: true };
  } catch (error) {
    subject.runtime.signal.throwIfAborted();
    const { message, why, exitCode, next } = toMeshauthError(error);
    const told = `${found.message} It could not be mended: ${message} ${why}`;
    const outcome =
      found.needed && found.result !== "fail"
        ? fail(exitCode, told, next[0] ?? "meshauth login")
        : { ...found, message: told };
    return { outcome, done: false };
  }
}
