import type { CredentialState, Details } from "@meshauth/auth-store";
import { MEND_ENVIRONMENT } from "../credential/index.js";
import type { MesheryServerClient } from "../meshery-server/index.js";
import type { ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import type { Target } from "../target.js";

/** What is being checked. Each check adds what it found; what is absent was not found. */
export interface CheckSubject {
  readonly runtime: Runtime;
  readonly flags: TargetFlags;
  target?: Target;
  server?: MesheryServerClient;
  serverIsThere?: boolean;
  credential?: CredentialState;
  details?: Details | undefined;
  /** Whether the provider has refused to renew what is in the file. */
  refused?: boolean;
  /** The credential in force, once its shape is known to be good. */
  held?: {
    readonly serverName: string;
    readonly token: string;
    /** All members of the file, where it comes from one. */
    readonly members?: ReadonlyMap<string, string>;
  };
  /** Whether a server or provider that saw the token might renew it, so that it would be lost. */
  keptBack?: boolean;
  provider?: InstalledProvider;
  /** Whether the provider's code may not run: it was changed, or nobody has allowed it yet. */
  barred?: boolean;
  /** The provider at work; opened by the checks, closed at their end. */
  session?: ProviderSession;
  /** The remote provider's address, as the server lists it. */
  providerUrl?: string;
}

/** What to do about a credential that is of no use: a login does not replace one of the environment. */
export function loginOrUnset({ credential }: Pick<CheckSubject, "credential">): string {
  return credential ? "meshauth login" : MEND_ENVIRONMENT;
}
