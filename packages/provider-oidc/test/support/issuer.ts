import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { formOf, listen } from "./running.js";

/** What a scripted issuer answers at one of its addresses. */
export type Answer = (form: URLSearchParams, asked: number) => Reply | undefined;

/** A status with a JSON body, or with a text. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A server that says what a test wants: for answers that no honest server gives. */
export interface Issuer {
  readonly url: string;
  /** Every request: its method and path, with the form that it carried. */
  readonly requests: { readonly line: string; readonly form: URLSearchParams; readonly headers: object }[];
  /** The discovery document. To be changed. */
  readonly metadata: Record<string, unknown>;
  /** Answers by path. To be changed. */
  readonly answers: Map<string, Answer>;
  readonly jwk: JWK;
  /** An ID token as it should be, with changes. */
  idToken(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
}

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "key-1", alg: "RS256", use: "sig" };
  const requests: Issuer["requests"] = [];
  const answers = new Map<string, Answer>();
  const metadata: Record<string, unknown> = {};
  const url = await listen(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const form = await formOf(request);
    requests.push({ line: `${request.method} ${path}`, form, headers: request.headers });
    const asked = requests.filter(({ line }) => line.endsWith(` ${path}`)).length;
    const reply = answers.get(path)?.(form, asked) ?? { status: 404, body: "" };
    const { status = 200, headers = {}, body = {} } = reply;
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  Object.assign(metadata, {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    device_authorization_endpoint: `${url}/device`,
    userinfo_endpoint: `${url}/userinfo`,
    revocation_endpoint: `${url}/revoke`,
    jwks_uri: `${url}/jwks`,
    id_token_signing_alg_values_supported: ["RS256"],
    authorization_response_iss_parameter_supported: true,
  });
  answers.set("/.well-known/openid-configuration", () => ({ body: metadata }));
  answers.set("/jwks", () => ({ body: { keys: [jwk] } }));
  answers.set("/userinfo", () => ({ body: { sub: "user-1", name: "Ada Example" } }));
  const now = Math.floor(Date.now() / 1000);
  return {
    url,
    requests,
    metadata,
    answers,
    jwk,
    idToken: (claims, { alg = "RS256", kid = "key-1" } = {}) =>
      new SignJWT({ iss: url, sub: "user-1", aud: "cli", iat: now, exp: now + 300, ...claims })
        .setProtectedHeader({ alg, kid })
        .sign(privateKey),
  };
}

/** A device authorization response (RFC 8628 section 3.2) that names no interval. */
export const DEVICE = {
  device_code: "made-up-device-code",
  user_code: "WDJB-MJHT",
  verification_uri: "https://login.example/device",
  expires_in: 60,
};

/** An issuer whose codes are approved at once. @param token - The access token. */
export async function startDevice(claims: JWTPayload = {}, token = "made-up-access-token"): Promise<Issuer> {
  const issuer = await startIssuer();
  const idToken = await issuer.idToken(claims);
  issuer.answers.set("/device", () => ({ body: { ...DEVICE, interval: 1 } }));
  issuer.answers.set("/token", () => ({
    body: { access_token: token, token_type: "bearer", id_token: idToken },
  }));
  return issuer;
}
