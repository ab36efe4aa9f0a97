import type { Account } from "./credential.js";

/** A credential in the form in which a Meshery Server is asked about it. */
export interface ServerCredential {
  /** The value for the `meshery-provider` cookie. */
  readonly serverName: string;
  /**
   * The value for the `token` cookie: the token as it is stored, which `storedToken` of
   * `@meshauth/provider-api/format` gives.
   */
  readonly token: string;
}

/** One entry of a Meshery Server's `/api/providers`, in either casing. */
export interface ServerProvider {
  /** The map's key: the value that the server takes in the cookie. A name, or a host on newer servers. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  /** Whether it knows accounts: a local one does not. */
  readonly type: "local" | "remote";
  /** The provider's address, as the server's administrator gave it. Absent for a local provider. */
  readonly url?: string;
}

/** What the Meshery Server says, as far as it can be told. Its messages are sentences, fit for a terminal. */
export type ServerAnswer<T> =
  /** It answered what was asked. */
  | { readonly kind: "ok"; readonly value: T }
  /**
   * The server is there and does not accept the credential. `outright`: it said so. A redirect does not: older servers
   * send one, too, when their provider is down.
   */
  | {
      readonly kind: "refused";
      readonly why: "no-token" | "bad-token" | "unknown-provider";
      readonly outright?: boolean;
      readonly message: string;
    }
  /** No server, or one that cannot say: out of order, its provider is down, an answer that makes no sense. */
  | { readonly kind: "unavailable"; readonly message: string };

/** The Meshery Server of the context. Nothing here throws for what a server does. */
export interface MesheryServer {
  /** Its address, without a slash at the end. It may be plain http. */
  readonly url: string;
  /** `GET /api/providers`, within 2 s, asked once. */
  providers(): Promise<ServerAnswer<readonly ServerProvider[]>>;
  /** `GET /api/token`, within 10 s: the credential as the server would have it stored, validated. */
  token(
    credential: ServerCredential,
  ): Promise<ServerAnswer<ServerCredential & { readonly members: Readonly<Record<string, string>> }>>;
  /** `GET /api/user`, within 10 s: whose the credential is. */
  user(credential: ServerCredential): Promise<ServerAnswer<Account>>;
}
