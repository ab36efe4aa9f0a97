import type { Account, Credential, Revocation } from "./credential.js";
import type { Host } from "./host.js";
import type { ApiVersion } from "./version.js";

/** The values of the provider's own options, by name. */
export type OptionValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a person asked for. */
export interface LoginRequest {
  readonly options: OptionValues;
  /** The server's provider name that was typed (`-p Meshery`), spelled as in the manifest or by the server. */
  readonly serverName?: string;
  /** From `--token-stdin`; offered only to providers with the flow `paste`. */
  readonly token?: string;
  /** Replace and accept what would otherwise be refused for the person's own good. */
  readonly force: boolean;
}

/** The default export of a provider's module. */
export interface Provider {
  /** {@link PROVIDER_API} of the contract that it was written for. */
  readonly api: ApiVersion;
  /** As in the manifest. */
  readonly id: string;
  /**
   * Obtains a credential. Writes nothing and prints nothing.
   *
   * @throws {@link ProviderError}
   */
  login(request: LoginRequest, host: Host): Promise<Credential>;
  /**
   * Renews a credential, whose `origin` and `members` are those that are stored. It runs under the lock of
   * the credential file, once for all processes that want the same, and has some half a minute.
   *
   * A refresh token that is used once only is lost with an answer that gets lost: whoever does not know
   * whether it was used says `unreachable` and does not present it again.
   *
   * @returns The same credential with a new token: `serverName` and `origin` as they were.
   * @throws {@link ProviderError} `expired` when the credential has nothing to renew it by; `denied` when the
   *   provider said that it cannot be renewed any more, which is remembered: it is not asked again;
   *   `unreachable` or `protocol` when a later try may work.
   */
  refresh?(credential: Credential, host: Host): Promise<Credential>;
  /**
   * Ends a credential at the provider, so that nobody can use it or renew it any more (RFC 7009). Called by
   * `logout`, which empties the file whatever comes of it.
   *
   * @returns `revoked` when the provider confirmed it; `not-supported` when it has no way to end this kind of
   *   credential.
   * @throws {@link ProviderError} `unreachable` when it could not be asked, `denied` when it refused,
   *   `protocol` when its answer says neither.
   */
  revoke?(credential: Credential, host: Host): Promise<Revocation>;
  /**
   * Asks who the credential belongs to. It gets no options: what it needs of the login is the
   * credential's `origin`.
   *
   * @throws {@link ProviderError} `denied` when the provider does not accept it, `unreachable` when it
   *   cannot be asked.
   */
  identify?(credential: Credential, host: Host): Promise<Account>;
  /** Called once after the credential of {@link Provider.login} was stored. A failure becomes a warning. */
  saved?(request: LoginRequest, host: Host): Promise<void>;
}

/** Gives an object the type {@link Provider} and keeps its own. */
export function defineProvider<const P extends Provider>(provider: P): P {
  return provider;
}
