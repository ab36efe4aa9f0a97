import { environmentToken, type FreshCredential, freshCredential } from "./credential/index.js";
import { isMeshauthError } from "./errors/error.js";
import type { Runtime, TargetFlags } from "./runtime.js";

/** The document of `refresh --json`. */
export interface RefreshReport {
  /** Whether the file has a new token now; false for a credential that does not end. */
  readonly refreshed: boolean;
  readonly provider: string | null;
  readonly context: string | null;
  readonly file: string;
  /** RFC 3339, or null when the token is not known to end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly warnings: readonly string[];
}

const OVERRIDDEN = "MESHERY_API_TOKEN is set and wins over the file; only the file's credential is renewed.";

/**
 * Renews the credential in the file now. Of several processes that do so at once, one asks the provider; its
 * result counts for all.
 *
 * @throws MeshauthError `MESHAUTH_E_EXPIRED` when the provider refuses, `MESHAUTH_E_NOT_RENEWABLE` for one that ends
 *   and has no refresh token, `MESHAUTH_E_STORE` when the result could not be saved.
 */
export async function refresh(runtime: Runtime, flags: TargetFlags): Promise<RefreshReport> {
  const overridden = environmentToken(runtime.env) !== undefined;
  const ofFile: Runtime = { ...runtime, env: { ...runtime.env, MESHERY_API_TOKEN: undefined } };
  const credential = await renewed(ofFile, flags);
  if (credential.unsaved) throw credential.unsaved;
  const { target, serverName, expiresAt, refreshable, warnings } = credential;
  return {
    refreshed: credential.renewed,
    provider: serverName ?? null,
    context: target.config.currentContext ?? null,
    file: target.store.file,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    warnings: [...(overridden ? [OVERRIDDEN] : []), ...warnings],
  };
}

/** What does not end needs no renewal, whether it could be renewed or not. */
async function renewed(runtime: Runtime, flags: TargetFlags): Promise<FreshCredential> {
  try {
    return await freshCredential(runtime, flags, { insist: true });
  } catch (error) {
    if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_NOT_RENEWABLE") throw error;
    const found = await freshCredential(runtime, flags, { minValidity: 0 });
    if (found.refreshable || found.expiresAt !== undefined) throw error;
    return found;
  }
}
