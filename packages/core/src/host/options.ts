import type { MesheryServer } from "@meshauth/provider-api";
import type { Told } from "../entry.js";
import type { HostFetch } from "../http/index.js";
import type { InstalledProvider } from "../registry/index.js";

/** The flags that meshauth itself gives every provider with the flow `browser`. */
export interface BrowserFlags {
  /** Only print the link. */
  readonly noBrowser?: boolean;
  /** The receiver's port. */
  readonly port?: number;
  /** Open nothing and take a pasted address or token. */
  readonly paste?: boolean;
  /** No flag: the link goes to a program that shows it somewhere, so nothing is opened here. */
  readonly elsewhere?: boolean;
}

/** What a host is made for. */
export interface HostOptions {
  readonly installed: InstalledProvider;
  readonly server: MesheryServer;
  readonly fetch: HostFetch;
  readonly browser: BrowserFlags;
  /** What the login was told, for commands that repeat it. */
  readonly told: Told;
  /** The program's signal joined with the login's time limit. */
  readonly signal: AbortSignal;
  /** Milliseconds left of the login. */
  timeLeft(): number;
}
