import {
  type Account,
  type Credential,
  type Host,
  isProviderError,
  type Provider,
  ProviderError,
} from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import type { StoredCredential } from "../stored-credential.js";
import { printable } from "../text.js";

/** Who a credential belongs to, and whether somebody confirmed it. */
export interface Identity {
  readonly account: Account | null;
  readonly verified: boolean;
  /** Why nobody could confirm it. */
  readonly trouble?: Trouble;
}

/** What kept from asking: two sentences at most, and steps that would mend it. */
export interface Trouble {
  readonly why: string;
  readonly next: readonly string[];
}

/** The same as a warning. */
export function warningOf({ why, next }: Trouble): string {
  return ["It could not be confirmed who signed in:", why, ...next].join(" ");
}

export interface VerifyInput {
  readonly credential: Credential;
  readonly fresh: Pick<StoredCredential, "serverName" | "token">;
  readonly skipVerify: boolean;
  readonly expectAccount?: string;
}

/**
 * Asks the provider, or where it has no such question the Meshery Server, who the credential belongs to.
 * When neither can be reached the login goes on unverified: an approved login is not lost to an outage.
 *
 * @throws MeshauthError `MESHAUTH_E_WRONG_ACCOUNT` when another account is expected, or it cannot be checked.
 * @throws ProviderError `denied` when the credential is not accepted.
 */
export async function identify(provider: Provider, host: Host, input: VerifyInput): Promise<Identity> {
  const identity = await ask(provider, host, input);
  if (input.expectAccount !== undefined) requireAccount(identity, input.expectAccount);
  return identity;
}

async function ask(
  provider: Provider,
  host: Host,
  { credential, fresh, skipVerify, expectAccount }: VerifyInput,
): Promise<Identity> {
  if (credential.kind === "local") return { account: null, verified: true };
  if (skipVerify) return { account: null, verified: false };
  try {
    const account = provider.identify
      ? await provider.identify(credential, host)
      : await askServer(host, fresh);
    return { account: presentable(account), verified: true };
  } catch (error) {
    if (!isProviderError(error) || (error.code !== "unreachable" && error.code !== "protocol")) throw error;
    const { message, reason = "", next } = error;
    return unconfirmed({ why: printable(`${message} ${reason}`.trim(), 500), next }, expectAccount);
  }
}

async function askServer(host: Host, { serverName, token }: VerifyInput["fresh"]): Promise<Account> {
  const answer = await host.server.user({ serverName, token });
  if (answer.kind === "ok") return answer.value;
  throw new ProviderError(
    answer.kind === "refused" && answer.why !== "unknown-provider" ? "denied" : "unreachable",
    answer.message,
  );
}

/**
 * The identity of a credential about which nobody could be asked.
 *
 * @throws MeshauthError `MESHAUTH_E_WRONG_ACCOUNT` when an account is expected.
 */
export function unconfirmed(trouble: Trouble, expectAccount: string | undefined): Identity {
  const identity: Identity = { account: null, verified: false, trouble };
  if (expectAccount !== undefined) requireAccount(identity, expectAccount);
  return identity;
}

/** Only text fit for a terminal leaves here: names come from a server. */
function presentable(account: Account): Account {
  const { id, name, email } = account ?? {};
  if (typeof id !== "string" || printable(id) === "") throw new TypeError("The account has no id.");
  return {
    id: printable(id),
    ...(typeof name === "string" ? { name: printable(name) } : {}),
    ...(typeof email === "string" ? { email: printable(email) } : {}),
  };
}

function requireAccount({ account, trouble }: Identity, expected: string): void {
  const wanted = expected.trim().toLowerCase();
  const found = [account?.id, account?.email].map((value) => value?.toLowerCase());
  if (found.includes(wanted)) return;
  throw new MeshauthError("MESHAUTH_E_WRONG_ACCOUNT", {
    message: account
      ? `The account that signed in is ${account.email ?? account.id}, not ${printable(expected)}.`
      : `It cannot be checked whether the account is ${printable(expected)}.`,
    ...(trouble === undefined
      ? {}
      : { why: trouble.why, next: trouble.next.length > 0 ? trouble.next : ["Try again later."] }),
  });
}
