import type { Reuse, TokenOptions } from "./cloud/sessions.js";
import type { Era } from "./era.js";
import type { FaultControl } from "./faults/faults.js";
import type { Recorded } from "./http/recorded.js";
import type { RegisteredProvider } from "./server/registry.js";
import type { User } from "./users.js";

/** A running Meshery Server and its cloud. */
export interface Simulator {
  readonly era: Era;
  /** The cloud's name as a provider. */
  readonly remoteName: string;
  readonly server: SimulatedServer;
  readonly cloud: SimulatedCloud;
  readonly faults: FaultControl;
  /** Stops both and cuts every connection. */
  close(): Promise<void>;
}

export interface SimulatedServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything received, oldest first. */
  readonly requests: Recorded[];
  /** What is registered, with the keys in use. */
  readonly providers: readonly RegisteredProvider[];
  /** Forgets what a restart forgets: renewed tokens and fetched keys. */
  restart(): void;
}

export interface SimulatedCloud extends CloudControl {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything received, oldest first; from the Meshery Server too, whose user agent is Go's. */
  readonly requests: Recorded[];
}

/** What a test may do at the cloud without asking over HTTP. */
export interface CloudControl {
  readonly users: readonly User[];
  /** Refresh tokens that came a second time. Each one ended its session. */
  readonly reuses: readonly Reuse[];
  /** How many refreshes succeeded. */
  refreshes(): number;
  /** A token in one line, as a login would give it. @throws TypeError for an unknown user. */
  issueToken(options?: TokenOptions): string;
  /** A token as the page of API tokens would give it: no expiry, no refresh token. */
  apiToken(options?: { readonly user?: string; readonly name?: string; readonly bare?: boolean }): string;
  /** Ends the session of a token, in whichever form. @returns whether there is one. */
  revoke(token: string): boolean;
  /** Whether the access token would be accepted now. */
  isActive(token: string): boolean;
  /** Whether the token's session is over, so that refreshing fails too. True for unknown ones. */
  isEnded(token: string): boolean;
  userOf(token: string): User | undefined;
}
