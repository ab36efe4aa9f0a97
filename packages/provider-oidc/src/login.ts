import {
  type Credential,
  type Host,
  type LoginRequest,
  type OAuth2Credential,
  ProviderError,
  printable,
  type TokenCredential,
} from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";
import { keepAccount } from "./account.js";
import { type Callback, openCallback, type SignedIn, signInWithBrowser } from "./browser.js";
import { type Connection, connect } from "./connection.js";
import { tokenParts } from "./credential.js";
import { signInWithDevice } from "./device.js";
import { issuerText } from "./issuer.js";
import { withKeys } from "./keys.js";
import { wording } from "./problem.js";
import { toKept } from "./remembered.js";
import { notGranted, scopeFor, scopeToRenew } from "./scope.js";
import { type LoginSettings, onlyInBrowser, readSettings } from "./settings.js";

/** Signs in at the server, with the browser or with a code. @throws {@link ProviderError} */
export async function login(request: LoginRequest, host: Host): Promise<Credential> {
  const settings = readSettings(request, host.env);
  return wording(issuerText(settings.issuer), async () => {
    const found = await connect(settings, host);
    const openid = scopeFor(settings, found.server).split(" ").includes("openid");
    const connection = openid ? await withKeys(found) : found;
    host.report({ type: "step", message: `Signing in at ${connection.server.issuer}` });
    const signedIn = await signIn(connection, settings, host);
    return toCredential(signedIn, settings, connection, host);
  });
}

async function signIn(connection: Connection, settings: LoginSettings, host: Host): Promise<SignedIn> {
  const callback = await callbackFor(connection, settings, host);
  if (callback !== undefined) return signInWithBrowser(connection, settings, callback, host);
  return signInWithDevice(connection, settings, host);
}

/** The receiver for the flow with the browser; `undefined` for the one with a code. */
async function callbackFor(
  { server }: Connection,
  settings: LoginSettings,
  host: Host,
): Promise<Callback | undefined> {
  const { flow } = settings;
  const device = server.device_authorization_endpoint !== undefined;
  if (flow === "device") {
    if (device) return undefined;
    throw new ProviderError("protocol", `${printable(server.issuer)} does not offer sign-in with a code.`, {
      reason: "Its discovery document names no device authorization endpoint.",
      next: ["Try --flow browser."],
    });
  }
  if (flow === "auto" && device && !onlyInBrowser(settings)) {
    const browser = server.authorization_endpoint !== undefined && (await host.wantsBrowser());
    // Without a browser here, someone can enter a code elsewhere.
    if (!browser) return undefined;
  }
  return openCallback(settings.redirectUri, host);
}

function toCredential(
  { tokens, claims }: SignedIn,
  settings: LoginSettings,
  { server }: Connection,
  host: Host,
): Credential {
  const parts = tokenParts(tokens, server.issuer, host);
  const kept = {
    serverName: settings.serverName,
    origin: server.issuer,
    settings: toKept(settings, { scope: scopeToRenew(settings.scope, tokens.scope), sub: claims?.sub }),
  };
  const credential: OAuth2Credential | TokenCredential =
    settings.tokenForm === "envelope"
      ? { kind: "oauth2", ...kept, ...parts }
      : { kind: "token", ...kept, token: storable(parts.accessToken, server.issuer) };
  keepAccount(credential, claims);
  const refused = notGranted(settings.scope, tokens.scope);
  if (refused.length > 0) {
    const message = `${printable(server.issuer)} did not grant the scope ${printable(refused.join(" "))}.`;
    host.report({ type: "warning", message });
  }
  if (parts.refreshToken === undefined && scopeFor(settings, server).split(" ").includes("offline_access")) {
    host.report({
      type: "warning",
      message:
        "No refresh token came, so this sign-in cannot be renewed. With --prompt consent some servers give one.",
    });
  }
  return credential;
}

/** An access token that is stored by itself. @throws {@link ProviderError} `protocol` for one that no server could read. */
function storable(accessToken: string, issuer: string): string {
  const found = parseToken(accessToken);
  if (found.form === "jwt" || (found.form === "opaque" && found.warning === undefined)) return accessToken;
  throw new ProviderError("protocol", `An access token of ${printable(issuer)} cannot be stored by itself.`, {
    reason:
      found.form === "invalid"
        ? `The token is refused: ${found.reason}.`
        : "Meshery Servers would take it for a token envelope.",
    next: ["Sign in without --token-form."],
  });
}
