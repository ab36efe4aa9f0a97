import type { Simulator } from "@meshauth/meshery-simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { type Authority, makeAuthority, type Validity } from "../support/authority.js";
import { failureOf } from "../support/failure.js";
import { because, canMount } from "../support/installed.js";
import { named, noNames, noProxy, noTls, through, tinyproxy, WITH_HOSTS } from "../support/named-hosts.js";
import { document, makeHome, meshauth, type Outcome, PROGRAM } from "../support/program.js";
import { freePort, hasIpv6, relay } from "../support/relay.js";
import { simulated } from "../support/simulated.js";
import type { Tinyproxy } from "../support/tinyproxy.js";
import { leaksOf } from "../support/tokens.js";

const noIpv6 = because([canMount, "the right to mount is"], [await hasIpv6(), "IPv6 on loopback is"]);

let simulator: Simulator;
beforeAll(async () => {
  simulator = await simulated();
});

interface Asking {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Whether the program itself can resolve the hosts, and not only the proxy. */
  readonly resolves?: boolean;
}

/** Asks a server for the user by an API token, which is sent to that server and to nobody else. */
function ask(server: string, { env, args = [], resolves = false }: Asking = {}): Promise<Outcome> {
  return meshauth(makeHome(), ["api", "/api/user", "--json", ...args], {
    env: {
      MESHERY_SERVER_URL: server,
      MESHERY_API_TOKEN: simulator.cloud.apiToken(),
      MESHERY_PROVIDER: simulator.remoteName,
      ...env,
    },
    ...(resolves ? { command: [...WITH_HOSTS, process.execPath, PROGRAM] } : {}),
  });
}

function expectUser(outcome: Outcome): void {
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(document(outcome)).toMatchObject({ body: { email: "mira.solberg@example.com" } });
}

/** The failure to reach the other side, in one line. */
function silence(outcome: Outcome): string {
  const { code, message, cause, next } = failureOf(outcome);
  expect([code, outcome.code]).toEqual(["MESHAUTH_E_NETWORK", 7]);
  return [message, cause, ...next].join(" ");
}

describe.skipIf(noProxy)(named("through a real proxy, tinyproxy", noProxy), () => {
  const LOGIN = { user: "ada", password: "p.SECRET-CANARY-5up3rs3cret" };
  let [open, closed]: Tinyproxy[] = [];
  let authority: Authority;
  /** The server at a host that only the proxy can resolve, by scheme. */
  let address: (scheme: "http" | "https", host?: string) => string;
  let trust: Record<string, string>;

  beforeAll(async () => {
    authority = await makeAuthority();
    const tls = await authority.issue(["meshery.test", "refused.test"]);
    const ports = {
      http: await relay(simulator.server.url),
      https: await relay(simulator.server.url, { tls }),
    };
    address = (scheme, host = "meshery.test") => `${scheme}://${host}:${ports[scheme]}`;
    trust = { NODE_EXTRA_CA_CERTS: authority.root };
    [open, closed] = await Promise.all([tinyproxy({ refused: "refused.test" }), tinyproxy({ login: LOGIN })]);
  });

  describe.concurrent.each(["http", "https"] as const)("%s", (scheme) => {
    test("the proxy resolves the name, and sees of https host and port only", async () => {
      const server = address(scheme);
      expectUser(await ask(server, { env: { ...trust, ...through(open?.url ?? "") } }));
      const { host } = new URL(server);
      const lines = open?.requests().filter((line) => line.includes(host)) ?? [];
      expect(new Set(lines)).toEqual(
        new Set(
          scheme === "https"
            ? [`CONNECT ${host}`]
            : [`GET ${server}/api/providers`, `GET ${server}/api/user`],
        ),
      );
    });

    test("with user and password, which are in no output", async () => {
      const proxy = closed?.as(LOGIN.user, LOGIN.password) ?? "";
      const loud = await ask(address(scheme), { env: { ...trust, ...through(proxy), DEBUG: "*" } });
      expect(loud.code, loud.stdout).toBe(0);
      expect(document(loud)).toMatchObject({ body: { email: "mira.solberg@example.com" } });
      expect(loud.stderr).toContain(`via ${closed?.url}`);
      const pair = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64");
      expect(leaksOf(loud.stdout + loud.stderr, [LOGIN.password, pair])).toEqual([]);
    });

    test("without the password it wants: the proxy's fault, not the server's", async () => {
      const words = silence(await ask(address(scheme), { env: { ...trust, ...through(closed?.url ?? "") } }));
      expect(words).toMatch(/^The proxy of (HTTP_PROXY|https_proxy) refused the connection\. /);
      expect(words).toContain(`${closed?.url} wants a user and password (407).`);
    });

    test("with a wrong password: so, too", async () => {
      const wrong = "SECRET-CANARY-0f-n0-use-at-all";
      const outcome = await ask(address(scheme), {
        env: { ...trust, ...through(closed?.as(LOGIN.user, wrong) ?? "") },
      });
      const words = silence(outcome);
      expect(words).toMatch(/wants a user and password \(40[17]\), and not those that are set\./);
      expect(leaksOf(outcome.stdout + outcome.stderr, [wrong])).toEqual([]);
    });

    test("a host that the proxy does not allow", async () => {
      const words = silence(
        await ask(address(scheme, "refused.test"), { env: { ...trust, ...through(open?.url ?? "") } }),
      );
      expect(words).toMatch(/^The proxy of \w+ refused the connection\. \S+ answered 403\. /);
      expect(words).toContain("NO_PROXY");
    });

    test("a host that the proxy does not reach", async () => {
      const host = `meshery.test:${await freePort()}`;
      const words = silence(await ask(`${scheme}://${host}`, { env: through(open?.url ?? "") }));
      expect(words).toMatch(/^The proxy of \w+ cannot reach /);
      expect(words).toContain(host);
    });
  });

  test("a proxy that goes away between two commands", async () => {
    const proxy = await tinyproxy();
    expectUser(await ask(address("https"), { env: { ...trust, ...through(proxy.url) } }));
    await proxy.stop();
    expect(silence(await ask(address("https"), { env: { ...trust, ...through(proxy.url) } }))).toContain(
      `(${proxy.url}) refused the connection.`,
    );
  });

  test("a proxy that is reached by TLS, whose root is known, and is not", async () => {
    const proxy = await tinyproxy();
    const port = await relay(proxy.url, { tls: await authority.issue(["localhost"]) });
    const env = through(`https://localhost:${port}`);
    expectUser(await ask(address("https"), { env: { ...trust, ...env } }));
    expect(proxy.requests()).toContain(`CONNECT ${new URL(address("https")).host}`);
    expect(silence(await ask(address("https"), { env }))).toMatch(
      /The secure connection failed: .*issuer.* set NODE_EXTRA_CA_CERTS to /,
    );
  });

  test.skipIf(noIpv6)(named("a proxy that has an IPv6 address only", noIpv6), async () => {
    const proxy = await tinyproxy({ host: "::1" });
    expectUser(await ask(address("https"), { env: { ...trust, ...through(proxy.url) } }));
    expect(proxy.requests()).toContain(`CONNECT ${new URL(address("https")).host}`);
  });

  test("NO_PROXY, by what reaches the proxy", async () => {
    const proxy = await tinyproxy();
    const server = address("http");
    const { port } = new URL(server);
    const passes = async (name: string, value: string): Promise<boolean> => {
      const before = proxy.requests().length;
      expectUser(await ask(server, { env: { ...through(proxy.url), [name]: value }, resolves: true }));
      return proxy.requests().length > before;
    };
    const seen = await Promise.all(
      (
        [
          ["NO_PROXY", "a.example,meshery.test"],
          ["no_proxy", `.test:${port}`],
          ["NO_PROXY", "*"],
        ] as const
      ).map(([name, value]) => passes(name, value)),
    );
    expect(seen).toEqual([false, false, false]);
    // By name, not by address: who goes through a proxy need not be able to resolve names.
    expect(await passes("NO_PROXY", "127.0.0.0/8")).toBe(true);
  });

  test("a slow link is no failure, and one that stands still ends with the time limit", async () => {
    const slow = await relay(simulator.server.url, { drip: { bytes: 24, rest: 4 } });
    const stuck = await relay(simulator.server.url, { drip: { bytes: 24 } });
    const env = through(open?.url ?? "");
    const [whole, part] = await Promise.all([
      ask(`http://meshery.test:${slow}`, { env }),
      ask(`http://meshery.test:${stuck}`, { env, args: ["--timeout", "3s"] }),
    ]);
    expectUser(whole);
    expect(failureOf(part)).toMatchObject({ code: "MESHAUTH_E_TIMEOUT", exitCode: 6 });
  });

  test("a server whose clock differs is noticed through it", async () => {
    const behind = await simulated({ now: () => new Date(Date.now() - 7_200_000) });
    const home = makeHome({
      ...through(open?.url ?? ""),
      MESHERY_SERVER_URL: `http://meshery.test:${await relay(behind.server.url)}`,
    });
    const login = await meshauth(home, ["login", "file-import", "-"], { input: behind.cloud.apiToken() });
    expect(login.code, login.stderr).toBe(0);
    expect((await meshauth(home, ["status"])).stderr).toContain("clock is 120 min ahead of");
  });
});

describe.skipIf(noTls)(named("TLS with a company's own root certificate, by openssl", noTls), () => {
  let authority: Authority;
  let proxy: Tinyproxy | undefined;
  beforeAll(async () => {
    authority = await makeAuthority();
    if (noProxy === undefined) proxy = await tinyproxy();
  });

  const serve = async (names: readonly string[], validity?: Validity): Promise<number> =>
    relay(simulator.server.url, { tls: await authority.issue(names, validity) });

  const CASES: readonly [what: string, names: readonly string[], validity: Validity | undefined, RegExp][] = [
    ["that has expired", ["localhost", "meshery.test"], { from: -9, to: -2 }, /certificate has expired\./],
    ["for another name", ["wrong.test"], undefined, /is for another host name\./],
    ["that is not valid yet", ["localhost", "meshery.test"], { from: 2, to: 9 }, /is not valid yet\./],
  ];

  describe.concurrent.each([
    ["directly", "localhost"],
    ...(noProxy === undefined ? [["through tinyproxy", "meshery.test"] as const] : []),
  ] as const)("%s", (_, host) => {
    const env = (): Record<string, string> => (host === "localhost" ? {} : through(proxy?.url ?? ""));
    const trusting = () => ({ ...env(), NODE_EXTRA_CA_CERTS: authority.root });

    test.each(CASES)(
      "a certificate %s is told, and no proxy blamed",
      async (_what, names, validity, reason) => {
        const server = `${host}:${await serve(names, validity)}`;
        const words = silence(await ask(`https://${server}`, { env: trusting() }));
        expect(words).toMatch(reason);
        expect(words).toContain(`${server} cannot be reached. The secure connection failed: `);
        expect(words).not.toMatch(/proxy/i);
      },
    );

    test("a root that is not known here is told with the variable, which mends it", async () => {
      const server = `https://${host}:${await serve(["localhost", "meshery.test"])}`;
      const words = silence(await ask(server, { env: env() }));
      expect(words).toMatch(/The secure connection failed: .*issuer/);
      expect(words).toContain("NODE_EXTRA_CA_CERTS");
      expectUser(await ask(server, { env: trusting() }));
    });
  });
});

describe.skipIf(noIpv6)(named("hosts with one kind of address", noIpv6), { concurrent: true }, () => {
  test.each([
    ["six.test", "::1"],
    ["both.test", "::1"],
    ["both.test", "127.0.0.1"],
  ] as const)("%s, with a server at %s", async (host, address) => {
    const port = await relay(simulator.server.url, { host: address });
    expectUser(await ask(`http://${host}:${port}`, { resolves: true }));
  });

  test("the address itself", async () => {
    const port = await relay(simulator.server.url, { host: "::1" });
    expectUser(await ask(`http://[::1]:${port}`));
  });

  test("nothing listens at the only address that it has", async () => {
    const port = await relay(simulator.server.url);
    const words = silence(await ask(`http://six.test:${port}`, { resolves: true }));
    expect(words).toContain("Nothing listens there: six.test");
  });
});

test.skipIf(noNames)(named("a host with an IPv4 address only", noNames), async () => {
  const port = await relay(simulator.server.url);
  expectUser(await ask(`http://four.test:${port}`, { resolves: true }));
});
