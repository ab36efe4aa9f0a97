import type { Credential, OptionValues } from "@meshauth/provider-api";

/** A server as a function of web-standard types. What it throws is shown as a fault of the example. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** Servers by origin, such as `"https://login.acme.example"`. Requests keep that origin; nothing leaves the machine. */
export type Servers = Readonly<Record<string, Handler>>;

/** What an {@link ExampleFactory} is handed. */
export interface ExampleTools {
  /** The home directory of the pretended user, absolute: for options that name a file. It is what `Host.home` gives. */
  readonly home: string;
  /**
   * Makes up a secret: a token, a code, a client secret. The same label gives the same secret for as long as
   * the kit runs. None of them may show up in what the provider reports, logs or fails with.
   */
  secret(label?: string): string;
}

/** Looks at an address as a browser would, without following a redirect. */
export type Visit = (address: string | URL, init?: RequestInit) => Promise<Response>;

/** What is answered to the provider's questions, in their order. */
export interface Answers {
  readonly ask?: readonly string[];
  readonly confirm?: readonly boolean[];
  /** The `value` of the choice. */
  readonly choose?: readonly string[];
}

/** How a login succeeds. */
export interface LoginExample {
  /** The values of the provider's own options. */
  readonly options?: OptionValues;
  /** The server's provider name that was typed, as with `-p NAME`. */
  readonly serverName?: string;
  /** What `--token-stdin` brings. */
  readonly token?: string;
  readonly force?: boolean;
  /** What `Host.readStdin` gives. */
  readonly stdin?: string | Uint8Array;
  readonly answers?: Answers;
  /**
   * What the person does in the browser with the link. What it returns is the address that the browser goes
   * back to. Default: the link is opened and redirects are followed until one leads back.
   */
  readonly browser?: (link: URL, visit: Visit) => Promise<string | URL>;
}

/** How one of the later calls goes. */
export interface LaterExample {
  /** The credential that it is called with. Default: what a login gives, as it is stored. */
  readonly credential?: Credential;
  /**
   * Servers that say no, in place of those of the same origin. Default: what the standards say, 400
   * `invalid_grant` to a refresh (RFC 6749 section 5.2) and 401 `invalid_token` to a question who it is (RFC 6750
   * section 3.1); there is none for revocation.
   */
  readonly denied?: Servers;
}

/** Everything the kit has to know about one provider to see it succeed. */
export interface ProviderExample {
  readonly servers?: Servers;
  /** The context's Meshery Server. Default: there is none. */
  readonly mesheryServer?: Handler;
  /** Files in the home directory, by relative path, each made anew for every try. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Variables of the environment besides `HOME`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly login: LoginExample;
  /** The same with a token from `--token-stdin`, where that is another way than {@link ProviderExample.login}. */
  readonly tokenLogin?: LoginExample;
  /** Renewals have to work twice in a row: what the first one gave is renewed once more. */
  readonly refresh?: LaterExample;
  readonly revoke?: LaterExample;
  readonly identify?: LaterExample;
}

/** Makes an example with fresh state. It is called for every try: what one try did to a server is gone in the next. */
export type ExampleFactory = (tools: ExampleTools) => ProviderExample | Promise<ProviderExample>;

/** How long things may take, in milliseconds: from 1 to 300,000. */
export interface Limits {
  /**
   * One try of one call; its process is killed then. Default: 10,000. A provider that pauses by itself, as between two
   * questions of a device login, may need more.
   */
  readonly run: number;
  /** The end of a call, once it is aborted. Default: 1,500. */
  readonly grace: number;
}

/** What the file `meshauth.conformance.js` of a provider package exports as its default. */
export interface Conformance {
  /** By provider id. */
  readonly providers: Readonly<Record<string, ExampleFactory>>;
  readonly limits?: Partial<Limits>;
}

/**
 * Gives an object the type {@link Conformance}.
 *
 * @example
 * export default defineConformance({
 *   providers: {
 *     acme: ({ secret }) => ({
 *       servers: { "https://login.acme.example": () => Response.json({ id: "42" }) },
 *       login: { answers: { ask: [secret("token")] } },
 *     }),
 *   },
 * });
 */
export function defineConformance(conformance: Conformance): Conformance {
  return conformance;
}
