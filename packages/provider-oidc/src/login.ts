import {
  type Credential,
  type Host,
  type LoginRequest,
  type OAuth2Credential,
  ProviderError,
  printable,
} from "@meshauth/provider-api";
import { keepAccount } from "./account.js";
import { type Callback, openCallback, type SignedIn, signInWithBrowser } from "./browser.js";
import { type Connection, connect } from "./connection.js";
import { tokenParts } from "./credential.js";
import { signInWithDevice } from "./device.js";
import { issuerText } from "./issuer.js";
import { wording } from "./problem.js";
import { toKept } from "./remembered.js";
import { scopeFor } from "./scope.js";
import { type LoginSettings, onlyInBrowser, readSettings } from "./settings.js";

/** Signs in at the server, with the browser or with a code. @throws {@link ProviderError} */
export async function login(request: LoginRequest, host: Host): Promise<Credential> {
  const settings = readSettings(request, host.env);
  return wording(issuerText(settings.issuer), async () => {
    const connection = await connect(settings, host);
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
  const credential: OAuth2Credential = {
    kind: "oauth2",
    serverName: settings.serverName,
    ...tokenParts(tokens, server.issuer, host),
    origin: server.issuer,
    settings: toKept(settings, claims?.sub),
  };
  keepAccount(credential, claims);
  if (
    credential.refreshToken === undefined &&
    scopeFor(settings, server).split(" ").includes("offline_access")
  ) {
    host.report({
      type: "warning",
      message:
        "No refresh token came, so this sign-in cannot be renewed. With --prompt consent some servers give one.",
    });
  }
  return credential;
}
