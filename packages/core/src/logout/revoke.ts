import type { Revocation } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { type Held, openProviderOf } from "../credential/index.js";
import { toMeshauthError } from "../errors/error.js";
import { EXIT } from "../errors/exit.js";
import type { Runtime } from "../runtime.js";
import { toCredential } from "../stored-credential.js";
import { printable } from "../text.js";

/** How long a provider may take to revoke a token, in milliseconds. */
const LIMIT_MS = 15_000;

/** What became of a token at its provider. */
export interface RevocationResult {
  readonly outcome: "revoked" | "not-supported" | "failed";
  /** A sentence. */
  readonly message: string;
  /** Where a person can delete the token; null where no such page is known. */
  readonly page: string | null;
  /** Whether it failed because nobody answered. */
  readonly unreachable: boolean;
}

/** Ends a token at its provider. Never fails: what went wrong is the result. @throws the signal's reason. */
export async function revoke(runtime: Runtime, held: Held): Promise<RevocationResult> {
  try {
    return toResult(await ask(runtime, held), held);
  } catch (error) {
    runtime.signal.throwIfAborted();
    const { message, why, exitCode } = toMeshauthError(error);
    const unreachable = exitCode === EXIT.network || exitCode === EXIT.timeout;
    return {
      outcome: "failed",
      message: `The token was not revoked: ${message} ${why}`,
      page: null,
      unreachable,
    };
  }
}

async function ask(runtime: Runtime, held: Held): Promise<Revocation> {
  const { serverName = "", details } = held;
  const { session } = await openProviderOf(runtime, held, { timeout: LIMIT_MS, next: [] });
  try {
    const credential = toCredential({ ...held, serverName }, details);
    return await session.call(
      async (provider, host): Promise<Revocation> =>
        (await provider.revoke?.(credential, host)) ?? { outcome: "not-supported" },
    );
  } finally {
    await session.close({ immediate: true });
  }
}

function toResult(revocation: Revocation, { token }: Held): RevocationResult {
  if (revocation.outcome === "revoked") {
    return { outcome: "revoked", message: "The token was revoked.", page: null, unreachable: false };
  }
  const page = revocation.page === undefined ? null : printable(revocation.page, 500);
  const { expiresAt } = inspectToken(token);
  const end = expiresAt === undefined ? "until it is deleted there" : `until ${expiresAt.toISOString()}`;
  const where = page === null ? "" : ` Delete it on ${page}.`;
  return {
    outcome: "not-supported",
    message: `The provider cannot revoke this kind of token: it stays valid ${end}.${where}`,
    page,
    unreachable: false,
  };
}
