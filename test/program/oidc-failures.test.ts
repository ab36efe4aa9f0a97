import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Issuer, type Reply, startIssuer } from "../../packages/provider-oidc/test/support/issuer.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { type Authority, makeAuthority } from "../support/authority.js";
import { expectFailure } from "../support/failure.js";
import { named, noNames, noProxy, noTls, through, tinyproxy, WITH_HOSTS } from "../support/named-hosts.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, makeHome, meshauth, type Outcome, PROGRAM } from "../support/program.js";
import { relay } from "../support/relay.js";

afterAll(endAll);

const CODE = { device_code: "made-up-device-code-of-the-person", user_code: "WDJB-MJHT", expires_in: 60 };

/** An issuer whose codes are approved at once, with changes of what it answers. */
async function approving(changes: Readonly<Record<string, Reply>> = {}): Promise<Issuer> {
  const issuer = await startIssuer();
  const id_token = await issuer.idToken({});
  const tokens = { access_token: "made-up-access-token", token_type: "bearer", expires_in: 60, id_token };
  const code = { ...CODE, verification_uri: `${issuer.url}/code`, interval: 1 };
  issuer.answers.set("/device", () => ({ body: code }));
  issuer.answers.set("/token", () => ({ body: tokens }));
  for (const [path, reply] of Object.entries(changes)) issuer.answers.set(path, () => reply);
  return issuer;
}

const login = (url: string, ...more: readonly string[]) => [
  ...["login", "oidc", "--issuer", url, "--client-id", "cli", "--flow", "device"],
  ...more,
];

/** What belongs to the library, and helps nobody. */
const LIBRARY = /OAUTH_|oauth4webapi|property must|"response"|Invalid URL|\bat .*\.js:\d/;

/** A failure in our words, whose next command is one that can be run. */
async function expectInWords(outcome: Outcome, exit: number, code: string, text: RegExp): Promise<void> {
  expectFailure(outcome, exit, code);
  expect(outcome.stderr).toMatch(text);
  expect(outcome.stderr).not.toMatch(LIBRARY);
  expect(outcome.stderr).not.toMatch(/made-up-/);
  for (const [, next = ""] of outcome.stderr.matchAll(/(?:Next: {2}| {9})meshauth (\S.*)$/gm)) {
    const { code: found, stderr } = await meshauth(offlineHome(), next.split(" "));
    expect(found, stderr).not.toBe(2);
  }
}

describe.concurrent("a server that fails", () => {
  const DISCOVERY = "/.well-known/openid-configuration";
  test.each<[string, Readonly<Record<string, Reply>>, number, string, RegExp]>([
    [
      "sends on to another address",
      { [DISCOVERY]: { status: 302, headers: { Location: NOWHERE }, body: "" } },
      7,
      "MESHAUTH_E_PROTOCOL",
      /answered 302 and sends on to another address/,
    ],
    [
      "shows a web page",
      { [DISCOVERY]: { headers: { "Content-Type": "text/html" }, body: "<!doctype html>" } },
      7,
      "MESHAUTH_E_PROTOCOL",
      /something else than JSON/,
    ],
    ["is out of order", { [DISCOVERY]: { status: 503 } }, 7, "MESHAUTH_E_NETWORK", /answered 503/],
    ["is another one", { [DISCOVERY]: { status: 404 } }, 7, "MESHAUTH_E_PROTOCOL", /no discovery document/],
    [
      "does not let the client in",
      {
        "/device": { status: 400, body: { error: "unauthorized_client", error_description: "no\u001b[2J" } },
      },
      5,
      "MESHAUTH_E_DENIED",
      /said "unauthorized_client": no/,
    ],
    [
      "names no page for the code",
      { "/device": { body: { ...CODE, verification_uri: "x" } } },
      7,
      "MESHAUTH_E_PROTOCOL",
      /address/,
    ],
    [
      "has a page for the code that is not safe",
      { "/device": { body: { ...CODE, verification_uri: "http://login.example/code" } } },
      7,
      "MESHAUTH_E_PROTOCOL",
      /https/,
    ],
    [
      "says that the person said no",
      { "/token": { status: 400, body: { error: "access_denied" } } },
      5,
      "MESHAUTH_E_DENIED",
      /turned down/,
    ],
    [
      "has no key for its token",
      { "/jwks": { body: { keys: [] } } },
      7,
      "MESHAUTH_E_PROTOCOL",
      /none of the server's keys/,
    ],
  ])("%s", async (_, changes, exit, code, text) => {
    const { url } = await approving(changes);
    const outcome = await meshauth(offlineHome(), login(url));
    await expectInWords(outcome, exit, code, text);
    // As the server calls itself, letter by letter.
    expect(outcome.stderr).not.toContain(`${url}/ `);
  });

  test("is not there, or is no server of this kind", async () => {
    const home = offlineHome();
    await expectInWords(await meshauth(home, login(NOWHERE)), 7, "MESHAUTH_E_NETWORK", /refused/);
    const far = await meshauth(home, login("https://login.example"));
    await expectInWords(far, 7, "MESHAUTH_E_NETWORK", /proxy of HTTPS_PROXY/);
    const plain = await meshauth(home, login("http://login.example"));
    await expectInWords(plain, 2, "MESHAUTH_E_USAGE", /https, or http on this machine/);
  });

  test("does not accept the sign-in later: the command that is named signs in again", async () => {
    const issuer = await approving();
    const home = offlineHome();
    const first = await meshauth(home, login(issuer.url, "--provider-name", "Work"));
    expect(first.code, first.stderr).toBe(0);
    issuer.answers.set("/userinfo", () => ({ status: 401, body: "" }));
    const outcome = await meshauth(home, ["check", "--json"]);
    const { checks } = document(outcome) as { checks: { id: string; next: string | null }[] };
    const next = checks.find(({ id }) => id === "account")?.next ?? "";
    expect(next).toBe(
      `meshauth login oidc --issuer ${issuer.url} --client-id cli --flow device --provider-name Work`,
    );
    issuer.answers.set("/userinfo", () => ({ body: { sub: "user-1" } }));
    const again = await meshauth(home, next.split(" ").slice(1));
    expect(again.code, again.stderr).toBe(0);
  });
});

describe.skipIf(noTls ?? noNames)(named("a server with TLS", noTls ?? noNames), () => {
  let authority: Authority;
  let issuer: Issuer;
  /** The issuer at a host of its own. */
  let address: (host: string) => string;

  beforeAll(async () => {
    authority = await makeAuthority();
    issuer = await approving();
    const port = await relay(issuer.url, { tls: await authority.issue(["other.test"]) });
    address = (host) => `https://${host}:${port}`;
    for (const [name, value] of Object.entries(issuer.metadata)) {
      if (typeof value === "string") issuer.metadata[name] = value.replace(issuer.url, address("other.test"));
    }
    const id_token = await issuer.idToken({ iss: address("other.test") });
    const tokens = { access_token: "made-up-access-token", token_type: "bearer", id_token };
    issuer.answers.set("/token", () => ({ body: tokens }));
    const verification_uri = `${address("other.test")}/code`;
    issuer.answers.set("/device", () => ({ body: { ...CODE, verification_uri, interval: 1 } }));
  });

  const run = (host: string, env: Readonly<Record<string, string>>) =>
    meshauth(makeHome({ MESHERY_SERVER_URL: NOWHERE }), login(address(host)), {
      env,
      command: [...WITH_HOSTS, process.execPath, PROGRAM],
    });

  test("whose certificate is not good is not asked", async () => {
    const unknown = await run("other.test", { NODE_EXTRA_CA_CERTS: "" });
    await expectInWords(unknown, 7, "MESHAUTH_E_NETWORK", /certificate/);
    const wrong = await run("wrong.test", { NODE_EXTRA_CA_CERTS: authority.root });
    await expectInWords(wrong, 7, "MESHAUTH_E_NETWORK", /certificate/);
    expect(issuer.requests).toEqual([]);
  });

  test.skipIf(noProxy)(named("signs in through a proxy, which sees the host only", noProxy), async () => {
    const proxy = await tinyproxy();
    const env = { ...through(proxy.url), NODE_EXTRA_CA_CERTS: authority.root };
    const outcome = await run("other.test", env);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain("as Ada Example");
    expect(new Set(proxy.requests())).toEqual(new Set([`CONNECT ${new URL(address("other.test")).host}`]));
  });
});
