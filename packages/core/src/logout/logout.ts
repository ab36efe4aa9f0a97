import type { AuthStore } from "@meshauth/auth-store";
import { inspectToken } from "@meshauth/provider-api/format";
import { realFile } from "../contexts/sharing.js";
import {
  contentOf,
  endsWithin,
  environmentToken,
  providerTime,
  RENEWAL_LIMIT_MS,
} from "../credential/index.js";
import { MeshauthError, toMeshauthError } from "../errors/error.js";
import type { Meshconfig } from "../meshconfig/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { openStore, resolveTarget, type Target } from "../target.js";
import { printable } from "../text.js";
import { waitNotice } from "../wait-notice.js";
import { type RevocationResult, revoke } from "./revoke.js";

/** What became of the credential in one file. */
export interface FileLogout {
  /** The contexts whose file it is; the one that was asked about comes first. */
  readonly contexts: readonly string[];
  readonly file: string;
  /** The value of `meshery-provider` that the file had; null when nobody was signed in. */
  readonly provider: string | null;
  /** What became of the token at its provider; null when there was none. */
  readonly outcome: RevocationResult["outcome"] | null;
  /** Where a person can delete a token that could not be revoked. */
  readonly page: string | null;
  /** A sentence. */
  readonly message: string;
}

/** The document of `logout --json`. */
export interface LogoutReport {
  /** The worst of the files' outcomes: `failed`, `not-supported`, `revoked`, or null when there was no token. */
  readonly outcome: FileLogout["outcome"];
  readonly files: readonly FileLogout[];
  readonly warnings: readonly string[];
}

/** What was asked for on the command line. */
export interface LogoutInput {
  readonly target: TargetFlags;
  /** Every context's file. */
  readonly all: boolean;
}

/** What a logout came to. */
export interface LogoutResult {
  readonly report: LogoutReport;
  /** With `--strict`: why it does not count, when a token stays valid. */
  readonly unrevoked?: MeshauthError;
}

const OVERRIDDEN = "MESHERY_API_TOKEN is set, and stays in force until you unset it.";

/**
 * Signs out: revokes the token where its provider can, then empties the file as mesheryctl does. Whatever the
 * provider says, the file is emptied. It has its turn after a renewal that is under way, and so takes the newest
 * token with it.
 *
 * @throws MeshauthError what a file has against being emptied; those of the other contexts are emptied first.
 */
export async function logout(runtime: Runtime, { target: flags, all }: LogoutInput): Promise<LogoutResult> {
  const target = await resolveTarget(runtime, flags);
  const files: FileLogout[] = [];
  const results: RevocationResult[] = [];
  let failure: MeshauthError | undefined;
  for (const { store, contexts } of await filesOf(runtime, target, all)) {
    try {
      const { file, result } = await logoutFile(runtime, { ...target, store }, contexts);
      files.push(file);
      if (result) results.push(result);
    } catch (error) {
      runtime.signal.throwIfAborted();
      failure ??= toMeshauthError(error);
    }
  }
  if (failure) throw withSignedOut(failure, files);
  const overridden = environmentToken(runtime.env) !== undefined;
  const report = { outcome: worstOf(results), files, warnings: overridden ? [OVERRIDDEN] : [] };
  const unrevoked = unrevokedOf(results);
  return unrevoked === undefined ? { report } : { report, unrevoked };
}

/** A failure that says whose sign-in has ended all the same. */
function withSignedOut(failure: MeshauthError, files: readonly FileLogout[]): MeshauthError {
  if (files.length === 0) return failure;
  const names = files.flatMap(({ contexts, file }) => (contexts.length === 0 ? [file] : contexts));
  return new MeshauthError(failure.code, {
    message: failure.message,
    why: `${failure.why} Signed out all the same: ${names.map((name) => printable(name, 60)).join(", ")}.`,
    next: failure.next,
    cause: failure,
  });
}

/** The files to empty, each once, with the contexts that it is the file of. */
async function filesOf(
  runtime: Runtime,
  { config, store }: Target,
  all: boolean,
): Promise<readonly { store: AuthStore; contexts: readonly string[] }[]> {
  const first = { store, contexts: contextsOf(config, store.file) };
  if (!all) return [first];
  const seen = new Set([await realFile(runtime, store.file)]);
  const found = [first];
  for (const { credentialFile } of config.contexts) {
    const real = await realFile(runtime, credentialFile);
    if (seen.has(real)) continue;
    seen.add(real);
    found.push({ store: openStore(runtime, credentialFile), contexts: contextsOf(config, credentialFile) });
  }
  return found;
}

function contextsOf({ contexts, currentContext }: Meshconfig, file: string): string[] {
  return contexts
    .filter(({ credentialFile }) => credentialFile === file)
    .map(({ name }) => name)
    .sort((a, b) => Number(b === currentContext) - Number(a === currentContext));
}

/** The file is emptied under the same lock under which its token was read, so no newer one is left behind. */
async function logoutFile(
  runtime: Runtime,
  target: Target,
  contexts: readonly string[],
): Promise<{ file: FileLogout; result: RevocationResult | undefined }> {
  const { store } = target;
  let provider: string | null = null;
  let result: RevocationResult | undefined;
  let message: string | undefined;
  await store.commit(
    async (current, turn) => {
      if (current.state === "present" && current.serverName) provider = printable(current.serverName);
      if (current.state === "damaged") contentOf(runtime, target, current, turn.details);
      if (current.state === "present" && current.token) {
        const { serverName = "", token } = current;
        runtime.secrets.add(token);
        if (isSpent(token, providerTime(runtime.now(), turn.details))) {
          message = "The token had ended, so there was nothing to revoke.";
          return { empty: true };
        }
        await turn.prove();
        result = await revoke(runtime, { source: "file", target, serverName, token, details: turn.details });
      }
      return { empty: true };
    },
    {
      signal: runtime.signal,
      wait: 2 * RENEWAL_LIMIT_MS,
      onWait: waitNotice(runtime),
    },
  );
  message ??=
    result?.message ?? (provider === null ? "Nobody was signed in." : "There was no token to revoke.");
  const { outcome = null, page = null } = result ?? {};
  return { file: { contexts, file: store.file, provider, outcome, page, message }, result };
}

/** Whether nobody can use a token any more. */
function isSpent(token: string, now: Date): boolean {
  return !inspectToken(token).refreshable && endsWithin(token, 0, now);
}

function worstOf(results: readonly RevocationResult[]): FileLogout["outcome"] {
  const outcomes = results.map(({ outcome }) => outcome);
  return (
    (["failed", "not-supported", "revoked"] as const).find((outcome) => outcomes.includes(outcome)) ?? null
  );
}

function unrevokedOf(results: readonly RevocationResult[]): MeshauthError | undefined {
  const left = results.filter(({ outcome }) => outcome !== "revoked");
  const [first] = left;
  if (first === undefined) return undefined;
  const page = left.find((result) => result.page !== null)?.page;
  return new MeshauthError(
    left.some(({ unreachable }) => unreachable) ? "MESHAUTH_E_NETWORK" : "MESHAUTH_E_NOT_REVOKED",
    {
      message: "Signed out on this machine, but the token was not revoked.",
      why: first.message,
      next: [page ? `Delete the token on ${page}` : "End the session at the provider, on its own pages."],
    },
  );
}
