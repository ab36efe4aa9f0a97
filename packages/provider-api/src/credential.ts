interface CredentialBase {
  /** The value of `meshery-provider` in `auth.json`: the name that a Meshery Server knows the provider by. */
  readonly serverName: string;
  /**
   * The provider's base address, kept beside the file (never in it). What {@link Provider.login} puts here
   * is what identify, refresh and revoke find here later, in another process too. Absent when another tool
   * wrote the file.
   */
  readonly origin?: string;
  /** Further members for `auth.json`, as an imported file may carry them. Strings only. */
  readonly members?: Readonly<Record<string, string>>;
}

/** No account: the token in `auth.json` is the empty string. */
export interface LocalCredential extends CredentialBase {
  readonly kind: "local";
}

/** A token that is stored as it came: a token envelope, a JWT or an opaque API token. */
export interface TokenCredential extends CredentialBase {
  readonly kind: "token";
  readonly token: string;
}

/** The parts of an OAuth 2.0 token response (RFC 6749 section 5.1); stored as a token envelope. */
export interface OAuth2Credential extends CredentialBase {
  readonly kind: "oauth2";
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Default `bearer`. */
  readonly tokenType?: string;
  /** When the access token ends, RFC 3339. Absent: it does not end. */
  readonly expiry?: string;
}

/** What a provider hands over. meshauth validates it, asks who it belongs to and stores it. */
export type Credential = LocalCredential | TokenCredential | OAuth2Credential;

/** Who a credential belongs to. */
export interface Account {
  /** Stable and unique at its provider. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
}

/** What became of a credential at its provider. */
export type Revocation =
  /** Nobody can use it any more, or renew it. */
  | { readonly outcome: "revoked" }
  /**
   * The provider has no way for a program to end this kind of credential. `page`: the address of a page on
   * which a person can.
   */
  | { readonly outcome: "not-supported"; readonly page?: string };
