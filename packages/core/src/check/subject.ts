import type { CredentialState, Details } from "@meshauth/auth-store";
import type { ExitCode } from "../errors/table.js";
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
  /** The config could be read, but the context that was named is not in it. */
  contextError?: { readonly message: string; readonly next: string; readonly exit: ExitCode };
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
