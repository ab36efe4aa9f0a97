import type { CredentialState, Details } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime } from "../runtime.js";
import { isSameAccount, standingOf } from "../standing.js";
import type { StoredCredential } from "../stored-credential.js";
import { printable } from "../text.js";

/** The credential file as it was before the login. */
export interface Before {
  readonly state: CredentialState;
  /** What is known about it besides, when it was written by meshauth. */
  readonly details: Details | undefined;
}

/**
 * Whether writing `fresh` would take a working login of another account away. Local, expired, damaged and
 * logged-out files never ask.
 */
export function replacesAnother(
  before: Before,
  fresh: StoredCredential,
  account: Account | null,
  now: Date,
): boolean {
  const standing = standingOf(before.state, now, before.details);
  if (before.state.state !== "present" || (standing !== "valid" && standing !== "refreshable")) return false;
  const { serverName = "", token = "" } = before.state;
  return !isSameAccount({ serverName, token, details: before.details }, { ...fresh, account });
}

export interface ReplacementInput {
  readonly before: Before;
  readonly fresh: StoredCredential;
  readonly account: Account | null;
  readonly force: boolean;
  readonly provider: InstalledProvider;
}

/**
 * Lets the person decide about replacing another account's login.
 *
 * @throws MeshauthError `MESHAUTH_E_INTERACTION` where nobody can be asked, `MESHAUTH_E_INTERRUPTED` when they
 *   say no. Nothing was written then.
 */
export async function guardReplacement(
  { terminal, now }: Runtime,
  { before, fresh, account, force, provider }: ReplacementInput,
  signal: AbortSignal,
): Promise<void> {
  if (force || !replacesAnother(before, fresh, account, now())) return;
  const { state, details } = before;
  const old = nameOf(details?.account ?? null, state.state === "present" ? state.serverName : undefined);
  const next = fresh.token === "" ? `no account (${fresh.serverName})` : nameOf(account, fresh.serverName);
  if (!terminal.interactive) {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: `This login is for ${next}, but ${old} is signed in: nothing was changed.`,
      why: "A working login of another account is replaced only after a question, or with --force.",
      next: [`meshauth login ${provider.entry.id} --force`],
    });
  }
  if (
    await terminal.confirm(
      { message: `The login of ${old} still works. Replace it by ${next}?`, initial: false },
      signal,
    )
  )
    return;
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was changed." });
}

function nameOf(account: Account | null, serverName: string | undefined): string {
  const who = account?.email ?? account?.name ?? account?.id;
  const provider = serverName === undefined ? "an unknown provider" : printable(serverName);
  return who === undefined ? `an account at ${provider}` : `${who} (${provider})`;
}
