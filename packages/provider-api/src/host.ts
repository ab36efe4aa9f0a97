import type { MesheryServer } from "./meshery-server.js";

/**
 * What a provider may use. It is handed to every call; what is done without it has no time limit, no proxy, no
 * protection of secrets, and cannot be interrupted.
 *
 * Text may be passed on as it came: meshauth makes printable whatever is given to `ask`, `confirm`, `choose`
 * and `report`, what a {@link Decision} gives as its reason, and the message, reason and steps of an error.
 */
export interface Host {
  /** Aborted when the person leaves or the time is up. Every wait of the host ends with it. */
  readonly signal: AbortSignal;
  /** Whether {@link Host.ask}, {@link Host.confirm} and {@link Host.choose} can reach a person. */
  readonly interactive: boolean;
  /** The environment's variables. For options there is {@link OptionSpec.env}. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory, when there is one. */
  readonly home: string | undefined;
  /** The context's Meshery Server. It may not be there. */
  readonly server: MesheryServer;
  /** The current time of this machine, which may be wrong. */
  now(): Date;
  /**
   * `fetch` with meshauth's user agent, proxy, time limit (10 s) and size limit (1 MiB). Redirects are
   * never followed: they come back as the answer, like every status. Only https, or http to loopback, and no address
   * with a user name or password in it. Header and JSON members in which tokens usually come are kept out of all
   * output.
   *
   * @throws {@link ProviderError} `unreachable` when there is no answer in time, `protocol` for an address that is
   *   not allowed and for an answer that is too large or not HTTP.
   */
  fetch(url: string | URL, init?: HostRequest): Promise<HostResponse>;
  /**
   * Whether this login is one for the {@link Flow} `browser`: a browser can be opened on this machine, or a flag of
   * the person asks for that flow (`--no-browser`, `--port`, `--paste`). A provider with the flow `device`, too, takes
   * that one otherwise, also where the login is started for somebody elsewhere (`--start`).
   */
  wantsBrowser(): Promise<boolean>;
  /**
   * Opens the loopback receiver for a browser login, for providers with the {@link Flow} `browser`. The flags
   * `--no-browser`, `--port` and `--paste` are seen to.
   *
   * @throws {@link ProviderError} `interaction` when neither a person nor a program could open a link, `usage` for a
   *   `redirectUri` that is none of this machine.
   */
  listen<T>(options: ListenOptions<T>): Promise<Receiver<T>>;
  /**
   * Shows a link that can be opened on any device, with the code that goes with it, and waits for `poll`: the
   * device flow of RFC 8628.
   *
   * @returns What `poll` returned.
   * @throws What `poll` threw.
   */
  device<T>(login: DeviceLogin<T>): Promise<T>;
  /**
   * Asks for a line of text. With `secret` it is not echoed and is kept out of all output.
   *
   * @throws An error to pass on when nobody can be asked, or the person leaves. See {@link Host.interactive}.
   */
  ask(question: { readonly message: string; readonly secret?: boolean }): Promise<string>;
  /**
   * Asks a yes-or-no question. `initial` is the answer of a bare Enter, default no. Throws as {@link Host.ask} does.
   */
  confirm(question: { readonly message: string; readonly initial?: boolean }): Promise<boolean>;
  /**
   * Asks for one of several values with the arrow keys; `initial` is the value that is marked at first. Throws as
   * {@link Host.ask} does.
   *
   * @returns The `value` of the choice.
   */
  choose(question: {
    readonly message: string;
    readonly choices: readonly Choice[];
    readonly initial?: string;
  }): Promise<string>;
  /**
   * All of standard input, up to `limit` bytes. For options of the type `file` whose value is `-`.
   *
   * @throws {@link ProviderError} `input` when there is more.
   */
  readStdin(limit: number): Promise<Uint8Array>;
  /** Tells the person something. */
  report(event: ProviderEvent): void;
  /**
   * Keeps a value of at least 6 characters out of all output from now on, in the spellings in which it may occur. What
   * {@link Host.ask} took as secret, what came to the {@link Receiver} and the token of a login are known already.
   */
  secret(value: string): void;
  /** A line for debug output (`DEBUG=meshauth*`). Known secrets are taken out. */
  debug(message: string): void;
}

/** One of the answers to {@link Host.choose}. */
export interface Choice {
  /** What {@link Host.choose} gives back. It is not shown. */
  readonly value: string;
  /** What a person reads. */
  readonly label: string;
  /** A remark beside the label. */
  readonly hint?: string;
}

/** What a provider tells the person, through {@link Host.report}. */
export type ProviderEvent =
  /** Something is being done. */
  | { readonly type: "step"; readonly message: string }
  /** Something the person should know; it is also part of the report. */
  | { readonly type: "warning"; readonly message: string };

/** A request for {@link Host.fetch}. */
export interface HostRequest {
  /** Default `GET`. */
  readonly method?: string;
  /** `Accept: application/json` and meshauth's user agent come with every request; the latter is not to be replaced. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text. Its `Content-Type` is a header to give. */
  readonly body?: string;
  /** Milliseconds to the last byte of the answer; default 10,000, at most 30,000. */
  readonly timeout?: number;
}

/** An answer, already read to its end. */
export interface HostResponse {
  /** The HTTP status, redirects and errors included. */
  readonly status: number;
  /** The header fields. */
  readonly headers: Headers;
  /** The body as text. */
  readonly text: string;
  /**
   * The body as JSON, of whatever shape: check it.
   *
   * @throws {@link ProviderError} `protocol` when it is none.
   */
  json(): unknown;
}

/** What came back at the callback address, or was pasted. */
export type Decision<T> =
  /** The login is complete; `value` is handed on. */
  | { readonly kind: "accept"; readonly value: T }
  /** Not what was asked for: refused, the login goes on waiting. `reason` is for the person. */
  | { readonly kind: "refuse"; readonly reason: string }
  /**
   * The provider reports failure: the login ends. `reason` is shown escaped. With `error`, a
   * {@link ProviderError}, it ends with that one, instead of one with the code `denied`.
   */
  | { readonly kind: "fail"; readonly reason: string; readonly error?: Error };

/** What counts at the callback address, and who decides about it. */
export interface ListenOptions<T> {
  /**
   * The redirect address as it is registered, for providers that compare it letter by letter: plain http to
   * `localhost`, `127.0.0.1` or `[::1]`, a path or none, no query. Its port is used; without one, or with `--port`,
   * another port stands in its place (RFC 8252 section 7.3). What comes back is looked at only with
   * {@link Receiver.state} as its parameter `state`. Absent: the address itself is the secret.
   */
  readonly redirectUri?: string;
  /**
   * Query parameters that count. Each may come once; all others are ignored. All values are secrets, those of
   * `error`, `error_description` and `error_uri` excepted.
   */
  readonly parameters: readonly string[];
  /** Decides about one callback, in one synchronous step. To throw is to refuse. */
  accept(parameters: ReadonlyMap<string, string>): Decision<T>;
  /**
   * Decides about pasted text that is not an address of this receiver, such as a code that the provider's page shows.
   * Absent: refused.
   */
  acceptPasted?(text: string): Decision<T>;
}

/** An open loopback receiver: RFC 8252 section 7.3. */
export interface Receiver<T> {
  /**
   * The address to send the browser back to: `http://localhost:<port>/cb/<provider id>/<nonce>`, or that of
   * {@link ListenOptions.redirectUri} with its port.
   */
  readonly redirectUri: string;
  /** A value that nobody can guess, of this login alone: the `state` of an OAuth 2.0 request (RFC 6749 section 10.12). */
  readonly state: string;
  /**
   * Shows the link, opens the browser where that is possible, and waits for the callback or for a paste,
   * whichever is accepted first.
   *
   * @param link - The address of the provider's page: https, or http to loopback.
   * @param hint - A line for the person, for when nothing comes back.
   * @returns The `value` of the accepted {@link Decision}.
   * @throws {@link ProviderError} `denied`, or the error that came with it, when {@link ListenOptions.accept} said `fail`.
   */
  wait(link: string | URL, hint?: string): Promise<T>;
  /** Closes the receiver; meshauth does so too when the login ends. */
  close(): Promise<void>;
}

/** A login that someone approves in a browser, on this device or on another one. */
export interface DeviceLogin<T> {
  /** `verification_uri_complete`, or `verification_uri` where that is missing; https, or http to loopback. */
  readonly link: string | URL;
  /** `user_code`: to be typed there, or to be compared with what the page shows. */
  readonly code?: string;
  /** When the code ends, for the time left that is shown. */
  readonly expiresAt?: Date;
  /**
   * Asks the provider, at the interval that it wants, until someone has decided. What it waits for has to end with
   * the signal. The device code is a secret: tell {@link Host.secret}.
   */
  poll(signal: AbortSignal): Promise<T>;
}
