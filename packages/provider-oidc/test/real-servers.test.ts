import { afterEach, describe, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import type { Reply } from "./support/issuer.js";
import { identify, login, refresh, revoke, sentBack, stored } from "./support/login.js";
import type { Shape } from "./support/real-servers/shape.js";
import { SHAPES } from "./support/real-servers/shapes.js";
import { refreshTokenOf, type Shaped, startShaped } from "./support/real-servers/start.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const { keycloak, dex, hydra, zitadel, okta, entra, google } = SHAPES;

function signIn({ issuer }: Shaped, host = fakeHost(), more: Readonly<Record<string, string>> = {}) {
  return login({ issuer, "client-id": "cli", flow: "browser", ...more }, host);
}

/** Has the token endpoint answer like this from now on. */
function answerTokens({ server }: Shaped, reply: Reply): void {
  server.answers.set(new URL(String(server.metadata["token_endpoint"])).pathname, () => reply);
}

describe.each(Object.values(SHAPES).map((shape): [string, Shape] => [shape.name, shape]))(
  "%s",
  (_, shape) => {
    test("signs in with the browser, says who it is, renews, and ends what it can", async () => {
      const shaped = await startShaped(shape);
      const host = shaped.host();
      const credential = stored(await signIn(shaped, host));
      expect(host.warnings()).toEqual([]);
      expect(refreshTokenOf(credential)).toBe("made-up-refresh-1");
      const account = { id: "user-1", name: "Ada Example" };
      expect(await identify(credential, shaped.host())).toEqual(account);

      const renewed = stored(await refresh(credential, shaped.host()));
      const kept = shape.renewal === "another" ? "made-up-refresh-2" : "made-up-refresh-1";
      expect(refreshTokenOf(renewed)).toBe(kept);
      const again = stored(await refresh(renewed, shaped.host()));
      expect(await identify(again, shaped.host())).toEqual(account);

      const can = shape.metadata["revocation_endpoint"] !== undefined;
      expect(await revoke(again, shaped.host())).toEqual({ outcome: can ? "revoked" : "not-supported" });
      if (can) expect(shaped.formOf("revocation_endpoint")["token"]).toBe(refreshTokenOf(again));
    });

    test("asks for offline_access where the server lists it, and nowhere else", async () => {
      const shaped = await startShaped(shape);
      const host = shaped.host();
      await signIn(shaped, host);
      const scope = host.links[0]?.searchParams.get("scope") ?? "";
      const listed = (shape.metadata["scopes_supported"] as string[]).includes("offline_access");
      expect(scope).toBe(listed ? "openid profile email offline_access" : "openid profile email");
    });
  },
);

// keycloak/keycloak, TokenRevocationEndpoint.java: a token that has ended is answered 200 with `invalid_token`.
test("Keycloak: what has ended already counts as revoked", async () => {
  const shaped = await startShaped(keycloak);
  const credential = stored(await signIn(shaped, shaped.host()));
  const body = { error: "invalid_token", error_description: "Invalid token" };
  shaped.server.answers.set("/realms/staff/protocol/openid-connect/revoke", () => ({ body }));
  expect(await revoke(credential, fakeHost())).toEqual({ outcome: "revoked" });
});

// keycloak/keycloak, OIDCLoginProtocol.java: "Exclude Issuer From Authentication Response" takes `iss` out of the answer,
// while the discovery document goes on announcing it. RFC 9207 section 2.4 has it refused.
test("Keycloak: an answer without the issuer that is announced is turned away", async () => {
  const { iss: _, ...answer } = keycloak.answer;
  const shaped = await startShaped({ ...keycloak, answer });
  await expect(signIn(shaped, shaped.host())).rejects.toThrow("nothing was accepted");
  expect(shaped.formOf("token_endpoint")).toEqual({});
});

// Such a refusal is no reason to forget a sign-in: what says "for good" here says "try again" there.
// Dex: https://github.com/dexidp/dex/issues/1796 (an expired refresh token). Zitadel:
// https://github.com/zitadel/zitadel/issues/11892 (all that is not its own fault). Hydra: fosite/handler/oauth2/flow_refresh.go
// ("multiple concurrent requests using the same token").
test.each<[string, string, Shape]>([
  ["Dex", "Refresh token is invalid or has already been claimed by another client.", dex],
  ["Zitadel", "Errors.OIDCSession.RefreshTokenInvalid", zitadel],
  [
    "Ory Hydra",
    "Failed to refresh token because of multiple concurrent requests. Please retry the request.",
    hydra,
  ],
])(
  "%s: a renewal that is answered invalid_request can be tried again: %s",
  async (_, error_description, shape) => {
    const shaped = await startShaped(shape);
    const credential = stored(await signIn(shaped, shaped.host()));
    answerTokens(shaped, { status: 400, body: { error: "invalid_request", error_description } });
    await expect(refresh(credential, fakeHost())).rejects.toMatchObject({
      code: "protocol",
      reason: expect.stringContaining(`"invalid_request": ${error_description.replace(/\.$/, "")}`),
    });
  },
);

// ory/hydra, fosite/handler/oauth2/flow_refresh.go: reuse ends all tokens of the sign-in.
test("Ory Hydra: a refresh token that was used before ends the sign-in", async () => {
  const shaped = await startShaped(hydra);
  const credential = stored(await signIn(shaped, shaped.host()));
  await refresh(credential, fakeHost());
  await expect(refresh(credential, fakeHost())).rejects.toMatchObject({ code: "denied" });
});

// zitadel/zitadel, internal/api/oidc/token.go: the audience is more than the client, and `azp` is the client. Another
// client of the same project is not this one.
test("Zitadel: an ID token for the project that another client of it asked for is refused", async () => {
  const claims = { aud: ["cli", "made-up-project"], azp: "other" };
  const shaped = await startShaped({ ...zitadel, claims });
  await expect(signIn(shaped, shaped.host())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining("another client"),
  });
});

// https://developer.okta.com/docs/guides/dpop/-/main: a native app may have to send DPoP proofs. RFC 9449 section 5.
test("Okta: a client that has to prove a key is told what to turn off", async () => {
  const shaped = await startShaped(okta);
  const host = shaped.host();
  answerTokens(shaped, { status: 400, body: { error: "invalid_dpop_proof" } });
  await expect(signIn(shaped, host)).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringContaining("DPoP"),
    next: ["Turn that requirement off for the client at the server."],
  });
});

// panva/wellknown, issuers/entra-common/entra-common.mjs: the document of "common" has a placeholder in its issuer. Taking
// it would mean to take the ID token of any tenant.
test("Microsoft Entra: the address for all tenants is refused, with the one that it wants", async () => {
  const shaped = await startShaped({ ...entra, issuer: "/common/v2.0" });
  shaped.server.metadata["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0";
  await expect(signIn(shaped, shaped.host())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringMatching(/\{tenantid\}.*several organizations needs the address of yours/),
  });
});

// https://github.com/Azure/azure-sdk-for-go/issues/22386 (401, all on one line), and
// https://github.com/MicrosoftDocs/azure-docs/issues/31986 (several lines).
test("Microsoft Entra: a client that is no public one is told so, without numbers for the support", async () => {
  const shaped = await startShaped(entra);
  const host = shaped.host();
  const missing = "AADSTS7000218: The request body must contain: 'client_assertion' or 'client_secret'.";
  const body = {
    error: "invalid_client",
    error_description: `${missing}\r\nTrace ID: made-up\r\nCorrelation ID: made-up`,
    error_codes: [7000218],
  };
  answerTokens(shaped, { status: 401, body });
  const outcome = signIn(shaped, host);
  await expect(outcome).rejects.toMatchObject({
    code: "denied",
    reason: expect.stringMatching(/^It said "invalid_client": AADSTS7000218: .*a public client has none/),
    next: [expect.stringContaining("public")],
  });
  await expect(outcome).rejects.toMatchObject({ reason: expect.not.stringContaining("Trace ID") });
});

// MicrosoftDocs/entra-docs, docs/identity-platform/v2-oauth2-auth-code-flow.md.
test("Microsoft Entra: a resource that it does not know has a code of its own", async () => {
  const shaped = await startShaped(entra);
  const host = shaped.host();
  answerTokens(shaped, { status: 400, body: { error: "invalid_resource" } });
  await expect(signIn(shaped, host)).rejects.toMatchObject({ next: ["Check --resource and --audience."] });
});

// https://github.com/cli/oauth/pull/24: a desktop client has a secret, although it is no secret.
test("Google: the client's secret is sent, and its absence is told", async () => {
  const shaped = await startShaped(google);
  await expect(signIn(shaped, shaped.host())).resolves.toMatchObject({ accessToken: "made-up-access" });
  const without = { ...shaped.host(), env: {} };
  await expect(signIn(shaped, without)).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining("client_secret is missing"),
    next: [expect.stringContaining("secret")],
  });
});

// OpenID Connect Core section 15.6.2: Google's tokens once left out the scheme. What names another issuer than the
// discovery document is not taken.
test("Google: an ID token whose issuer lacks https is refused", async () => {
  const shaped = await startShaped({ ...google, claims: { iss: "accounts.google.com" } });
  await expect(signIn(shaped, shaped.host())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining("another issuer"),
  });
});

// https://developers.google.com/identity/protocols/oauth2/web-server: `access_type` is asked for, where it is needed.
test("Google: access_type reaches the page as an extra parameter", async () => {
  const shaped = await startShaped(google);
  const host = shaped.host();
  await signIn(shaped, host, { extra: "access_type=offline", prompt: "consent" });
  expect(Object.fromEntries(host.links[0]?.searchParams ?? [])).toMatchObject({
    access_type: "offline",
    prompt: "consent",
  });
});

test("one server's answer does not count at another that announces its issuer", async () => {
  const [one, other] = [await startShaped(keycloak), await startShaped(zitadel)];
  const host = fakeHost({ browser: sentBack(other.issuer) });
  await expect(signIn(one, host)).rejects.toThrow("nothing was accepted");
});
