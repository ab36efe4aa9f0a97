import type { CommitResult, Details, StoreWarning } from "@meshauth/auth-store";
import type { Account, Credential } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { notableSkew } from "../credential/index.js";
import type { InstalledProvider } from "../registry/index.js";
import type { StoredCredential } from "../stored-credential.js";
import type { Target } from "../target.js";
import type { Identity } from "./verify.js";

/** What a login reports; the document of `--json`. */
export interface LoginReport {
  readonly provider: {
    readonly id: string;
    readonly name: string;
    readonly package: string;
    readonly version: string;
  };
  readonly account: Account | null;
  /** Whether the provider or the server confirmed the account. */
  readonly verified: boolean;
  readonly context: string | null;
  readonly server: string;
  readonly file: string;
  /** RFC 3339, or null when the credential does not end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly warnings: readonly string[];
}

/** What a login came to. */
export interface Outcome {
  readonly provider: InstalledProvider;
  readonly credential: Credential;
  readonly fresh: StoredCredential;
  readonly identity: Identity;
}

/**
 * What is kept about the credential, outside of `auth.json`.
 *
 * @param clockSkew - Milliseconds by which the provider's clock is ahead, where it is known.
 */
export function detailsOf(
  { provider, credential, fresh, identity }: Outcome,
  now: Date,
  clockSkew: number | undefined,
): Details {
  const { expiresAt } = inspectToken(fresh.token);
  return {
    provider: { id: provider.entry.id, package: provider.package, version: provider.version },
    account: identity.account,
    verified: identity.verified,
    savedAt: now.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    ...(credential.origin === undefined ? {} : { providerUrl: credential.origin }),
    ...(credential.settings === undefined ? {} : { settings: credential.settings }),
    ...notableSkew(clockSkew),
  };
}

/** What goes wrong beside the file while it is written, and what that means for the person. */
const BESIDE: ReadonlySet<StoreWarning["code"]> = new Set(["previous", "details"]);

/** What the write has to say to the person. */
export function warningsOf({
  damagedCopy,
  durable,
  warnings,
}: Pick<CommitResult, "damagedCopy" | "durable" | "warnings">): string[] {
  return [
    ...(damagedCopy === undefined
      ? []
      : [`The file was damaged before; what it held is kept in ${damagedCopy}.`]),
    ...(durable ? [] : ["The file is saved, but the disk did not confirm that it will survive a power cut."]),
    ...warnings.filter(({ code }) => BESIDE.has(code)).map(({ message }) => message),
  ];
}

/** The report of a login that was stored in `file`. */
export function reportOf(
  { provider, fresh, identity }: Outcome,
  { config }: Target,
  { file, warnings }: { readonly file: string; readonly warnings: readonly string[] },
): LoginReport {
  const { expiresAt, refreshable } = inspectToken(fresh.token);
  return {
    provider: {
      id: provider.entry.id,
      name: fresh.serverName,
      package: provider.package,
      version: provider.version,
    },
    account: identity.account,
    verified: identity.verified,
    context: config.currentContext ?? null,
    server: config.server,
    file,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    warnings: [...new Set(warnings)],
  };
}
