import { type Decision, type Host, ProviderError, printable, type Receiver } from "@meshauth/provider-api";
import * as oauth from "oauth4webapi";
import type { Connection } from "./connection.js";
import { checkIdToken } from "./id-token.js";
import { refused } from "./problem.js";
import { scopeFor } from "./scope.js";
import type { LoginSettings } from "./settings.js";

/** What a flow ends with. */
export interface SignedIn {
  readonly tokens: oauth.TokenEndpointResponse;
  readonly claims: oauth.IDToken | undefined;
}

/** A receiver whose decision may be made before the server is known. */
export interface Callback {
  readonly receiver: Receiver<URLSearchParams>;
  /** From now on answers are judged by this. */
  judge(accept: (parameters: URLSearchParams) => Decision<URLSearchParams>): void;
}

/** What an authorization response has that counts: RFC 6749 section 4.1.2, RFC 9207. */
const PARAMETERS = ["code", "state", "iss", "error", "error_description", "error_uri"];

/**
 * Opens the receiver.
 *
 * @param redirectUri - As it is registered.
 * @throws {@link ProviderError} `interaction` when no link could be opened, `usage` for an address of another machine.
 */
export async function openCallback(redirectUri: string, host: Host): Promise<Callback> {
  let accept: ((parameters: URLSearchParams) => Decision<URLSearchParams>) | undefined;
  const receiver = await host.listen<URLSearchParams>({
    redirectUri,
    parameters: PARAMETERS,
    accept: (parameters) =>
      accept?.(new URLSearchParams([...parameters])) ?? {
        kind: "refuse",
        reason: "Nothing was asked for yet.",
      },
  });
  return { receiver, judge: (next) => (accept = next) };
}

/** The authorization code flow with PKCE (RFC 7636), `state`, `nonce` and the check of `iss` (RFC 9207). */
export async function signInWithBrowser(
  connection: Connection,
  settings: LoginSettings,
  { receiver, judge }: Callback,
  host: Host,
): Promise<SignedIn> {
  const { server, client, auth, http } = connection;
  const { redirectUri, state } = receiver;
  const scope = scopeFor(settings, server);
  const openid = scope.split(" ").includes("openid");
  const [verifier, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomNonce()];
  // State and nonce stand in the link, which has to stay readable.
  host.secret(verifier);
  judge((parameters) => judgeAnswer(parameters, { server, client, state }));
  const link = authorizationLink(connection, {
    ...settings.extra,
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope,
    state,
    ...(openid ? { nonce } : {}),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...optional({
      audience: settings.audience,
      resource: settings.resource,
      prompt: settings.prompt,
      login_hint: settings.loginHint,
      max_age: settings.maxAge?.toString(),
    }),
  });
  const parameters = await receiver.wait(link, hintFor(settings.redirectUri, client.client_id));
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    auth,
    parameters,
    redirectUri,
    verifier,
    {
      ...http,
      additionalParameters: optional({ resource: settings.resource }),
    },
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    ...(openid ? { expectedNonce: nonce, requireIdToken: true } : {}),
    ...(openid && settings.maxAge !== undefined ? { maxAge: settings.maxAge } : {}),
  });
  return { tokens, claims: await checkIdToken(connection, answer, tokens) };
}

/** For a server that shows an error instead of its page. */
function hintFor(registered: string, clientId: string): string {
  const port = new URL(registered).port === "" ? ", with any port" : "";
  return `If the page says that the redirect address is not allowed: register ${registered}${port}, for the client ${printable(clientId, 60)}, or give --redirect-uri as it is registered. Without that, --flow device may work.`;
}

/** Keeps what is there of parameters that may be absent. */
export function optional(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

interface Expected {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly state: string;
}

/** Judges one answer: what is not of this server and this sign-in is turned away, and the wait goes on. */
function judgeAnswer(
  parameters: URLSearchParams,
  { server, client, state }: Expected,
): Decision<URLSearchParams> {
  try {
    const value = oauth.validateAuthResponse(server, client, parameters, state);
    if (value.get("code")) return { kind: "accept", value };
    return { kind: "refuse", reason: "The answer has no code." };
  } catch (error) {
    const { code, error: said } = error as { code?: unknown; error?: unknown };
    if (server.authorization_response_iss_parameter_supported === true && !parameters.has("iss")) {
      // A client of Keycloak may be set not to get it.
      return {
        kind: "refuse",
        reason: "This answer does not name its issuer, as the server announces (RFC 9207).",
      };
    }
    if (code !== oauth.AUTHORIZATION_RESPONSE_ERROR || typeof said !== "string") {
      return { kind: "refuse", reason: "This answer belongs to another sign-in, or to another server." };
    }
    // The receiver leaves the plus sign as it is, and this is a text of a form.
    const description = parameters.get("error_description")?.replaceAll("+", " ");
    const failure = refused({ error: said, description }, server.issuer);
    return { kind: "fail", reason: failure.reason ?? failure.message, error: failure };
  }
}

function authorizationLink({ server }: Connection, parameters: Record<string, string>): URL {
  if (server.authorization_endpoint === undefined) {
    throw new ProviderError("protocol", `${printable(server.issuer)} has no page to sign in at.`, {
      reason: "Its discovery document names no authorization endpoint.",
      next: ["Try --flow device."],
    });
  }
  const link = new URL(server.authorization_endpoint);
  for (const [name, value] of Object.entries(parameters)) link.searchParams.set(name, value);
  return link;
}
