import type { CommitResult, CredentialState, Details, Previous } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { environmentToken, providerTime } from "./credential/index.js";
import { MeshauthError } from "./errors/error.js";
import { commandWith } from "./login/command-for.js";
import { warningsOf } from "./login/report.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { type Standing, standingOf } from "./standing.js";
import { disagreement, resolveTarget, type Target } from "./target.js";
import { printable } from "./text.js";
import { withTimeLimit } from "./time-limit.js";
import { waitNotice } from "./wait-notice.js";

/** The document of `restore --json`: what is in force now. */
export interface RestoreReport {
  /** The value of `meshery-provider`. */
  readonly provider: string;
  /** Null when it is not known. */
  readonly account: Account | null;
  readonly context: string | null;
  readonly file: string;
  /** RFC 3339, or null when the credential is not known to end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly state: Standing;
  readonly warnings: readonly string[];
}

/** What was asked for on the command line. */
export interface RestoreInput {
  readonly target: TargetFlags;
  /** Replace a working credential that another program wrote without asking. */
  readonly force: boolean;
  /** What was typed behind the name of the program, but the flags about output. */
  readonly words: readonly string[];
}

/** How long the question about another program's login waits for an answer. */
const QUESTION_LIMIT_MS = 300_000;

const OVERRIDDEN = "MESHERY_API_TOKEN is set, and wins over this login until you unset it.";
const OVER = "It has expired and has no refresh token: sign in again.";

/**
 * Brings back the credential that the last login or import replaced, with what was known about it. What it
 * replaces in turn is not kept. Nothing is asked of a provider.
 *
 * @throws MeshauthError `MESHAUTH_E_NO_PREVIOUS`, `MESHAUTH_E_DAMAGED`, and `MESHAUTH_E_INTERACTION` when the file
 *   holds a working login of another program and nobody can be asked. Nothing was written then.
 */
export async function restore(
  runtime: Runtime,
  { target: flags, force, words }: RestoreInput,
): Promise<RestoreReport> {
  const target = await resolveTarget(runtime, flags);
  const { store } = target;
  const seen = await store.look();
  requirePrevious(target, seen.state, seen.previous);
  if (!force && isOfAnother(runtime, seen.state, seen.details)) await ask(runtime, seen.state, words);
  const { committed, previous } = await bringBack(runtime, target, {
    digest: seen.state.digest,
    force,
    words,
  });
  return report(runtime, target, previous, committed);
}

/** Under the lock everything is looked at again: the question may have taken minutes. */
async function bringBack(
  runtime: Runtime,
  target: Target,
  { digest, force, words }: Pick<RestoreInput, "force" | "words"> & { readonly digest: string },
): Promise<{ committed: CommitResult; previous: Previous }> {
  let previous: Previous | undefined;
  const committed = await target.store.commit(
    (current, turn) => {
      previous = requirePrevious(target, current, turn.previous);
      if (!force && current.digest !== digest && isOfAnother(runtime, current, turn.details)) {
        throw new MeshauthError("MESHAUTH_E_CHANGED", {
          next: ["meshauth status", commandWith(words, "--force")],
        });
      }
      return { restore: true };
    },
    {
      signal: runtime.signal,
      onWait: waitNotice(runtime),
    },
  );
  return { committed, previous: requirePrevious(target, committed.previous, previous) };
}

function requirePrevious(
  { store }: Target,
  current: CredentialState,
  previous: Previous | undefined,
): Previous {
  if (current.state === "damaged") {
    throw new MeshauthError("MESHAUTH_E_DAMAGED", {
      why: `mesheryctl cannot read ${store.file}: ${current.reason}.`,
    });
  }
  if (previous === undefined) throw new MeshauthError("MESHAUTH_E_NO_PREVIOUS");
  return previous;
}

/** A working credential of which nothing is known: another program, such as mesheryctl, has signed in since. */
function isOfAnother(
  { secrets, now }: Pick<Runtime, "secrets" | "now">,
  current: CredentialState,
  details: Details | undefined,
): boolean {
  if (current.state === "present") secrets.add(current.token ?? "");
  const standing = standingOf(current, now(), details);
  return details === undefined && (standing === "valid" || standing === "refreshable");
}

async function ask(
  { terminal, signal }: Runtime,
  current: CredentialState,
  words: readonly string[],
): Promise<void> {
  const name = current.state === "present" ? printable(current.serverName ?? "", 60) : "";
  if (!terminal.interactive) {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: `Another program has signed in with ${name} since: nothing was changed.`,
      why: "A working login that meshauth did not write is replaced only after a question, or with --force.",
      next: [commandWith(words, "--force")],
    });
  }
  const message = `Another program has signed in with ${name} since, and that login still works. Replace it?`;
  const yes = await withTimeLimit(signal, QUESTION_LIMIT_MS, (end) =>
    terminal.confirm({ message, initial: false }, end),
  );
  if (!yes) throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was changed." });
}

function report(
  runtime: Runtime,
  { config, context }: Target,
  { state, details }: Previous,
  committed: CommitResult,
): RestoreReport {
  const { serverName = "", token = "" } = state.state === "present" ? state : {};
  runtime.secrets.add(token);
  const { expiresAt, refreshable } = inspectToken(token);
  const standing = standingOf(state, providerTime(runtime.now(), details), details);
  return {
    provider: printable(serverName, 60),
    account: details?.account ?? null,
    context: config.currentContext ?? null,
    file: committed.file,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    state: standing,
    warnings: [
      ...(standing === "expired" ? [OVER] : []),
      ...(environmentToken(runtime.env) === undefined ? [] : [OVERRIDDEN]),
      ...warningsOf(committed),
      ...disagreement(context),
    ],
  };
}
