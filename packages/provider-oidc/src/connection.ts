import { type Host, ProviderError, printable } from "@meshauth/provider-api";
import * as oauth from "oauth4webapi";
import { clientAuth } from "./client-auth.js";
import { hostFetch } from "./host-fetch.js";
import { isSafe, issuerText } from "./issuer.js";
import type { ClientSettings } from "./settings.js";

/** A server that was found, and how to talk to it. */
export interface Connection {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  /** Options for every request. */
  readonly http: HttpOptions;
}

/** The options that make oauth4webapi send a request through the host. */
export interface HttpOptions {
  readonly [oauth.customFetch]: ReturnType<typeof hostFetch>;
  readonly [oauth.allowInsecureRequests]: boolean;
  /** The server's keys, where they have been fetched. */
  readonly [oauth.jwksCache]?: oauth.JWKSCacheInput;
}

/** Addresses of a discovery document to which something is sent, or on which something depends. */
const ENDPOINTS = [
  "authorization_endpoint",
  "token_endpoint",
  "device_authorization_endpoint",
  "userinfo_endpoint",
  "revocation_endpoint",
  "jwks_uri",
] as const;

/**
 * Finds the server: its OpenID Connect discovery document, else that of OAuth 2.0 (RFC 8414).
 *
 * @throws {@link ProviderError}, and the errors of oauth4webapi.
 */
export async function connect(settings: ClientSettings, host: Host): Promise<Connection> {
  const { issuer, clientId } = settings;
  const http: HttpOptions = {
    [oauth.customFetch]: hostFetch(host),
    // The host refuses plain http to any other machine.
    [oauth.allowInsecureRequests]: issuer.protocol === "http:",
  };
  const server = await discover(issuer, http);
  const client: oauth.Client = {
    client_id: clientId,
    // The library reads the clock itself.
    [oauth.clockSkew]: Math.round((host.now().getTime() - Date.now()) / 1000),
  };
  return { server, client, http, auth: await clientAuth(settings, server, host) };
}

/** The client with the server's clock instead of this machine's, where an answer of the token endpoint tells it. */
export function atTimeOf({ headers }: Response, client: oauth.Client): oauth.Client {
  const time = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(time)) return client;
  return { ...client, [oauth.clockSkew]: Math.round((time - Date.now()) / 1000) };
}

async function discover(issuer: URL, http: HttpOptions): Promise<oauth.AuthorizationServer> {
  let answer = await oauth.discoveryRequest(issuer, { ...http, algorithm: "oidc" });
  if (answer.status === 404) answer = await oauth.discoveryRequest(issuer, { ...http, algorithm: "oauth2" });
  if (answer.status === 404) {
    throw new ProviderError("protocol", `${issuerText(issuer)} is no OpenID Connect server.`, {
      reason: "It has no discovery document at that address.",
      next: ["Check --issuer: it is the address that the server's documentation calls the issuer."],
    });
  }
  const server = await oauth.processDiscoveryResponse(issuer, answer);
  checkMembers(server);
  return server;
}

/** Lists of a discovery document that are looked into here. */
const LISTS = [
  "scopes_supported",
  "token_endpoint_auth_methods_supported",
  "token_endpoint_auth_signing_alg_values_supported",
] as const;

function checkMembers(server: oauth.AuthorizationServer): void {
  for (const name of LISTS) {
    const list: unknown = server[name];
    if (list === undefined || Array.isArray(list)) continue;
    throw new ProviderError("protocol", `${printable(server.issuer)} cannot be used.`, {
      reason: `Its discovery document has no list for "${name}".`,
    });
  }
  for (const name of ENDPOINTS) {
    const address: unknown = server[name];
    if (address === undefined) continue;
    const local = server.issuer.startsWith("http:");
    const url = typeof address === "string" && URL.canParse(address) ? new URL(address) : undefined;
    if (url !== undefined && isSafe(url) && (local || url.protocol === "https:")) continue;
    throw new ProviderError("protocol", `${printable(server.issuer)} cannot be used.`, {
      reason: `Its discovery document gives an address for "${name}" that is not https.`,
    });
  }
}
