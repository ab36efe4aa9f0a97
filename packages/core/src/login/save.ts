import { resolve } from "node:path";
import { type AuthStore, type CommitResult, type Details, isStoreError } from "@meshauth/auth-store";
import type { StoredCredential } from "../credential.js";
import { MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { openStore } from "../target.js";
import { type Before, guardReplacement, replacesAnother } from "./replacement.js";

export interface SaveInput {
  readonly before: Before;
  readonly fresh: StoredCredential;
  readonly details: Details;
  readonly force: boolean;
}

/**
 * Writes the credential under the lock. When the file cannot be written, a person may name another: what
 * was approved in the browser is not thrown away.
 */
export async function save(runtime: Runtime, store: AuthStore, input: SaveInput): Promise<CommitResult> {
  try {
    return await commit(runtime, store, input);
  } catch (error) {
    if (!isStoreError(error) || error.code === "MESHAUTH_E_CHANGED" || !runtime.terminal.interactive)
      throw error;
    runtime.terminal.notify({ kind: "warning", message: `${error.message} ${error.why}` });
    const path = await runtime.terminal.ask(
      { message: "The login is complete but not saved. Another file to save it to (empty: give up):" },
      runtime.signal,
    );
    if (path.trim() === "") throw error;
    const other = openStore(runtime, resolve(runtime.cwd, path.trim()));
    const before = { state: await other.read(), details: await other.details() };
    await guardReplacement(runtime, { ...input, before, account: input.details.account });
    return await save(runtime, other, { ...input, before });
  }
}

function commit(
  runtime: Runtime,
  store: AuthStore,
  { before, fresh, details, force }: SaveInput,
): Promise<CommitResult> {
  return store.commit(
    (current) => {
      // What was weighed before the login may have been replaced by another program meanwhile.
      const now = { state: current, details: undefined };
      const changed = current.digest !== before.state.digest;
      if (changed && !force && replacesAnother(now, fresh, details.account, runtime.now())) {
        throw new MeshauthError("MESHAUTH_E_CHANGED");
      }
      return { members: fresh.members, details };
    },
    { signal: runtime.signal },
  );
}
