import type { RequestListener } from "node:http";
import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from "jose";
import Provider, { type ClientMetadata, type Configuration, errors } from "oidc-provider";
import { vi } from "vitest";
import { listen } from "./running.js";

/** `oidc-provider`, a certified server, configured strictly. */
export interface Certified {
  readonly issuer: string;
  /** The private key of the client `keyed`, as PEM and as JWK. */
  readonly key: { readonly pem: string; readonly jwk: JWK };
  /** Client authentication and grant types of the requests that succeeded at the token endpoint. */
  readonly grants: string[];
  /** Lets requests to a path wait. @returns what lets them through. */
  hold(path: string): () => void;
  /** Seconds for which an access token is good. To be changed. */
  lifetime: number;
}

/** The secret of the client `secretive`. */
export const CLIENT_SECRET = "made-up/client secret+with:signs";
/** A resource that the server issues tokens for. */
export const RESOURCE = "https://meshery.example/api";

/** Silences the server for a test: it warns of what is meant for development. */
export function quiet(): void {
  for (const method of ["warn", "info"] as const)
    vi.spyOn(console, method).mockImplementation(() => undefined);
}

/** Starts the server on loopback: PKCE is required, refresh tokens rotate, resources have to be known. */
export async function startCertified(): Promise<Certified> {
  let handler: RequestListener | undefined;
  const held = new Map<string, Promise<void>>();
  const issuer = await listen(async (request, response) => {
    await held.get(new URL(request.url ?? "", "http://server").pathname);
    handler?.(request, response);
  });
  const pair = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.privateKey)), alg: "ES256", kid: "client-key" };
  const server = new Provider(
    issuer,
    await configuration(await exportJWK(pair.publicKey), () => certified.lifetime),
  );
  const grants: string[] = [];
  server.on("grant.success", ({ oidc }) => {
    grants.push(`${oidc.client?.clientId} ${String(oidc.params?.["grant_type"]).split(":").at(-1)}`);
  });
  handler = server.callback();
  const certified: Certified = {
    issuer,
    key: { pem: await exportPKCS8(pair.privateKey), jwk },
    grants,
    hold(path) {
      let go = (): void => undefined;
      held.set(path, new Promise((resolve) => (go = resolve)));
      return go;
    },
    lifetime: 3600,
  };
  return certified;
}

async function configuration(clientKey: JWK, lifetime: () => number): Promise<Configuration> {
  const keys = await generateKeyPair("RS256", { extractable: true });
  const client = (id: string, more: Omit<ClientMetadata, "client_id">): ClientMetadata => ({
    client_id: id,
    application_type: "native",
    // With any port: RFC 8252 section 7.3.
    redirect_uris: ["http://127.0.0.1/callback", "http://localhost/callback"],
    grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
    ...more,
  });
  return {
    clients: [
      client("cli", { token_endpoint_auth_method: "none" }),
      client("secretive", { client_secret: CLIENT_SECRET }),
      client("posting", { client_secret: CLIENT_SECRET, token_endpoint_auth_method: "client_secret_post" }),
      client("keyed", {
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [{ ...clientKey, alg: "ES256", kid: "client-key" }] },
      }),
    ],
    jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), alg: "RS256", kid: "server-key", use: "sig" }] },
    cookies: { keys: ["made-up-cookie-key"] },
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AccessToken: lifetime },
    // `name` and `email` are in userinfo only, as the standard has it.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: "Ada Example", email: `${id}@login.example` }),
    }),
    features: {
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => {
          if (resource !== RESOURCE) throw new errors.InvalidTarget();
          return { scope: "read", audience: RESOURCE, accessTokenFormat: "jwt" };
        },
      },
    },
  };
}
