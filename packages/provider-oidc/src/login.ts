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
import { wording } from "./problem.js";
import { toOrigin } from "./remembered.js";
import { scopeFor } from "./scope.js";
import { type LoginSettings, onlyInBrowser, readSettings } from "./settings.js";

/** Signs in at the server, with the browser or with a code. @throws {@link ProviderError} */
export async function login(request: LoginRequest, host: Host): Promise<Credential> {
  const settings = readSettings(request, host.env);
  return wording(settings.issuer.href, async () => {
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

/** How the host says that nobody could open a link: as the contract has it, and as meshauth's own error. */
const NOBODY: ReadonlySet<unknown> = new Set(["interaction", "MESHAUTH_E_INTERACTION"]);

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
      next: ["meshauth login oidc --flow browser"],
    });
  }
  if (flow === "browser" || !device || onlyInBrowser(settings)) return openCallback(host);
  if (server.authorization_endpoint === undefined) return undefined;
  try {
    return await openCallback(host);
  } catch (error) {
    // Where nobody could open a link here, someone can enter a code elsewhere.
    if (NOBODY.has((error as { code?: unknown }).code)) return undefined;
    throw error;
  }
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
    origin: toOrigin(server.issuer, settings, claims?.sub),
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
