import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { connect } from "../src/connection.js";
import { signInWithDevice } from "../src/device.js";
import { readSettings } from "../src/settings.js";
import type { Reply } from "./support/issuer.js";
import { identify, login, refresh, stored } from "./support/login.js";
import type { Shape } from "./support/real-servers/shape.js";
import { SHAPES } from "./support/real-servers/shapes.js";
import { SECRET, type Shaped, startShaped } from "./support/real-servers/start.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const { keycloak, dex, hydra, zitadel, okta, entra, google } = SHAPES;

function signIn({ issuer }: Shaped, host = fakeHost(), more: Readonly<Record<string, string>> = {}) {
  return login({ issuer, "client-id": "cli", flow: "browser", ...more }, host);
}

/** Has an endpoint answer like this from now on. */
function answer({ server }: Shaped, endpoint: string, reply: Reply): void {
  server.answers.set(new URL(String(server.metadata[endpoint])).pathname, () => reply);
}

/** Puts a port that is free now into an address. */
async function withPort(address: string): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return address.replace("PORT", String(port));
}

type Rule = (registered: URL, asked: URL) => boolean;

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const exact: Rule = (registered, asked) => registered.href === asked.href;
const sameButPort: Rule = ({ protocol, hostname, pathname }, asked) =>
  protocol === asked.protocol && hostname === asked.hostname && pathname === asked.pathname;
const anyLoopback: Rule = (_, { protocol, hostname }) => protocol === "http:" && LOOPBACK.has(hostname);

describe("a redirect address as it is registered, by the rule of the server", () => {
  test.each<[string, Shape, string, Rule]>([
    // keycloak/keycloak, RedirectUtils.java: without a port, these two stand for any.
    ["Keycloak", keycloak, "http://127.0.0.1/callback", sameButPort],
    ["Keycloak", keycloak, "http://localhost/callback", sameButPort],
    ["Keycloak", keycloak, "http://127.0.0.1:PORT/callback", exact],
    // dexidp/dex, server/authflow/authreq/validate.go: anything for a public client that has none, else letter by letter.
    ["Dex", dex, "http://localhost/callback", anyLoopback],
    ["Dex", dex, "http://127.0.0.1:PORT/callback", exact],
    // ory/hydra, fosite/authorize_helper.go: addresses with digits stand for any port, names do not.
    ["Ory Hydra", hydra, "http://127.0.0.1/callback", sameButPort],
    ["Ory Hydra", hydra, "http://localhost:PORT/callback", exact],
    // zitadel/oidc, pkg/op/auth_request.go: for native clients host and port do not count.
    ["Zitadel", zitadel, "http://127.0.0.1/a/path", (one, other) => one.pathname === other.pathname],
    // https://github.com/openid/AppAuth-iOS/issues/357
    ["Okta", okta, "http://localhost:PORT/callback", exact],
    // MicrosoftDocs/entra-docs, docs/identity-platform/reply-url.md: the port of localhost does not count, the path does.
    ["Microsoft Entra", entra, "http://localhost/callback", sameButPort],
    ["Microsoft Entra", entra, "http://localhost/other", sameButPort],
    // developers.google.com/identity/protocols/oauth2/native-app: any port of the loopback interface.
    ["Google", google, "http://127.0.0.1/callback", anyLoopback],
  ])("%s: %#", async (_, shape, address, allows) => {
    const registered = await withPort(address);
    const shaped = await startShaped(shape);
    const host = shaped.host();
    await signIn(shaped, host, { "redirect-uri": registered });
    const asked = host.links[0]?.searchParams.get("redirect_uri") ?? "";
    expect(allows(new URL(registered), new URL(asked)), asked).toBe(true);
    expect(sameButPort(new URL(registered), new URL(asked)), asked).toBe(true);
    // RFC 6749 section 4.1.3.
    expect(shaped.formOf("token_endpoint")["redirect_uri"]).toBe(asked);
    // For who reads on the screen why the server shows an error.
    expect(host.hints[0]).toContain(registered);
  });
});

// dexidp/dex, server/device/device.go: the device endpoint reads the secret of a client from the form, and nowhere else.
test("Dex: the secret is in the form of a device authorization request", async () => {
  const shaped = await startShaped({ ...dex, secret: true });
  const host = shaped.host();
  const options = { issuer: shaped.issuer, "client-id": "cli", "client-auth": "client_secret_post" };
  const settings = readSettings({ options }, host.env);
  await signInWithDevice(await connect(settings, host), settings, host, async () => {});
  expect(shaped.formOf("device_authorization_endpoint")).toMatchObject({ client_secret: SECRET });
  expect(shaped.formOf("token_endpoint")).toMatchObject({ client_secret: SECRET });
});

// https://github.com/panva/oauth4webapi/issues/148 and 199: in the header `-` and `_` are encoded, in the form they are not.
test("Google: the secret is sent as it is, at the login and at a renewal", async () => {
  const shaped = await startShaped(google);
  const credential = await signIn(shaped, shaped.host(), { "client-auth": "client_secret_post" });
  expect(shaped.formOf("token_endpoint")).toMatchObject({ client_id: "cli", client_secret: SECRET });
  await refresh(stored(credential), shaped.host());
  expect(shaped.formOf("token_endpoint")).toMatchObject({
    grant_type: "refresh_token",
    client_secret: SECRET,
  });
  expect(shaped.server.requests.filter(({ headers }) => "authorization" in headers)).toEqual([]);
});

// https://github.com/dexidp/dex/issues/1796 and https://github.com/zitadel/zitadel/issues/11892: a refresh token that has
// ended is answered like this. Others mean "try again", so the sign-in is not given up; the way out is named all the same.
test.each<[string, Shape]>([
  ["Dex", dex],
  ["Zitadel", zitadel],
])("%s: a renewal that is answered invalid_request names the login", async (_, shape) => {
  const shaped = await startShaped(shape);
  const credential = stored(await signIn(shaped, shaped.host()));
  answer(shaped, "token_endpoint", { status: 400, body: { error: "invalid_request" } });
  await expect(refresh(credential, shaped.host())).rejects.toMatchObject({
    code: "protocol",
    // With what the login was told, which meshauth adds.
    next: ["meshauth login oidc"],
  });
});

describe("Microsoft Entra, with a token for an API of one's own", () => {
  const scope = "openid profile email offline_access api://made-up/meshery";

  // MicrosoftDocs/entra-docs, docs/identity-platform/userinfo.md: userinfo is part of Microsoft Graph and takes its tokens.
  test("the ID token says who signed in where userinfo does not take the token", async () => {
    const shaped = await startShaped(entra);
    const credential = await signIn(shaped, shaped.host(), { scope });
    answer(shaped, "userinfo_endpoint", { status: 401, body: {} });
    expect(await identify(credential, shaped.host())).toMatchObject({ id: "user-1" });
    // Later nothing tells.
    await expect(identify(stored(credential), shaped.host())).rejects.toMatchObject({ code: "denied" });
  });

  // https://github.com/grafana/grafana/issues/95379, https://github.com/danny-avila/LibreChat/pull/11770: without its scope
  // a renewal of such a token is refused with AADSTS90009.
  test("a renewal asks for the scope that was given", async () => {
    const shaped = await startShaped(entra);
    const credential = stored(await signIn(shaped, shaped.host(), { scope }));
    const renewed = stored(await refresh(credential, shaped.host()));
    expect(shaped.formOf("token_endpoint")).toMatchObject({ grant_type: "refresh_token", scope });
    await refresh(renewed, shaped.host());
    expect(shaped.formOf("token_endpoint")).toMatchObject({ grant_type: "refresh_token", scope });
  });

  // RFC 6749 section 6: nothing that was not granted. What was granted of the usual scopes is the server's to know.
  test("a renewal asks for no scope where none was given", async () => {
    const shaped = await startShaped(entra);
    await refresh(stored(await signIn(shaped, shaped.host())), shaped.host());
    expect(shaped.formOf("token_endpoint")).toMatchObject({ grant_type: "refresh_token" });
    expect(shaped.formOf("token_endpoint")).not.toHaveProperty("scope");
  });
});

// keycloak/keycloak, OIDCLoginProtocol.java: a switch of the client takes `iss` out of the answer. It is turned away, and
// the page says what is missing, as nobody would guess.
test("Keycloak: the page of an answer without the issuer says that this is missing", async () => {
  const shaped = await startShaped(keycloak);
  let page = "";
  const host = fakeHost({
    async browser(link) {
      const back = new URL(link.searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", "made-up-code");
      back.searchParams.set("state", link.searchParams.get("state") ?? "");
      page = await (await fetch(back, { redirect: "manual" })).text();
    },
  });
  await expect(signIn(shaped, host)).rejects.toThrow("nothing was accepted");
  expect(page).toMatch(/does not name (its|the) issuer/);
});
