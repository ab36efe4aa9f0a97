import type { Credential, Host, LoginRequest, Receiver } from "@meshauth/provider-api";
import { printable } from "@meshauth/provider-api";
import { listRemotes, type Remote } from "./listed.js";
import { chooseRemote, readOptions } from "./remote.js";
import { settle } from "./settle.js";
import { acceptCallback, acceptPasted, CALLBACK_PARAMETERS, type TakenToken, takeToken } from "./token.js";

/** What every known command line client of Meshery sends; it is no version of this program. */
const PROVIDER_VERSION = "v0.3.14";

/** Signs in with the browser, or takes the token of `--token-stdin`. @throws {@link ProviderError} */
export async function login(request: LoginRequest, host: Host): Promise<Credential> {
  // Typing errors first: they are the same everywhere.
  readOptions(request.options);
  if (request.token !== undefined) {
    const token = takeToken(request.token);
    return finish(request, host, async () => token);
  }
  // Before anybody is asked: it fails at once where no browser login can work.
  const receiver = await host.listen<TakenToken>({
    parameters: CALLBACK_PARAMETERS,
    accept: acceptCallback,
    acceptPasted,
  });
  return finish(request, host, (remote) => signIn(remote, receiver, host));
}

async function finish(
  request: LoginRequest,
  host: Host,
  obtain: (remote: Remote) => Promise<TakenToken>,
): Promise<Credential> {
  const listed = await listRemotes(host);
  const remote = await chooseRemote(request, host, listed);
  const { token, warning } = await obtain(remote);
  if (warning !== undefined) host.report({ type: "warning", message: warning });
  return settle(token, remote, host, listed);
}

async function signIn(remote: Remote, receiver: Receiver<TakenToken>, host: Host): Promise<TakenToken> {
  host.report({ type: "step", message: `Signing in to ${printable(remote.name)} at ${remote.base}` });
  return receiver.wait(
    loginLink(remote.base, receiver.redirectUri),
    "If the browser shows a dashboard instead of coming back, an older session is in the way: sign out there, or open the link in a private window.",
  );
}

/**
 * The address of a remote provider's sign-in page. `/login` matters: without it a browser that is signed
 * in already gets the dashboard and never comes back.
 *
 * @param base - The provider's address, without a trailing slash.
 * @param redirectUri - Where the token is to be sent; it travels as unpadded base64url (RFC 4648 section 5).
 */
export function loginLink(base: string, redirectUri: string): string {
  const source = Buffer.from(redirectUri, "utf8").toString("base64url");
  return `${base}/login?provider_version=${PROVIDER_VERSION}&source=${source}`;
}
