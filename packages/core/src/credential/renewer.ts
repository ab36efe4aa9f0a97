import type { Details } from "@meshauth/auth-store";
import type { Credential, Revocation } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime } from "../runtime.js";
import { type StoredCredential, toCredential, toStored } from "../stored-credential.js";
import { type Held, TOLERATED_SKEW_MS } from "./held.js";
import { openProviderOf } from "./provider.js";

/**
 * How long a provider may take for a renewal, or for giving up a new token again, in milliseconds: two seconds for the
 * server's list, ten for its answer, twenty for the provider's, and some to spare. Cut short, an answer is lost.
 */
export const RENEWAL_LIMIT_MS = 35_000;

/** The provider of a credential, asked to renew it. Nothing of it is loaded before it is needed. */
export interface Renewer {
  /**
   * @throws MeshauthError `MESHAUTH_E_EXPIRED` when the provider refuses, `MESHAUTH_E_NOT_RENEWABLE` when it
   *   has no such function, `MESHAUTH_E_PROTOCOL` when what it gives is not a renewal.
   */
  renew(held: Held): Promise<{ readonly fresh: StoredCredential; readonly details: Details }>;
  /** Ends a credential at the provider, as far as possible: nobody is told about a failure. */
  revoke(credential: Credential): Promise<void>;
  close(): Promise<void>;
}

/** Prepares the renewal of a credential. */
export function openRenewer(runtime: Runtime, found: Held): Renewer {
  let opened: ReturnType<typeof openProviderOf> | undefined;
  const open = (): NonNullable<typeof opened> => {
    const next = ["Run the same command again."];
    opened ??= openProviderOf(runtime, found, { timeout: RENEWAL_LIMIT_MS, next });
    return opened;
  };
  return {
    async renew(held) {
      const { installed, session } = await open();
      const old = toCredential({ ...held, serverName: held.serverName ?? "" }, held.details);
      const credential = await refresh(session, old);
      const fresh = toStored(credential, installed.package);
      runtime.secrets.add(fresh.token);
      checkRenewal(held.token, fresh.token);
      return { fresh, details: detailsOf(runtime, installed, held, credential, fresh, session.clockSkew()) };
    },
    async revoke(credential) {
      try {
        const { session } = await open();
        await session.call(
          async (provider, host): Promise<Revocation | undefined> => provider.revoke?.(credential, host),
        );
      } catch (error) {
        runtime.debug(
          `the token that was given up is not revoked: ${error instanceof Error ? error.message : ""}`,
        );
      }
    },
    async close() {
      const { session } = (await opened?.catch(() => undefined)) ?? {};
      await session?.close({ immediate: true });
    },
  };
}

async function refresh(session: ProviderSession, old: Credential): Promise<Credential> {
  try {
    return await session.call(async (provider, host) => {
      if (provider.refresh) return await provider.refresh(old, host);
      throw new MeshauthError("MESHAUTH_E_NOT_RENEWABLE", {
        why: `The provider ${provider.id} has no way to renew a sign-in.`,
      });
    });
  } catch (error) {
    if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_DENIED") throw error;
    throw new MeshauthError("MESHAUTH_E_EXPIRED", {
      message: "The provider refuses to renew this sign-in.",
      why: `${error.message} ${error.why}`,
      next: ["meshauth login"],
      cause: error,
    });
  }
}

/** What comes back must be another token of the same account, or the login would be lost to it. */
function checkRenewal(old: string, fresh: string): void {
  if (fresh === "" || fresh === old) throw nonsense("It gave back what it was sent.");
  const [before, after] = [old, fresh].map((token) => inspectToken(token).subject);
  if (before !== undefined && after !== undefined && before !== after) {
    throw nonsense("It gave a token of another account.");
  }
}

function nonsense(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PROTOCOL", {
    message: "What the provider gave is no renewal; the credential was left as it is.",
    why,
  });
}

function detailsOf(
  runtime: Runtime,
  { entry, package: name, version }: InstalledProvider,
  { details }: Held,
  { origin, settings = details?.settings }: Credential,
  { token }: StoredCredential,
  skew: number | undefined,
): Details {
  const { expiresAt } = inspectToken(token);
  return {
    // The maker stays: an import, for one, is not made by who renews it.
    provider: details?.provider ?? { id: entry.id, package: name, version },
    account: details?.account ?? null,
    verified: details?.verified ?? false,
    savedAt: runtime.now().toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    ...(origin === undefined ? {} : { providerUrl: origin }),
    ...(settings === undefined ? {} : { settings }),
    ...notableSkew(skew),
    ...(details?.again === undefined ? {} : { again: details.again }),
  };
}

/** A difference of clocks in the form in which it is kept: only one that matters. */
export function notableSkew(skew: number | undefined): { readonly clockSkew?: number } {
  return skew !== undefined && Math.abs(skew) > TOLERATED_SKEW_MS ? { clockSkew: skew } : {};
}
