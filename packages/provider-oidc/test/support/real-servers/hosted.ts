import { code, error, type Shape } from "./shape.js";

/**
 * The address of a custom authorization server: https://developer.okta.com/docs/api/openapi/okta-oauth/oauth. The refresh
 * token of a native app stays the same by default: okta/okta-developer-docs, docs/guides/refresh-tokens/main/index.md; its
 * device answer: docs/guides/device-authorization-grant/main/index.md.
 */
export const okta: Shape = {
  name: "Okta",
  issuer: "/oauth2/default",
  metadata: {
    authorization_endpoint: "/oauth2/default/v1/authorize",
    token_endpoint: "/oauth2/default/v1/token",
    jwks_uri: "/oauth2/default/v1/keys",
    userinfo_endpoint: "/oauth2/default/v1/userinfo",
    revocation_endpoint: "/oauth2/default/v1/revoke",
    device_authorization_endpoint: "/oauth2/default/v1/device/authorize",
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email", "address", "phone", "offline_access"],
    token_endpoint_auth_methods_supported: [
      "client_secret_basic",
      "client_secret_post",
      "private_key_jwt",
      "none",
    ],
  },
  answer: {},
  offlineScope: true,
  renewal: "same",
  device: code({ verification_uri: "https://login.example/activate", user_code: "HMBSRJRC" }),
  pending: error(400, "authorization_pending"),
  declined: error(400, "access_denied"),
};

/**
 * Discovery and keys: panva/wellknown, issuers/entra-common/entra-common.mjs: keys have no `alg`, userinfo is on another
 * host, and there is no revocation endpoint. The device answer has a `message` and no `verification_uri_complete`, and a no
 * is `authorization_declined`: MicrosoftDocs/entra-docs, docs/identity-platform/v2-oauth2-device-code.md.
 */
export const entra: Shape = {
  name: "Microsoft Entra",
  issuer: "/made-up-tenant/v2.0",
  metadata: {
    authorization_endpoint: "/made-up-tenant/oauth2/v2.0/authorize",
    token_endpoint: "/made-up-tenant/oauth2/v2.0/token",
    jwks_uri: "/made-up-tenant/discovery/v2.0/keys",
    userinfo_endpoint: "//oidc/userinfo",
    device_authorization_endpoint: "/made-up-tenant/oauth2/v2.0/devicecode",
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    tenant_region_scope: null,
  },
  answer: { session_state: "made-up-session" },
  claims: { tid: "made-up-tenant", ver: "2.0" },
  keysWithout: ["alg"],
  offlineScope: true,
  renewal: "another",
  device: code({
    verification_uri: "https://login.example/device",
    message: "To sign in, use a web browser.",
  }),
  pending: error(400, "authorization_pending"),
  declined: error(400, "authorization_declined"),
};

/**
 * Discovery: panva/wellknown, issuers/google/google.mjs: all addresses on other hosts, and no `offline_access`. The secret
 * of a desktop client and `verification_url`: https://github.com/cli/oauth/pull/24. Statuses other than 400 in the device
 * flow: https://github.com/pipacs/o2/pull/130, after
 * https://developers.google.com/identity/protocols/oauth2/limited-input-device. A renewal brings no refresh token.
 */
export const google: Shape = {
  name: "Google",
  issuer: "",
  metadata: {
    authorization_endpoint: "/o/oauth2/v2/auth",
    device_authorization_endpoint: "//device/code",
    token_endpoint: "//token",
    userinfo_endpoint: "//v1/userinfo",
    revocation_endpoint: "//revoke",
    jwks_uri: "//oauth2/v3/certs",
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "email", "profile"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
  },
  answer: { scope: "email profile openid", authuser: "0", prompt: "consent" },
  claims: { azp: "cli" },
  secret: true,
  offlineScope: false,
  renewal: "none",
  device: code({ verification_url: "https://login.example/device", user_code: "GQVQ-JKEC" }),
  pending: error(428, "authorization_pending"),
  declined: error(403, "access_denied"),
};
