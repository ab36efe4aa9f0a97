import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { TargetFlags } from "../runtime.js";
import { minutes, printable } from "../text.js";
import { completeAgain, sameAgain, startAgain, type TypedCompletion } from "./commands.js";
import { type Delay, type Failure, fromFailure } from "./messages.js";
import type { PendingLogin } from "./pending.js";
import type { Ticket } from "./ticket.js";

/** The last `next` wherever a file is asked for. */
const PASTE =
  "FILE: the address of the last page, if that did not load. The address holds the token: give it to nobody else, not into a chat, and delete the file afterwards.";

const MISSING: Readonly<Record<Delay, string>> = {
  "sign-in": "Nobody has come back from the provider's page so far",
  provider: "An answer has come, and the provider is not finished with it",
  turn: "Another command has taken it, and has not stored it so far",
};

/** A ticket for which nothing is left. */
export function ticketGone(
  { expiresAt }: Ticket,
  now: Date,
  why: string,
  pending?: PendingLogin,
): MeshauthError {
  return expiresAt > now
    ? new MeshauthError("MESHAUTH_E_TICKET", { why, next: [startAgain(pending)] })
    : new MeshauthError("MESHAUTH_E_TIMEOUT", {
        message: "The time of this ticket is up.",
        why: "The login was not completed in time, or was completed before.",
        next: [startAgain(pending, "--timeout", "15m")],
      });
}

/** The provider is not among the installed ones any more, or is another package's by now. */
export function providerMissing({ provider: { id, package: name } }: PendingLogin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PROVIDER_MISSING", {
    message: `The provider ${printable(id, 60)} of ${printable(name, 120)} is not installed.`,
    why: "This ticket is for a login with it.",
    next: ["meshauth provider list"],
  });
}

/** Another provider was typed. */
export function otherProvider(
  typed: string,
  asked: TypedCompletion,
  { provider }: PendingLogin,
): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `This ticket is for a login with ${printable(provider.id, 60)}, not with ${printable(typed, 60)}.`,
    next: [completeAgain(asked)],
  });
}

/**
 * The flags, or a change of `config.yaml`, lead to another file. The first command has the target of the ticket: who
 * typed another would get that one added to what is advised.
 *
 * @param typed - Which target was typed.
 */
export function otherFile(
  file: string,
  asked: TypedCompletion,
  typed: TargetFlags,
  pending: PendingLogin,
): MeshauthError {
  const { config, context } = pending.input.target;
  const flags = [
    ...(config === undefined ? [] : ["--config", config]),
    ...(context === undefined ? [] : ["--context", context]),
  ];
  const other = typed.config ?? typed.context;
  const kept = config === undefined ? "Leave --config out." : completeAgain(asked, ...flags);
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `This ticket is for ${printable(pending.file, 500)}.`,
    why: `The command line, or config.yaml as it is by now, leads to ${printable(file, 500)}.`,
    next: [...(other === undefined ? [] : [kept]), startAgain(pending)],
  });
}

/** @param left - Milliseconds to the end of the ticket. */
export function notYet(delay: Delay, left: number, asked: TypedCompletion): MeshauthError {
  const again = sameAgain(asked);
  return new MeshauthError("MESHAUTH_E_PENDING", {
    why: `${MISSING[delay]}; the ticket is good for another ${minutes(left)}.`,
    next: delay === "sign-in" ? [again, `${again} < FILE`, PASTE] : [again],
  });
}

/** What was offered on standard input is not this login's. */
export function notTaken(why: string, asked: TypedCompletion): MeshauthError {
  return new MeshauthError("MESHAUTH_E_IMPORT", {
    message: "What standard input holds was not taken.",
    why,
    next: [`${sameAgain(asked)} < FILE`, PASTE],
  });
}

/** The process that keeps the login is there, and does nothing. */
export function silent(asked: TypedCompletion, pending: PendingLogin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    message: "The process that waits for the sign-in does not answer.",
    why: "It is stopped, or the machine has too much to do. The ticket is still good.",
    next: [sameAgain(asked), startAgain(pending)],
  });
}

/** A refused sign-in cannot be taken up again: it is started anew, after what the provider says to change. */
export function failed(failure: Failure, pending: PendingLogin): MeshauthError {
  const again = failure.code === "MESHAUTH_E_DENIED" || failure.code === "MESHAUTH_E_TICKET";
  if (!again) return fromFailure(failure);
  const advice = failure.next.filter((step) => !/^meshauth login\b/.test(step));
  return fromFailure({ ...failure, next: [...advice, startAgain(pending)] });
}

/** The error that it was; for another account, with what can be done while the ticket is good. */
export function withTicket(error: unknown, asked: TypedCompletion, pending: PendingLogin): unknown {
  if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_WRONG_ACCOUNT") return error;
  const { message, why } = error;
  return new MeshauthError("MESHAUTH_E_WRONG_ACCOUNT", {
    message,
    why: `${why} The ticket is still good for the account that signed in.`,
    next: [completeAgain(asked, "--expect-account", "ACCOUNT"), startAgain(pending)],
    cause: error,
  });
}
