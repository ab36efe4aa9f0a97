import { TOLERATED_SKEW_MS } from "../credential/index.js";
import { EXIT } from "../errors/exit.js";
import { renew } from "./fixes.js";
import { fail, mendable, type Outcome, pass, warn } from "./outcome.js";
import { type CheckSubject, loginOrUnset } from "./subject.js";

/**
 * What the end of the token in force comes to.
 *
 * @param now - The time by the clock that decides.
 * @param clock - What to say of the clocks.
 */
export function judgeExpiry(subject: CheckSubject, expiresAt: Date, now: Date, clock: string): Outcome {
  const { credential, keptBack, refused } = subject;
  const isOver = expiresAt.getTime() <= now.getTime();
  const end = `${isOver ? "ended" : "ends"} at ${expiresAt.toISOString()}`;
  if (!keptBack) {
    if (!isOver) return pass(`The token is valid until ${expiresAt.toISOString()}.${clock}`);
    return fail(EXIT.notAuthenticated, `The token ${end}.${clock}`, loginOrUnset(subject));
  }
  if (credential && !refused) {
    const outcome = warn(`The access token ${end}; it can be renewed.${clock}`, "meshauth refresh");
    return mendable(outcome, () => renew(subject), true);
  }
  const reason = credential ? "the provider refused to renew it" : "one of the environment is never renewed";
  const message = `The access token ${end}; ${reason}.${clock}`;
  return isOver
    ? fail(EXIT.notAuthenticated, message, loginOrUnset(subject))
    : warn(message, loginOrUnset(subject));
}

/** A sentence about a server's clock that differs; empty when it does not. */
export function clockText(skew: number): string {
  if (Math.abs(skew) <= TOLERATED_SKEW_MS) return "";
  return ` The server's clock differs by ${Math.round(skew / 60_000)} min.`;
}
