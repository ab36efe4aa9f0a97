/** A line of the contract: which declaration of `@meshauth/provider-api` says what, in its own words. */
export interface ContractLine {
  readonly of: string;
  readonly says: string;
}

const line = (of: string, says: string): ContractLine => ({ of, says });

/** The lines that cases stand for. Each is a sentence, or a part of one, of the doc comments of the contract. */
export const CONTRACT = {
  manifest: line("ProviderManifest", "What a provider package says about itself in its `package.json`"),
  module: line("ProviderEntry.module", "The module whose default export is the {@link Provider}"),
  login: line("Provider.login", "Writes nothing and prints nothing."),
  credential: line("Credential", "meshauth validates it, asks who it belongs to and stores it."),
  hosts: line("ProviderEntry.hosts", "Origins that it talks to"),
  signal: line(
    "Host.signal",
    "Aborted when the person leaves or the time is up. Every wait of the host ends with it.",
  ),
  interaction: line("ProviderErrorCode", "A person is needed and none can be asked."),
  input: line("ProviderErrorCode", "A file or text that was given cannot be taken."),
  usage: line("ProviderErrorCode", "An option has a value that cannot be used."),
  unreachable: line("ProviderErrorCode", "or the far side said that it is out of order."),
  protocol: line(
    "ProviderErrorCode",
    "An answer that is not what the protocol says: malformed, redirecting, HTML for JSON.",
  ),
  server: line("Host.server", "It may not be there."),
  refuse: line("Decision", "Not what was asked for: refused, the login goes on waiting."),
  fail: line("Decision", "The provider reports failure: the login ends."),
  accept: line("ListenOptions.accept", "Decides about one callback, in one synchronous step."),
  wait: line("Receiver.wait", "waits for the callback or for a paste, whichever is accepted first."),
  parameters: line("ListenOptions.parameters", "Query parameters that count."),
  options: line("ProviderEntry.options", "Options of its own."),
  required: line("OptionSpec.required", "On a terminal meshauth asks for it"),
  env: line("OptionSpec.env", "gives the value when the flag is absent."),
  token: line("LoginRequest.token", "offered only to providers with the {@link Flow} `paste`."),
  renewed: line(
    "Provider.refresh",
    "The same credential with a new token: `serverName` and `origin` as they were.",
  ),
  renewable: line("Provider.refresh", "whose `origin`, `settings` and `members` are those that are stored."),
  refreshDenied: line(
    "Provider.refresh",
    "`denied` when the provider said that it cannot be renewed any more",
  ),
  refreshLater: line("Provider.refresh", "`unreachable` or `protocol` when a later try may work."),
  refreshOnce: line("Provider.refresh", "says `unreachable` and does not present it again."),
  refreshNothing: line("Provider.refresh", "`expired` when the credential has nothing to renew it by"),
  revoked: line("Provider.revoke", "`revoked` when the provider confirmed it"),
  revokeFailed: line("Provider.revoke", "`unreachable` when it could not be asked, `denied` when it refused"),
  identify: line("Provider.identify", "Asks who the credential belongs to"),
  identifyFailed: line(
    "Provider.identify",
    "`denied` when the provider does not accept it, `unreachable` or `protocol` when it cannot be asked",
  ),
  origin: line("Credential.origin", "Absent when another tool wrote the file."),
  saved: line("Provider.saved", "Called once after the credential of {@link Provider.login} was stored"),
  host: line(
    "Host",
    "what is done without it has no time limit, no proxy, no protection of secrets, and cannot be interrupted.",
  ),
  secret: line("ProviderError", "without a secret."),
  defect: line("ProviderError", "Any other error that leaves a provider counts as a defect of the provider"),
} as const;

/** A line as it is shown: without the marks of doc comments. */
export function showLine({ of, says }: ContractLine): string {
  return `${of}: "${says.replace(/\{@link ([^}]+)\}/g, "$1").replaceAll("`", "")}"`;
}
