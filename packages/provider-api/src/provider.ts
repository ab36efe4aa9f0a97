import type { Account, Credential, Revocation } from "./credential.js";
import type { Host } from "./host.js";
import type { ApiVersion } from "./version.js";

/** The values of the provider's own options, by name, as each {@link OptionSpec} says. What was not given is absent. */
export type OptionValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a person asked for. */
export interface LoginRequest {
  /** The provider's own options, checked against its manifest. */
  readonly options: OptionValues;
  /** The server's provider name that was typed (`-p Meshery`), spelled as in the manifest or by the server. */
  readonly serverName?: string;
  /** From `--token-stdin`, without white space around it; offered only to providers with the {@link Flow} `paste`. */
  readonly token?: string;
  /** Replace and accept what would otherwise be refused for the person's own good. */
  readonly force: boolean;
}

/**
 * The default export of a provider's module.
 *
 * Only {@link Provider.login} is required. Every call gets a {@link Host}, and ends with it: at the time limit, or when
 * the person leaves. What a function prints goes to standard error.
 */
export interface Provider {
  /** {@link PROVIDER_API} of the contract that it was written for, as in the manifest. */
  readonly api: ApiVersion;
  /** As in the manifest. */
  readonly id: string;
  /**
   * Obtains a credential. Writes nothing and prints nothing. The time limit is that of `--timeout`, 5 minutes if not
   * given.
   *
   * @throws {@link ProviderError} of any {@link ProviderErrorCode}.
   */
  login(request: LoginRequest, host: Host): Promise<Credential>;
  /**
   * Renews a credential, whose `origin`, `settings` and `members` are those that are stored. It runs under the lock of
   * the credential file, once for all processes that want the same, and has some half a minute.
   *
   * A refresh token that is used once only is lost with an answer that gets lost: whoever does not know
   * whether it was used says `unreachable` and does not present it again.
   *
   * @returns The same credential with a new token: `serverName` and `origin` as they were. Without `settings` those
   *   that are stored stay.
   * @throws {@link ProviderError} `expired` when the credential has nothing to renew it by; `denied` when the
   *   provider said that it cannot be renewed any more, which is remembered: it is not asked again;
   *   `unreachable` or `protocol` when a later try may work.
   */
  refresh?(credential: Credential, host: Host): Promise<Credential>;
  /**
   * Ends a credential at the provider, so that nobody can use it or renew it any more (RFC 7009). Called by
   * `logout`, which empties the file whatever comes of it and waits 15 s at most. Without this function `logout` says
   * that the token was not revoked.
   *
   * @returns `revoked` when the provider confirmed it; `not-supported` when it has no way to end this kind of
   *   credential.
   * @throws {@link ProviderError} `unreachable` when it could not be asked, `denied` when it refused,
   *   `protocol` when its answer says neither.
   */
  revoke?(credential: Credential, host: Host): Promise<Revocation>;
  /**
   * Asks who the credential belongs to, after a login within 15 s, and for `whoami` and `check`. It gets no options:
   * what it needs of the login is the credential's `origin` and `settings`. Without this function the Meshery Server is asked.
   *
   * @throws {@link ProviderError} `denied` when the provider does not accept it, `unreachable` or `protocol` when it
   *   cannot be asked: then the login is kept, and said to be unconfirmed.
   */
  identify?(credential: Credential, host: Host): Promise<Account>;
  /**
   * Called once after the credential of {@link Provider.login} was stored, with 15 s to end. A failure becomes a
   * warning: the login stands.
   */
  saved?(request: LoginRequest, host: Host): Promise<void>;
}

/**
 * Gives an object the type {@link Provider} and keeps its own. It does nothing when it runs.
 *
 * @example
 * ```ts
 * export default defineProvider({
 *   api: PROVIDER_API,
 *   id: "acme",
 *   async login(request, host) {
 *     const token = request.token ?? (await host.ask({ message: "Acme token:", secret: true }));
 *     return { kind: "token", serverName: "Acme", token };
 *   },
 * });
 * ```
 */
export function defineProvider<const P extends Provider>(provider: P): P {
  return provider;
}
