import { resolve } from "node:path";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import { commandWith, typedWord } from "../login/command-for.js";
import { type Approved, type LoginInput, login } from "../login/login.js";
import type { LoginReport } from "../login/report.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { resolveTarget } from "../target.js";
import { minutes, printable } from "../text.js";
import { type Failure, fromFailure } from "./messages.js";
import { type PendingLogin, readPending, removePending } from "./pending.js";
import { type Lent, takeOutcome } from "./take.js";
import { parseTicket, type Ticket } from "./ticket.js";

/** For what comes after the sign-in, in milliseconds. */
const FINISH_MS = 300_000;
const LONGEST_PASTE = 64 * 1024;

/** What was asked for on the command line of the completion. What `--start` was given holds besides. */
export interface CompleteInput {
  readonly ticket: string;
  readonly target: TargetFlags;
  /** The id of the provider that was typed. */
  readonly providerId?: string;
  /** Milliseconds to wait for the sign-in; 0: tell at once how it stands. */
  readonly wait: number;
  readonly force: boolean;
  readonly ownFile: boolean;
  readonly expectAccount?: string;
  readonly skipVerify: boolean;
  /** As in a `LoginInput`. */
  readonly words: readonly string[];
  /** What standard input offers: the final address, or a token. Asked for when the sign-in is not finished. */
  offered(): Promise<string | undefined>;
}

/**
 * Takes the outcome of a login that `startLogin` began, and stores it as `login` does. Of two at once one
 * succeeds. Whatever keeps it from being stored, the ticket stays good until its end.
 *
 * @throws MeshauthError `MESHAUTH_E_PENDING` while nobody has finished the sign-in, `MESHAUTH_E_TIMEOUT` after the
 *   ticket's end, `MESHAUTH_E_TICKET` for one that is unknown, was used, or whose process is gone;
 *   `MESHAUTH_E_IMPORT` when what was offered is not this login's; and what `login` throws.
 */
export async function completeLogin(runtime: Runtime, input: CompleteInput): Promise<LoginReport> {
  const { ticket, pending } = await findPending(runtime, input.ticket);
  const provider = runtime.registry.providers.find(
    ({ entry, package: name }) => entry.id === pending.provider.id && name === pending.provider.package,
  );
  if (provider === undefined) throw new MeshauthError("MESHAUTH_E_PROVIDER_MISSING");
  if (input.providerId !== undefined && input.providerId !== provider.entry.id) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `This ticket is for a login with ${provider.entry.id}, not with ${printable(input.providerId, 60)}.`,
      next: [commandWith(["login", "--complete"], input.ticket)],
    });
  }
  const merged = mergedInput(runtime, input, pending);
  const there = { ...runtime, cwd: pending.cwd };
  await requireSameFile(there, merged.target, pending);
  const lent = await take(runtime, input, { ticket, pending });
  try {
    const report = await login(there, { ...merged, provider, approved: lent.value });
    await lent.done();
    return report;
  } catch (error) {
    throw isWrongAccount(error) ? wrongAccount(error, input, pending) : error;
  } finally {
    lent.release();
  }
}

/**
 * The provider of a ticket.
 *
 * @throws MeshauthError `MESHAUTH_E_TICKET`, `MESHAUTH_E_TIMEOUT`
 */
export async function providerOfTicket(
  runtime: Pick<Runtime, "dataDir" | "now">,
  ticket: string,
): Promise<string> {
  return (await findPending(runtime, ticket)).pending.provider.id;
}

interface Found {
  readonly ticket: Ticket;
  readonly pending: PendingLogin;
}

async function findPending({ dataDir, now }: Pick<Runtime, "dataDir" | "now">, text: string): Promise<Found> {
  const ticket = parseTicket(text);
  if (ticket === undefined) {
    const why = "It is misspelled: no ticket looks like this.";
    throw new MeshauthError("MESHAUTH_E_TICKET", { why, next: [startAgain()] });
  }
  const pending = await readPending({ dataDir }, ticket.id);
  if (pending && ticket.expiresAt > now()) return { ticket, pending };
  throw gone(ticket, now(), "It was used before, or is not from this machine and user.", pending);
}

/** The error for a ticket for which nothing is left. */
function gone({ expiresAt }: Ticket, now: Date, why: string, pending?: PendingLogin): MeshauthError {
  return expiresAt > now
    ? new MeshauthError("MESHAUTH_E_TICKET", { why, next: [startAgain(pending)] })
    : new MeshauthError("MESHAUTH_E_TIMEOUT", {
        message: "The time of this ticket is up.",
        why: "The login was not completed in time, or was completed before.",
        next: [startAgain(pending, " --timeout 15m")],
      });
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

/** A ticket is for one file; what is typed beside it must not lead elsewhere. */
async function requireSameFile(runtime: Runtime, flags: TargetFlags, { file }: PendingLogin): Promise<void> {
  const { store } = await resolveTarget(runtime, flags);
  if (store.file === file) return;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `This ticket is for ${printable(file, 500)}.`,
    why: `The command line, or config.yaml as it is by now, leads to ${printable(store.file, 500)}.`,
    next: ["Leave --context, --config and --server out, or start again for the other file."],
  });
}

async function take(runtime: Runtime, input: CompleteInput, found: Found): Promise<Lent<Approved>> {
  const { dataDir, secrets, now } = runtime;
  const { ticket, pending } = found;
  const ask = (more: { readonly wait: number; readonly pasted?: string }) =>
    takeOutcome(runtime, ticket.id, { ticket: input.ticket, ...more });
  let answer = await ask({ wait: 0 });
  if (answer?.kind === "pending") {
    const before = performance.now();
    const pasted = (await input.offered())?.trim();
    const wait = Math.max(0, input.wait - (performance.now() - before));
    if (pasted) {
      secrets.add(pasted);
      if (pasted.length > LONGEST_PASTE) throw notTaken("It is too long for an address or a token.", input);
      answer = await ask({ wait, pasted });
    } else if (wait > 0) answer = await ask({ wait });
  }
  switch (answer?.kind) {
    case "approved":
      return answer.lent;
    case "pending":
      throw notYet(Date.parse(pending.expiresAt) - now().getTime(), input);
    case "refused":
      throw notTaken(printable(answer.reason, 500), input);
    case "failed":
      await answer.done();
      throw failed(answer.failure, pending);
    case "used":
      throw gone(ticket, now(), "Another command has completed this login.", pending);
    case undefined:
      await removePending({ dataDir }, ticket.id);
      throw gone(
        ticket,
        now(),
        "The process that waited for the sign-in has ended, or another command was faster.",
        pending,
      );
  }
}

/** The command that starts another login; without a record at the provider that is built in. */
function startAgain(pending?: PendingLogin, more = ""): string {
  return `meshauth login ${typedWord(pending?.provider.id ?? "layer5")} --start${more} --json`;
}

/** A refused sign-in cannot be taken up again: it is started anew. */
function failed(failure: Failure, pending: PendingLogin): MeshauthError {
  const again = failure.code === "MESHAUTH_E_DENIED" || failure.code === "MESHAUTH_E_TICKET";
  return fromFailure(again ? { ...failure, next: [startAgain(pending)] } : failure);
}

function isWrongAccount(error: unknown): error is MeshauthError {
  return isMeshauthError(error) && error.code === "MESHAUTH_E_WRONG_ACCOUNT";
}

/** The ticket is still good, so that the expectation can be corrected. */
function wrongAccount(error: MeshauthError, input: CompleteInput, pending: PendingLogin): MeshauthError {
  const json = input.words.includes("--json") ? " --json" : "";
  const { message, why } = error;
  return new MeshauthError("MESHAUTH_E_WRONG_ACCOUNT", {
    message,
    why,
    next: [
      `meshauth login --complete ${typedWord(input.ticket)} --expect-account ACCOUNT${json}, if that account is right`,
      `${startAgain(pending)}, to sign in with another account`,
    ],
    cause: error,
  });
}

function again({ words }: CompleteInput): string {
  return ["meshauth", ...words.map(typedWord)].join(" ");
}

function notYet(left: number, input: CompleteInput): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PENDING", {
    why: `Nobody has come back from the provider's page so far; the ticket is good for another ${minutes(left)}.`,
    next: [again(input), `${again(input)} < FILE, with the address of the last page in it`],
  });
}

function notTaken(why: string, input: CompleteInput): MeshauthError {
  return new MeshauthError("MESHAUTH_E_IMPORT", {
    message: "What standard input holds was not taken.",
    why,
    next: [`${again(input)} < FILE, with the whole address of the last page in it`],
  });
}
