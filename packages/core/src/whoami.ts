import type { Account } from "@meshauth/provider-api";
import {
  type FreshCredential,
  freshCredential,
  MEND_ENVIRONMENT,
  onlyRemote,
  openProviderOf,
} from "./credential/index.js";
import { isMeshauthError, MeshauthError } from "./errors/error.js";
import { loginAgain } from "./login/again.js";
import { identify } from "./login/verify.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { toCredential } from "./stored-credential.js";
import { openServer } from "./target.js";

/** How long provider and server may take to say who it is, in milliseconds. */
const LIMIT_MS = 30_000;

/** A token that ends sooner may have ended when it arrives. */
const MIN_VALIDITY_MS = 30_000;

/** The document of `whoami --json`. */
export interface WhoamiReport {
  /** Null for a login without an account. */
  readonly account: Account | null;
  /** The value of `meshery-provider`; null for a token from the environment without `MESHERY_PROVIDER`. */
  readonly provider: string | null;
  readonly context: string | null;
  readonly server: string;
  readonly source: "file" | "environment";
  readonly warnings: readonly string[];
}

/**
 * Asks the provider, or where it cannot say the Meshery Server, who the credential in force belongs to. One
 * that is refused is renewed once and asked about again.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` when they say no, `MESHAUTH_E_NETWORK` when neither can be
 *   asked.
 */
export async function whoami(runtime: Runtime, flags: TargetFlags): Promise<WhoamiReport> {
  const credential = await freshCredential(runtime, flags, { minValidity: MIN_VALIDITY_MS });
  try {
    return reportOf(credential, await ask(runtime, credential));
  } catch (error) {
    if (!isDenial(error)) throw error;
    if (credential.source === "environment") throw refused(error, MEND_ENVIRONMENT);
    const login = loginAgain(credential.details);
    if (!credential.refreshable || credential.renewed) throw refused(error, login);
    const renewed = await freshCredential(runtime, flags, { force: true });
    try {
      return reportOf(renewed, await ask(runtime, renewed));
    } catch (again) {
      throw isDenial(again) ? refused(again, login) : again;
    }
  }
}

function reportOf(credential: FreshCredential, account: Account | null): WhoamiReport {
  const { serverName, target, source, warnings } = credential;
  return {
    account,
    provider: serverName ?? null,
    context: target.config.currentContext ?? null,
    server: target.config.server,
    source,
    warnings,
  };
}

async function ask(runtime: Runtime, held: FreshCredential): Promise<Account | null> {
  const { serverName, token, target, details } = held;
  if (token === "") return null;
  const client = openServer(runtime, target.config.server);
  const name = serverName ?? (await onlyRemote(client));
  const limits = { timeout: LIMIT_MS, next: ["meshauth check"] };
  const { session } = await openProviderOf(runtime, { ...held, serverName: name }, limits, client);
  const fresh = { serverName: name, token };
  const credential = toCredential({ ...held, ...fresh }, details);
  try {
    const { account, trouble } = await session.call((provider, host) =>
      identify(provider, host, { credential, fresh, skipVerify: false }),
    );
    if (account) return account;
    throw new MeshauthError("MESHAUTH_E_NETWORK", {
      message: "Nobody can be asked whose account this is.",
      ...(trouble === undefined ? {} : { why: trouble.why }),
      ...(trouble?.next.length ? { next: trouble.next } : {}),
    });
  } finally {
    await session.close({ immediate: true });
  }
}

function isDenial(error: unknown): error is MeshauthError {
  return isMeshauthError(error) && error.code === "MESHAUTH_E_DENIED";
}

function refused({ message, why, cause }: MeshauthError, next: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", { message, why, cause, next: [next] });
}
