import { join, resolve } from "node:path";
import {
  type AuthStore,
  type CommitResult,
  type Details,
  isStoreError,
  type StoreError,
} from "@meshauth/auth-store";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { openStore } from "../target.js";
import { withTimeLimit } from "../time-limit.js";
import { waitNotice } from "../wait-notice.js";
import { commandWith } from "./command-for.js";
import {
  type Before,
  guardReplacement,
  QUESTION_LIMIT_MS,
  type ReplacementInput,
  replacesAnother,
} from "./replacement.js";

/** How often another try is made at most. */
const MOST_ROUNDS = 10;

/** What is to be written, and what was weighed before. */
export interface SaveInput extends Omit<ReplacementInput, "account"> {
  readonly details: Details;
}

/**
 * Writes the credential under the lock. What was approved in the browser is not thrown away where a person can be
 * asked: when the file cannot be written they may name another, and when somebody else signed in meanwhile they say
 * whose login stays.
 */
export async function save(runtime: Runtime, store: AuthStore, input: SaveInput): Promise<CommitResult> {
  let [target, before] = [store, input.before];
  for (let round = 0; ; round += 1) {
    try {
      return await commit(runtime, target, { ...input, before });
    } catch (error) {
      if (!runtime.terminal.interactive || round === MOST_ROUNDS) throw error;
      if (isChange(error)) before = await askAgain(runtime, target, input);
      else if (isStoreError(error)) ({ store: target, before } = await askForAnother(runtime, input, error));
      else throw error;
    }
  }
}

/** Somebody signed in while the login was under way. */
function isChange(error: unknown): boolean {
  return (isStoreError(error) || isMeshauthError(error)) && error.code === "MESHAUTH_E_CHANGED";
}

/** The file as it is by now. @throws MeshauthError when its login is to stay. */
async function askAgain(runtime: Runtime, store: AuthStore, input: SaveInput): Promise<Before> {
  const before = await store.look();
  const replacement = { ...input, before, account: input.details.account, shared: undefined };
  await withTimeLimit(runtime.signal, QUESTION_LIMIT_MS, (signal) =>
    guardReplacement(runtime, replacement, signal),
  );
  return before;
}

/** Another file, which can be read and whose login may be replaced. @throws the failure when there is none. */
async function askForAnother(
  runtime: Runtime,
  input: SaveInput,
  failure: StoreError,
): Promise<{ store: AuthStore; before: Before }> {
  const { terminal, signal } = runtime;
  for (let cause = failure; ; ) {
    terminal.notify({ kind: "warning", message: `${cause.message} ${cause.why}` });
    const path = await terminal.ask(
      { message: "The login is complete but not saved. Another file to save it to (empty: give up):" },
      signal,
    );
    if (path.trim() === "") throw failure;
    try {
      const store = openStore(runtime, absolute(runtime, path.trim()));
      const before = await store.look();
      const { account } = input.details;
      // Who shares the first file does not share this one.
      await guardReplacement(runtime, { ...input, before, account, shared: undefined }, signal);
      return { store, before };
    } catch (error) {
      if (!isStoreError(error)) throw error;
      cause = error;
    }
  }
}

function absolute({ cwd, home }: Runtime, path: string): string {
  return home !== undefined && /^~(?=\/|$)/.test(path) ? join(home, path.slice(1)) : resolve(cwd, path);
}

function commit(
  runtime: Runtime,
  store: AuthStore,
  { before, fresh, details, force, words }: SaveInput,
): Promise<CommitResult> {
  return store.commit(
    (current, { details: known, refused }) => {
      // What was weighed before the login may have been replaced by another program meanwhile.
      const now = { state: current, details: known, refused };
      const changed = current.digest !== before.state.digest;
      if (changed && !force && replacesAnother(now, fresh, details.account, runtime.now())) {
        throw new MeshauthError("MESHAUTH_E_CHANGED", {
          next: ["meshauth status", commandWith(words, "--force")],
        });
      }
      return { members: fresh.members, details, keepPrevious: true };
    },
    { signal: runtime.signal, onWait: waitNotice(runtime) },
  );
}
