import type { AuthStore } from "@meshauth/auth-store";
import { freshCredential } from "../credential/index.js";
import { MeshauthError } from "../errors/error.js";
import type { CheckSubject } from "./subject.js";

/** Takes the permissions of other users from the credential file and its folder. */
export async function tighten(subject: CheckSubject): Promise<string> {
  const { store } = targetOf(subject);
  if (!(await store.tighten())) throw unchanged("Its permissions are not yours to change.");
  await readAgain(subject, store);
  return "Other users may not use the file any more.";
}

/** Writes the same members in the one form that every reader understands alike. */
export async function rewrite(subject: CheckSubject): Promise<string> {
  const { store } = targetOf(subject);
  const seen = subject.credential?.digest;
  const { changed } = await store.commit(
    (current, { details }) =>
      current.state === "present" && current.digest === seen
        ? { members: current.members, ...(details === undefined ? {} : { details }) }
        : undefined,
    { signal: subject.runtime.signal },
  );
  if (!changed) throw unchanged("Another program has written the file meanwhile.");
  await readAgain(subject, store);
  return "The file was written anew with what it held.";
}

/** Renews a token that has ended. */
export async function renew(subject: CheckSubject): Promise<string> {
  const { store } = targetOf(subject);
  const { unsaved } = await freshCredential(subject.runtime, subject.flags, { force: true });
  if (unsaved) throw unsaved;
  await readAgain(subject, store);
  return "The token was renewed.";
}

function targetOf({ target }: CheckSubject): { readonly store: AuthStore } {
  if (target === undefined) throw unchanged("No file is known.");
  return target;
}

/** The later checks are about what is in the file now. */
async function readAgain(subject: CheckSubject, store: AuthStore): Promise<void> {
  const { state, details, refused } = await store.look();
  subject.credential = state;
  subject.details = details;
  subject.refused = refused;
  if (subject.held && state.state === "present" && state.serverName) {
    subject.held = { serverName: state.serverName, token: state.token ?? "", members: state.members };
  }
}

function unchanged(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_STORE", { message: "Nothing was changed.", why });
}
