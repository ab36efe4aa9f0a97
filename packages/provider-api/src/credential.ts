/** What every {@link Credential} has. */
interface CredentialBase {
  /**
   * The value of `meshery-provider` in `auth.json`: the name that a Meshery Server knows the provider by. Servers
   * are sent it in a cookie, so it is 1 to 64 characters of visible ASCII, with single spaces inside at most, and
   * has no quote, semicolon or backslash.
   */
  readonly serverName: string;
  /**
   * The provider's base address, https or http to loopback, kept beside the file (never in it). What
   * {@link Provider.login} puts here is what identify, refresh and revoke find here later, in another process too.
   * Absent when another tool wrote the file.
   */
  readonly origin?: string;
  /**
   * What later calls need to know besides, such as the id of a client. Like `origin` it is kept beside the file, where
   * no other tool reads it, and is absent when another tool wrote the file. At most 32 texts of at most 2,048
   * characters, none of them a secret.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Further members for `auth.json`, as an imported file may carry them. Strings only, and neither
   * `meshery-provider` nor `token`. Every Meshery tool can read them.
   */
  readonly members?: Readonly<Record<string, string>>;
}

/** No account: the token in `auth.json` is the empty string. */
export interface LocalCredential extends CredentialBase {
  /** What tells it from the others. */
  readonly kind: "local";
}

/** A token that is stored as it came: a token envelope, a JWT or an opaque API token. */
export interface TokenCredential extends CredentialBase {
  /** What tells it from the others. */
  readonly kind: "token";
  /** The token itself; `parseToken` of `@meshauth/provider-api/format` tells what is one. */
  readonly token: string;
}

/** The parts of an OAuth 2.0 token response (RFC 6749 section 5.1); stored as a token envelope. */
export interface OAuth2Credential extends CredentialBase {
  /** What tells it from the others. */
  readonly kind: "oauth2";
  /** `access_token`: visible ASCII. */
  readonly accessToken: string;
  /** `refresh_token`. Absent: the credential cannot be renewed. */
  readonly refreshToken?: string;
  /** `token_type`; `bearer` in any case is the only one. Default `bearer`. */
  readonly tokenType?: string;
  /** When the access token ends, RFC 3339. Absent: it does not end. */
  readonly expiry?: string;
}

/**
 * What a provider hands over. meshauth validates it, asks who it belongs to and stores it.
 *
 * What was stored comes back to the provider as a {@link TokenCredential} with the token as it stands in `auth.json`,
 * or as a {@link LocalCredential}: of an {@link OAuth2Credential} that is its token envelope, which `inspectToken` of
 * `@meshauth/provider-api/format` reads. The {@link Provider.identify} that belongs to a login gets what
 * {@link Provider.login} returned.
 */
export type Credential = LocalCredential | TokenCredential | OAuth2Credential;

/** Who a credential belongs to. Its text is made printable before it is shown. */
export interface Account {
  /** Stable and unique at its provider. Logins with different ids are logins of different people. */
  readonly id: string;
  /** The person's name. */
  readonly name?: string;
  /** The person's e-mail address. `--expect-account` takes it as well as the id, in any case. */
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
