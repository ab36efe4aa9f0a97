import { type Simulator, visitLogin } from "@meshauth/meshery-simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { makeAuthority } from "../support/authority.js";
import { failureOf } from "../support/failure.js";
import { LINK } from "../support/login.js";
import { named, noProxy, noTls, through, tinyproxy } from "../support/named-hosts.js";
import { NOWHERE } from "../support/offline.js";
import {
  document,
  type Home,
  makeHome,
  meshauth,
  type Outcome,
  type RunOptions,
  startMeshauth,
} from "../support/program.js";
import { freePort, relay } from "../support/relay.js";
import { simulated } from "../support/simulated.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await simulated();
});

/** A login at a remote provider that is reached as the environment says, and everything else that asks the provider. */
class ProviderLogin {
  readonly #home: Home;
  readonly #url: string;

  constructor(url: string, env: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#home = makeHome({ MESHERY_SERVER_URL: NOWHERE, ...env });
  }

  get #login(): string[] {
    return [
      "login",
      "layer5",
      "--provider-url",
      this.#url,
      "--provider-name",
      simulator.remoteName,
      "--json",
    ];
  }

  withToken(): Promise<Outcome> {
    return this.#run([...this.#login, "--token-stdin"], { input: simulator.cloud.issueToken() });
  }

  /** The browser has a way of its own to the provider. */
  async withBrowser(): Promise<Outcome> {
    const program = startMeshauth(this.#home, [...this.#login, "--no-browser"]);
    const [, link = ""] = await program.seen(LINK);
    expect(new URL(link).origin).toBe(this.#url);
    const { status } = await visitLogin(link.replace(this.#url, simulator.cloud.url));
    expect(status).toBe(200);
    return program.outcome;
  }

  expectConfirmed(login: Outcome): void {
    expect(login, login.stdout + login.stderr).toMatchObject({ code: 0 });
    expect(document(login)).toMatchObject({
      account: { email: "mira.solberg@example.com" },
      verified: true,
      warnings: [],
    });
  }

  /** The other commands that need the provider get to it, too. */
  async expectUsable(): Promise<void> {
    for (const words of [["whoami"], ["refresh"], ["logout", "--strict"]]) {
      const { code, stderr } = await this.#run(words);
      expect([words[0], code, stderr]).toEqual([words[0], 0, expect.any(String)]);
    }
  }

  /** The login is kept, with one warning, which has these words. */
  expectWarning(login: Outcome, ...words: readonly string[]): void {
    expect(login, login.stdout + login.stderr).toMatchObject({ code: 0 });
    const { warnings, ...report } = document(login) as { warnings: readonly string[] };
    expect(report).toMatchObject({ account: null, verified: false, file: this.#home.authJson });
    for (const word of words) expect(warnings).toEqual([expect.stringContaining(word)]);
  }

  /** The login is kept, and all that ask the provider name one cause and one way out. @returns them in one line. */
  async expectUnconfirmed(login: Outcome): Promise<string> {
    const run = (...words: readonly string[]): Promise<Outcome> => this.#run([...words, "--json"]);
    const [refresh, whoami, check] = await Promise.all([run("refresh"), run("whoami"), run("check")]);
    const { cause, next } = failureOf(refresh);
    const [way = "a way out"] = next;
    this.expectWarning(login, cause, way);
    expect(failureOf(whoami)).toMatchObject({
      code: "MESHAUTH_E_NETWORK",
      exitCode: 7,
      cause: expect.stringContaining(cause),
      next,
    });
    const { checks } = document(check) as { checks: readonly { id: string; message: string }[] };
    for (const id of ["provider.reachable", "account"]) {
      const found = checks.find((one) => one.id === id);
      expect(found).toMatchObject({
        message: expect.stringContaining(cause),
        next: expect.stringContaining(way),
      });
    }
    return [cause, ...next].join(" ");
  }

  #run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return meshauth(this.#home, args, options);
  }
}

describe.skipIf(noProxy)(named("through a real proxy, tinyproxy", noProxy), { timeout: 60_000 }, () => {
  const LOGIN = { user: "ada", password: "p.SECRET-CANARY-5up3rs3cret" };
  let provider: (host: string) => string;
  let trust: Record<string, string>;
  beforeAll(async () => {
    const authority = await makeAuthority();
    trust = { NODE_EXTRA_CA_CERTS: authority.root };
    const tls = await authority.issue(["meshery.test", "refused.test"]);
    const port = await relay(simulator.cloud.url, { tls });
    provider = (host) => `https://${host}:${port}`;
  });

  test("with user and password", async () => {
    const proxy = await tinyproxy({ login: LOGIN });
    const url = provider("meshery.test");
    const login = new ProviderLogin(url, { ...trust, ...through(proxy.as(LOGIN.user, LOGIN.password)) });
    login.expectConfirmed(await login.withToken());
    await login.expectUsable();
    expect(new Set(proxy.requests())).toEqual(new Set([`CONNECT ${new URL(url).host}`]));
  });

  test("in a browser, with user and password", async () => {
    const proxy = await tinyproxy({ login: LOGIN });
    const url = provider("meshery.test");
    const login = new ProviderLogin(url, { ...trust, ...through(proxy.as(LOGIN.user, LOGIN.password)) });
    login.expectConfirmed(await login.withBrowser());
    expect(proxy.requests()).toContain(`CONNECT ${new URL(url).host}`);
  });

  test("where the proxy does not allow the host", async () => {
    const proxy = await tinyproxy({ refused: "refused.test" });
    const login = new ProviderLogin(provider("refused.test"), { ...trust, ...through(proxy.url) });
    const words = await login.expectUnconfirmed(await login.withToken());
    expect(words).toBe(`${proxy.url} answered 403. Check https_proxy, or exempt refused.test in NO_PROXY.`);
  });

  test("in a browser, where the proxy does not allow the host", async () => {
    const proxy = await tinyproxy({ refused: "refused.test" });
    const login = new ProviderLogin(provider("refused.test"), { ...trust, ...through(proxy.url) });
    login.expectWarning(await login.withBrowser(), `${proxy.url} answered 403.`, "Check https_proxy");
  });

  test("where the proxy wants a password", async () => {
    const proxy = await tinyproxy({ login: LOGIN });
    const login = new ProviderLogin(provider("meshery.test"), { ...trust, ...through(proxy.url) });
    const words = await login.expectUnconfirmed(await login.withToken());
    expect(words).toContain(`${proxy.url} wants a user and password (407). Put them into https_proxy: `);
  });

  test("where the proxy is not there", async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const login = new ProviderLogin(provider("meshery.test"), { ...trust, ...through(dead) });
    const words = await login.expectUnconfirmed(await login.withToken());
    expect(words).toMatch(
      /^Nothing listens there: the proxy of https_proxy \(\S+\) refused the connection\. /,
    );
    expect(words).toContain(dead);
    expect(words).toContain("Check https_proxy");
  });
});

describe.skipIf(noTls)(named("TLS with a company's own root certificate, by openssl", noTls), () => {
  test.each([
    ["directly", "localhost"],
    ...(noProxy === undefined ? [["through tinyproxy", "meshery.test"] as const] : []),
  ] as const)("%s, where the root is known, and where it is not", { timeout: 60_000 }, async (_, host) => {
    const authority = await makeAuthority();
    const tls = await authority.issue(["localhost", "meshery.test"]);
    const url = `https://${host}:${await relay(simulator.cloud.url, { tls })}`;
    const env = host === "localhost" ? {} : through((await tinyproxy()).url);
    const trusted = new ProviderLogin(url, { ...env, NODE_EXTRA_CA_CERTS: authority.root });
    const unknown = new ProviderLogin(url, env);
    const [known, alien] = await Promise.all([trusted.withToken(), unknown.withToken()]);
    trusted.expectConfirmed(known);
    const words = await unknown.expectUnconfirmed(alien);
    expect(words).toMatch(/^The secure connection failed: .*issuer.* set NODE_EXTRA_CA_CERTS to /);
  });
});
