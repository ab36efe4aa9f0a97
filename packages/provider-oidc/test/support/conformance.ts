import { type Conformance, defineConformance, type Handler } from "@meshauth/provider-testkit";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const ISSUER = "https://login.example";

/** An issuer with one person, who is signed in and agrees to everything. */
export const conformance: Conformance = defineConformance({
  providers: {
    oidc: async ({ secret }) => ({
      servers: { [ISSUER]: await issuer(secret) },
      login: { options: { issuer: ISSUER, "client-id": "cli", scope: "openid profile offline_access" } },
      identify: { denied: { [ISSUER]: await issuer(secret, { denies: true }) } },
      refresh: { denied: { [ISSUER]: await issuer(secret, { denies: true }) } },
      revoke: { denied: { [ISSUER]: await issuer(secret, { denies: true }) } },
    }),
  },
});

async function issuer(secret: (label: string) => string, { denies = false } = {}): Promise<Handler> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "key-1", alg: "ES256" };
  let round = 1;
  let nonce: string | undefined;

  async function tokens(): Promise<Response> {
    const claims = { name: "Ada Example", ...(nonce === undefined ? {} : { nonce }) };
    const idToken = new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid: "key-1" })
      .setIssuer(ISSUER)
      .setSubject("user-1")
      .setAudience("cli")
      .setIssuedAt()
      .setExpirationTime("5m");
    return Response.json({
      access_token: secret(`access ${round}`),
      refresh_token: secret(`refresh ${round}`),
      id_token: await idToken.sign(privateKey),
      token_type: "Bearer",
      expires_in: 300,
    });
  }

  async function token(form: URLSearchParams): Promise<Response> {
    const good =
      form.get("grant_type") === "refresh_token"
        ? form.get("refresh_token") === secret(`refresh ${round}`)
        : form.get("code") === secret("code");
    if (denies || !good) return Response.json({ error: "invalid_grant" }, { status: 400 });
    if (form.get("grant_type") === "refresh_token") [round, nonce] = [round + 1, undefined];
    return tokens();
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return Response.json({
          issuer: ISSUER,
          authorization_endpoint: `${ISSUER}/authorize`,
          token_endpoint: `${ISSUER}/token`,
          userinfo_endpoint: `${ISSUER}/userinfo`,
          revocation_endpoint: `${ISSUER}/revoke`,
          jwks_uri: `${ISSUER}/jwks`,
          id_token_signing_alg_values_supported: ["ES256"],
          authorization_response_iss_parameter_supported: true,
        });
      case "/jwks":
        return Response.json({ keys: [jwk] });
      case "/authorize": {
        nonce = searchParams.get("nonce") ?? undefined;
        const back = new URL(searchParams.get("redirect_uri") ?? "");
        const answer = { code: secret("code"), state: searchParams.get("state") ?? "", iss: ISSUER };
        for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
        return new Response(null, { status: 302, headers: { Location: back.href } });
      }
      case "/token":
        return token(new URLSearchParams(await request.text()));
      case "/userinfo":
        if (denies) return Response.json({ error: "invalid_token" }, { status: 401 });
        return Response.json({ sub: "user-1", name: "Ada Example" });
      case "/revoke":
        return denies ? Response.json({ error: "invalid_client" }, { status: 401 }) : new Response();
      default:
        return new Response("", { status: 404 });
    }
  };
}
