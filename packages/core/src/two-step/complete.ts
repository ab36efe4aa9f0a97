import { resolve } from "node:path";
import { type Approved, type LoginInput, login } from "../login/login.js";
import type { LoginReport } from "../login/report.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { resolveTarget } from "../target.js";
import { printable } from "../text.js";
import type { TypedCompletion } from "./commands.js";
import {
  failed,
  notTaken,
  notYet,
  otherFile,
  otherProvider,
  providerMissing,
  silent,
  ticketGone,
  withTicket,
} from "./complete-errors.js";
import { type Found, findPending } from "./find.js";
import { type PendingLogin, removePending } from "./pending.js";
import { providerOfPending } from "./provider-of.js";
import { type Lent, type Taken, takeOutcome } from "./take.js";
import { WaitLines } from "./wait-lines.js";

/** For what comes after the sign-in, in milliseconds. */
const FINISH_MS = 300_000;
const LONGEST_PASTE = 64 * 1024;

/** What was asked for on the command line of the completion. What `--start` was given holds besides. */
export interface CompleteInput extends TypedCompletion {
  readonly target: TargetFlags;
  /** The id of the provider that was typed. */
  readonly providerId?: string;
  /**
   * Milliseconds to wait for the sign-in; 0: tell at once how it stands. Once an answer of the browser's has come, or
   * a paste was taken, the provider gets 30 seconds from then on, and another command that completes the same login
   * as much, beyond this time if need be.
   */
  readonly wait: number;
  readonly force: boolean;
  readonly ownFile: boolean;
  readonly expectAccount?: string;
  readonly skipVerify: boolean;
  /** Asks standard input for the final address or a token, when the sign-in is not finished. */
  offered(): Promise<Offer | undefined>;
}

/** What standard input holds. */
export interface Offer {
  readonly text: string;
  /** Whether it ended, or fell silent, in time. A part of an address or a token is of no use. */
  readonly whole: boolean;
}

/**
 * Takes the outcome of a login that `startLogin` began, and stores it as `login` does. Of two at once one
 * succeeds. Whatever keeps it from being stored, the ticket stays good until its end. What is waited for is told.
 *
 * @throws MeshauthError `MESHAUTH_E_PENDING` while nobody has finished the sign-in, `MESHAUTH_E_TIMEOUT` after the
 *   ticket's end, or when its process does not answer, `MESHAUTH_E_TICKET` for one that is unknown, was used, or
 *   whose process is gone; `MESHAUTH_E_IMPORT` when what was offered is not this login's;
 *   `MESHAUTH_E_PROVIDER_MISSING`; and what `login` throws.
 */
export async function completeLogin(runtime: Runtime, input: CompleteInput): Promise<LoginReport> {
  const found = await findPending(runtime, input.ticket);
  const { pending } = found;
  const provider = providerOfPending(runtime.registry, pending);
  if (provider === undefined) throw providerMissing(pending);
  if (input.providerId !== undefined && input.providerId !== provider.entry.id) {
    throw otherProvider(input.providerId, input, pending);
  }
  const merged = mergedInput(runtime, input, pending);
  const there = { ...runtime, cwd: pending.cwd };
  const { store } = await resolveTarget(there, merged.target);
  // A ticket is for one file; what is typed beside it must not lead elsewhere.
  if (store.file !== pending.file) throw otherFile(store.file, input, input.target, pending);
  const lent = await take(runtime, input, found);
  try {
    const report = await login(there, { ...merged, provider, approved: lent.value });
    await lent.done();
    return report;
  } catch (error) {
    throw withTicket(error, input, pending);
  } finally {
    lent.release();
  }
}

function mergedInput(
  { cwd }: Runtime,
  input: CompleteInput,
  { input: started }: PendingLogin,
): Omit<LoginInput, "provider" | "approved"> {
  const { config, ...typed } = input.target;
  const expectAccount = input.expectAccount ?? started.expectAccount;
  return {
    ...started,
    target: {
      ...started.target,
      ...typed,
      ...(config === undefined ? {} : { config: resolve(cwd, config) }),
    },
    timeout: FINISH_MS,
    force: started.force || input.force,
    ownFile: started.ownFile || input.ownFile,
    skipVerify: started.skipVerify || input.skipVerify,
    ...(expectAccount === undefined ? {} : { expectAccount }),
    words: input.words,
  };
}

async function take(runtime: Runtime, input: CompleteInput, found: Found): Promise<Lent<Approved>> {
  const { dataDir, now } = runtime;
  const { ticket, pending } = found;
  const answer = await ask(runtime, input, found);
  switch (answer?.kind) {
    case "approved":
      return answer.lent;
    case "pending":
      throw notYet(answer.delay, Date.parse(pending.expiresAt) - now().getTime(), input);
    case "silent":
      throw silent(input, pending);
    case "refused":
      throw notTaken(printable(answer.reason, 500), input);
    case "failed":
      await answer.done();
      throw failed(answer.failure, pending);
    case "used":
      throw ticketGone(ticket, now(), "Another command has completed this login.", pending);
    case undefined:
      await removePending({ dataDir }, ticket.id);
      throw ticketGone(
        ticket,
        now(),
        "The process that waited for the sign-in has ended, or another command was faster.",
        pending,
      );
  }
}

/** Asks how it stands, and where nobody has come back again with what is offered, or with time to wait. */
async function ask(runtime: Runtime, input: CompleteInput, { ticket }: Found): Promise<Taken | undefined> {
  const end = performance.now() + input.wait;
  const lines = new WaitLines(runtime, ticket.expiresAt);
  const request = async (wait: number, pasted?: string): Promise<Taken | undefined> => {
    const more = pasted === undefined ? {} : { pasted };
    try {
      return await takeOutcome(runtime, ticket.id, { ticket: input.ticket, wait, ...more }, lines.onWait);
    } finally {
      lines.stop();
    }
  };
  const answer = await request(0);
  if (answer?.kind !== "pending") return answer;
  const pasted = answer.delay === "sign-in" ? await pastedText(runtime, input) : undefined;
  const wait = Math.max(0, end - performance.now());
  return pasted === undefined && wait === 0 ? answer : await request(wait, pasted);
}

async function pastedText({ secrets }: Runtime, input: CompleteInput): Promise<string | undefined> {
  const offer = await input.offered();
  const text = offer?.text.trim();
  if (!offer || !text) return undefined;
  secrets.add(text);
  if (text.length > LONGEST_PASTE) throw notTaken("It is too long for an address or a token.", input);
  if (offer.whole) return text;
  throw notTaken("It did not end in time, and a part of an address or a token is of no use.", input);
}
