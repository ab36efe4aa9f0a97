import { afterEach, describe, expect, test } from "vitest";
import { connect } from "../src/connection.js";
import { signInWithDevice } from "../src/device.js";
import { readSettings } from "../src/settings.js";
import type { Reply } from "./support/issuer.js";
import { login } from "./support/login.js";
import type { Shape } from "./support/real-servers/shape.js";
import { SHAPES } from "./support/real-servers/shapes.js";
import { type Shaped, startShaped } from "./support/real-servers/start.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const { keycloak, dex, hydra, zitadel, okta, entra, google } = SHAPES;

/** Signs in with a code and a clock that moves when the program pauses. */
async function signIn(shape: Shape, polls: readonly Reply[]) {
  const shaped = await startShaped(shape);
  shaped.polls.push(...polls);
  let time = Date.now();
  const host = { ...shaped.host(), now: () => new Date(time) };
  const options = { issuer: shaped.issuer, "client-id": "cli", flow: "device" };
  const settings = readSettings({ options }, host.env);
  const pauses: number[] = [];
  const outcome = signInWithDevice(await connect(settings, host), settings, host, async (milliseconds) => {
    pauses.push(milliseconds / 1000);
    time += milliseconds;
  });
  await outcome.catch(() => undefined);
  return { outcome, pauses, host, shaped };
}

describe.each(Object.values(SHAPES).map((shape): [string, Shape] => [shape.name, shape]))(
  "%s",
  (_, shape) => {
    test("signs in with a code, and waits while nobody has decided", async () => {
      const { outcome, pauses, host } = await signIn(shape, [shape.pending, shape.pending]);
      await expect(outcome).resolves.toMatchObject({
        tokens: { access_token: "made-up-access", refresh_token: "made-up-refresh-1" },
        claims: { sub: "user-1" },
      });
      expect(pauses).toEqual([5, 5, 5]);
      const { verification_uri_complete, verification_uri, verification_url } = shape.device;
      expect(host.links.map(String)).toEqual([
        verification_uri_complete ?? verification_uri ?? verification_url,
      ]);
    });

    test("stops when the person says no", async () => {
      const { outcome, pauses } = await signIn(shape, [shape.pending, shape.declined, shape.pending]);
      const code = shape === dex ? "expired" : "denied";
      await expect(outcome).rejects.toMatchObject({
        code,
        reason: expect.stringMatching(/turned down|not entered in time/),
      });
      expect(pauses).toHaveLength(2);
    });
  },
);

// https://github.com/dexidp/dex/pull/4204, and what newer servers say.
test.each([400, 401])("Dex: a poll that is answered %d goes on", async (status) => {
  const { outcome } = await signIn(dex, [{ status, body: { error: "authorization_pending" } }]);
  await expect(outcome).resolves.toBeDefined();
});

// https://github.com/pipacs/o2/pull/130: "Google uses various HTTP response codes" for these.
test.each([400, 403, 428, 429])(
  "Google: a poll that has to be slower and is answered %d goes on",
  async (status) => {
    const { outcome, pauses } = await signIn(google, [{ status, body: { error: "slow_down" } }]);
    await expect(outcome).resolves.toBeDefined();
    expect(pauses).toEqual([5, 10]);
  },
);

test("Google: a device answer without any link is refused", async () => {
  const { verification_url: _, ...device } = google.device;
  const shaped = await startShaped({ ...google, device });
  const options = { issuer: shaped.issuer, "client-id": "cli", flow: "device" };
  await expect(login(options, shaped.host())).rejects.toMatchObject({
    code: "protocol",
    reason: expect.stringContaining("verification_uri"),
  });
});

// Where a server has both names, the standard's counts.
test("the link of RFC 8628 comes before Google's", async () => {
  const device = { ...okta.device, verification_url: "https://other.example/device" };
  const { host } = await signIn({ ...okta, device }, []);
  expect(host.links.map(String)).toEqual(["https://login.example/activate"]);
});

// MicrosoftDocs/entra-docs, docs/identity-platform/v2-oauth2-device-code.md.
test.each([
  ["expired_token", "expired"],
  ["bad_verification_code", "expired"],
])("Microsoft Entra: %s ends the wait as %s", async (error, code) => {
  const { outcome, pauses } = await signIn(entra, [{ status: 400, body: { error } }]);
  await expect(outcome).rejects.toMatchObject({ code });
  expect(pauses).toHaveLength(1);
});

/** Signs in where the device authorization request itself is refused. */
async function refusedAtOnce(
  shape: Shape,
  reply: Reply,
): Promise<{ outcome: Promise<unknown>; shaped: Shaped }> {
  const shaped = await startShaped(shape);
  const path = new URL(String(shaped.server.metadata["device_authorization_endpoint"])).pathname;
  shaped.server.answers.set(path, () => reply);
  const options = { issuer: shaped.issuer, "client-id": "cli", flow: "device" };
  const outcome = login(options, shaped.host());
  await outcome.catch(() => undefined);
  return { outcome, shaped };
}

// keycloak/keycloak, grants/device/endpoints/DeviceEndpoint.java: `invalid_grant`, although nothing was presented.
test("Keycloak: a client whose device flow is off is told to turn it on", async () => {
  const error_description = "Client not allowed for OAuth 2.0 Device Authorization Grant";
  const reply = { status: 400, body: { error: "invalid_grant", error_description } };
  const { outcome } = await refusedAtOnce(keycloak, reply);
  await expect(outcome).rejects.toMatchObject({
    code: "denied",
    reason: `It said "invalid_grant": ${error_description}. The client may not sign in in this way.`,
    next: [expect.stringContaining("device grant")],
  });
});

// zitadel/oidc, pkg/op/device.go, and ory/hydra: a client without the grant type.
test.each<[string, string, Shape]>([
  ["Ory Hydra", "unauthorized_client", hydra],
  ["Zitadel", "unauthorized_client", zitadel],
  ["Okta", "unsupported_grant_type", okta],
])("%s: a client without the device grant is refused as %s", async (_, error, shape) => {
  const { outcome } = await refusedAtOnce(shape, { status: 400, body: { error } });
  await expect(outcome).rejects.toMatchObject({ code: "denied", next: [expect.stringContaining("--flow")] });
});
