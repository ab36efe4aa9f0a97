import { type Credential, type OptionValues, ProviderError } from "@meshauth/provider-api";

/** What is typed behind `meshauth login`. package.json says the same. */
export const ID = "{{id}}";

/** The name for people. */
export const TITLE = "{{title}}";

/** The name that Meshery Servers know this provider by: `meshery-provider` in auth.json. */
export const SERVER_NAME = "{{serverName}}";

/** Where the provider is, unless `--url` says something else. package.json declares it, too. */
const ORIGIN = "{{host}}";

/** The provider's address for a login: the option `--url`, else the public one. */
export function originFrom({ url }: OptionValues): string {
  if (url === undefined) return ORIGIN;
  const address = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  // A token must not travel in the open: http is for a server on this machine.
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address?.hostname ?? "");
  if (address?.protocol === "https:" || (address?.protocol === "http:" && isLocal)) return address.origin;
  // The value is not repeated: an address may hold a password.
  throw new ProviderError("usage", "The value of --url is no address that can be used.", {
    next: [`meshauth login ${ID} --url ${ORIGIN}`],
  });
}

/** The provider's address after the login, when there are no options: what `login` put into the credential. */
export function originOf(credential: Credential): string {
  return credential.origin ?? ORIGIN;
}
