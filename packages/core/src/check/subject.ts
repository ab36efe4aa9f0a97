import type { CredentialState, Details } from "@meshauth/auth-store";
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
  /** The credential in force, once its shape is known to be good. */
  held?: { readonly serverName: string; readonly token: string };
  provider?: InstalledProvider;
  /** The provider at work; opened by the checks, closed at their end. */
  session?: ProviderSession;
  /** The remote provider's address, as the server lists it. */
  providerUrl?: string;
}
