import { code, error, type Shape } from "./shape.js";

/**
 * Discovery: keycloak/keycloak, services/.../oidc/OIDCWellKnownProvider.java, which sets
 * `authorization_response_iss_parameter_supported`; AuthenticationManager sends `session_state` and `iss`. Device answers:
 * grants/device/endpoints/DeviceEndpoint.java and grants/device/DeviceGrantType.java.
 */
export const keycloak: Shape = {
  name: "Keycloak",
  issuer: "/realms/staff",
  metadata: {
    authorization_endpoint: "/realms/staff/protocol/openid-connect/auth",
    token_endpoint: "/realms/staff/protocol/openid-connect/token",
    userinfo_endpoint: "/realms/staff/protocol/openid-connect/userinfo",
    jwks_uri: "/realms/staff/protocol/openid-connect/certs",
    revocation_endpoint: "/realms/staff/protocol/openid-connect/revoke",
    device_authorization_endpoint: "/realms/staff/protocol/openid-connect/auth/device",
    id_token_signing_alg_values_supported: ["PS384", "RS384", "HS256", "ES256", "RS256"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post"],
    authorization_response_iss_parameter_supported: true,
  },
  answer: { session_state: "made-up-session", iss: "ISSUER" },
  claims: { azp: "cli", typ: "ID" },
  offlineScope: false,
  renewal: "another",
  device: code({
    verification_uri: "https://login.example/realms/staff/device",
    verification_uri_complete: "https://login.example/realms/staff/device?user_code=WDJB-MJHT",
  }),
  pending: error(400, "authorization_pending"),
  declined: error(400, "access_denied"),
};

/**
 * Discovery: dexidp/dex, server/discovery/discovery.go, which has no revocation endpoint and lists no method "none". Its
 * device flow answers a poll with 401 up to the change https://github.com/dexidp/dex/pull/4204, which makes it 400.
 */
export const dex: Shape = {
  name: "Dex",
  issuer: "/dex",
  metadata: {
    authorization_endpoint: "/dex/auth",
    token_endpoint: "/dex/token",
    jwks_uri: "/dex/keys",
    userinfo_endpoint: "/dex/userinfo",
    device_authorization_endpoint: "/dex/device/code",
    introspection_endpoint: "/dex/token/introspect",
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "email", "groups", "profile", "offline_access"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  },
  answer: {},
  offlineScope: true,
  renewal: "another",
  device: code({
    verification_uri: "https://login.example/dex/device",
    verification_uri_complete: "https://login.example/dex/device?user_code=WDJB-MJHT",
    expires_in: 300,
  }),
  pending: error(401, "authorization_pending"),
  // There is no button for that: the code ends.
  declined: error(400, "expired_token"),
};

/** Discovery: ory/hydra, oauth2/.snapshots/TestHandlerWellKnown-hsm_enabled=false.json; statuses: fosite/errors.go. */
export const hydra: Shape = {
  name: "Ory Hydra",
  issuer: "",
  metadata: {
    authorization_endpoint: "/oauth2/auth",
    token_endpoint: "/oauth2/token",
    jwks_uri: "/.well-known/jwks.json",
    userinfo_endpoint: "/userinfo",
    revocation_endpoint: "/oauth2/revoke",
    device_authorization_endpoint: "/oauth2/device/auth",
    id_token_signing_alg_values_supported: ["RS256"],
    userinfo_signing_alg_values_supported: ["none", "RS256"],
    scopes_supported: ["offline_access", "offline", "openid"],
    token_endpoint_auth_methods_supported: [
      "client_secret_post",
      "client_secret_basic",
      "private_key_jwt",
      "none",
    ],
  },
  answer: { scope: "openid offline_access" },
  offlineScope: true,
  renewal: "another",
  device: code({
    verification_uri: "https://login.example/device",
    verification_uri_complete: "https://login.example/device?user_code=WDJBMJHT",
    user_code: "WDJBMJHT",
  }),
  pending: error(400, "authorization_pending"),
  declined: error(403, "access_denied"),
};

/**
 * Discovery: zitadel/oidc, pkg/op/discovery.go. The ID token is for the client and for its project, with `azp`:
 * zitadel/zitadel, internal/api/oidc/token.go. Refresh tokens rotate:
 * https://help.zitadel.com/how-to-enable-and-receive-refresh-tokens
 */
export const zitadel: Shape = {
  name: "Zitadel",
  issuer: "",
  metadata: {
    authorization_endpoint: "/oauth/v2/authorize",
    token_endpoint: "/oauth/v2/token",
    jwks_uri: "/oauth/v2/keys",
    userinfo_endpoint: "/oidc/v1/userinfo",
    revocation_endpoint: "/oauth/v2/revoke",
    device_authorization_endpoint: "/oauth/v2/device_authorization",
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email", "phone", "address", "offline_access"],
    token_endpoint_auth_methods_supported: [
      "none",
      "client_secret_basic",
      "client_secret_post",
      "private_key_jwt",
    ],
  },
  answer: {},
  claims: { aud: ["cli", "made-up-project"], azp: "cli" },
  offlineScope: true,
  renewal: "another",
  device: code({
    verification_uri: "https://login.example/device",
    verification_uri_complete: "https://login.example/device?user_code=WDJB-MJHT",
  }),
  pending: error(400, "authorization_pending"),
  declined: error(400, "access_denied"),
};
