import { resolve } from "node:path";
import { type Credential, ProviderError } from "@meshauth/provider-api";
import { readIssuer } from "./issuer.js";
import type { ClientAuth, ClientSettings } from "./settings.js";

/** What a login kept for later calls, beside the address of the issuer. A secret stays where it was. */
interface Kept {
  readonly client_id: string;
  readonly client_auth: ClientAuth;
  readonly client_auth_file?: string;
  readonly resource?: string;
  readonly scope?: string;
  readonly sub?: string;
}

/** What a login kept, as later calls use it. */
export interface Remembered {
  readonly settings: ClientSettings;
  /** The `sub` of the ID token. */
  readonly subject: string | undefined;
}

/**
 * What to keep of a login.
 *
 * @param told - What the server said: the scope to renew with, and the `sub` of the ID token.
 */
export function toKept(
  { clientId, clientAuth, proofFile, resource }: ClientSettings,
  { scope, sub }: { readonly scope: string | undefined; readonly sub: string | undefined },
): Record<string, string> {
  const kept: Kept = {
    client_id: clientId,
    client_auth: clientAuth,
    // What came from standard input is not there a second time: the environment is looked at instead.
    ...(proofFile === undefined || proofFile === "-" ? {} : { client_auth_file: resolve(proofFile) }),
    ...(resource === undefined ? {} : { resource }),
    ...(scope === undefined ? {} : { scope }),
    ...(sub === undefined ? {} : { sub }),
  };
  return { ...kept };
}

/** @throws {@link ProviderError} `unreachable` when nothing tells where the credential came from. */
export function remembered({ origin, settings }: Credential): Remembered {
  const kept = settings as Partial<Kept> | undefined;
  if (origin === undefined || kept?.client_id === undefined) {
    throw new ProviderError("unreachable", "The server of this sign-in is not known.", {
      reason: "Another program made it: neither the issuer nor the client is kept with it.",
      next: ["meshauth login oidc --issuer URL --client-id ID"],
    });
  }
  const {
    client_id: clientId,
    client_auth: clientAuth = "none",
    client_auth_file: proofFile,
    resource,
    scope,
  } = kept;
  return {
    settings: {
      issuer: readIssuer(origin),
      clientId,
      clientAuth,
      ...(proofFile === undefined ? {} : { proofFile }),
      ...(resource === undefined ? {} : { resource }),
      ...(scope === undefined ? {} : { scope }),
    },
    subject: kept.sub,
  };
}
