import type { Decision } from "@meshauth/provider-api";
import type { RegisteredAddress } from "./address.js";

/** Something that happened at the receiver and that the person should know of. One line, printable. */
export interface Notice {
  readonly kind: /** A different answer came to the right address after the login was decided. Told once. */
    | "second-token"
    /** The browser speaks TLS to the receiver. Told once. */
    | "tls"
    /** An answer came to the right address and could not be taken; the login goes on waiting. */
    | "refused";
  readonly message: string;
}

/** Bounds on what clients may use up. Milliseconds, bytes and numbers of connections. */
export interface ReceiverLimits {
  /** Connections that stay open at once. */
  readonly connections: number;
  /** Connections for the moment in which new ones may still send their request. */
  readonly burst: number;
  /** How long a connection may take to send its request before others go first. */
  readonly grace: number;
  /** How long a connection may take to send its request at all. */
  readonly request: number;
  /** How often that is looked at. */
  readonly interval: number;
  /** The size of a request's head. */
  readonly head: number;
}

/** How long the receiver goes on serving its result page, in milliseconds. */
export interface DrainTimes {
  /** After the login was decided. */
  readonly decided: number;
  /** After {@link LoopbackReceiver.close}. */
  readonly closing: number;
}

/** What a test may replace. */
export interface ReceiverInternals {
  /** Makes the secret part of the address: 43 characters of base64url. */
  readonly nonce?: () => string;
  /** The port asked for when the caller named none; 0 lets the system choose. */
  readonly choosePort?: () => number;
  /** The loopback address of either family. */
  readonly addresses?: { readonly v4: string; readonly v6: string };
  readonly drain?: Partial<DrainTimes>;
  readonly limits?: Partial<ReceiverLimits>;
}

/** What {@link openReceiver} needs. */
export interface OpenReceiverOptions<T> {
  /** Part of the address, so that one provider's answer never counts as another's. */
  readonly providerId: string;
  /** The port to use; default: that of the registered address, else one that is free. */
  readonly port?: number;
  /** The address as it is registered at the provider; default: one with a secret path. */
  readonly registered?: RegisteredAddress;
  /** Query parameters that count. Each may come once; all others are ignored. */
  readonly parameters: readonly string[];
  /** Decides about one answer, in one synchronous step. Throwing counts as `refuse`. */
  accept(parameters: ReadonlyMap<string, string>): Decision<T>;
  /** Told every value that comes to the right address, taken or not, before anything else sees it. */
  onSecret(value: string): void;
  onNotice(notice: Notice): void;
  /** Ends the wait and closes the receiver at once. */
  readonly signal: AbortSignal;
  readonly internals?: ReceiverInternals;
}

/** The loopback interface redirection of RFC 8252 section 7.3, open for one login. */
export interface LoopbackReceiver<T> {
  /** `http://localhost:<port>/cb/<provider id>/<nonce>`, or the registered address with its port. */
  readonly redirectUri: string;
  /** The secret of this login, which has to come back as `state` to a registered address. */
  readonly state: string;
  readonly port: number;
  /**
   * Settles once: the accepted value; what `accept` said `fail` with, else a ProviderError `denied`; the signal's
   * reason; or an `AbortError` when the receiver was closed before anything came.
   */
  readonly outcome: Promise<T>;
  /**
   * Takes a pasted address of this receiver, whole or its path and query, as if a browser had brought it.
   * White space, line breaks, quotes and a fragment are removed first.
   *
   * @returns `undefined` when the text is no address of a receiver.
   */
  paste(text: string): Decision<T> | undefined;
  /**
   * Closes the receiver and waits until the port is free. When a browser was answered and has not yet
   * fetched the result page, it gets a moment to do so, unless `immediate` is given.
   */
  close(options?: { readonly immediate?: boolean }): Promise<void>;
}

/** The limits that hold unless a test replaces them. */
export const DEFAULT_LIMITS: ReceiverLimits = {
  connections: 32,
  burst: 512,
  grace: 250,
  request: 5000,
  interval: 1000,
  head: 64 * 1024,
};

/** The drain times that hold unless a test replaces them. */
export const DEFAULT_DRAIN: DrainTimes = { decided: 5000, closing: 2000 };
