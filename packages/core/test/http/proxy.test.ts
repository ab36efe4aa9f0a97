import { describe, expect, test } from "vitest";
import { failure, fetching, shown } from "./fetching.js";
import { closedPort, serve, serveProxy, serveRaw } from "./servers.js";

const ADDRESS = "http://meshery.example:9081/api/system/version?q=1";

describe("plain http through a proxy", () => {
  test("goes to the proxy as a plain request, which needs no CONNECT to an unusual port", async () => {
    const server = await serve((request, response) => response.end(JSON.stringify({ url: request.url })));
    const proxy = await serveProxy(server);
    const { fetch, debug } = fetching({ env: { http_proxy: proxy.url }, allowHttp: true });
    expect((await fetch(ADDRESS)).json()).toEqual({ url: "/api/system/version?q=1" });
    expect((await fetch(ADDRESS)).status).toBe(200);
    expect(proxy.seen).toEqual([`GET ${ADDRESS}`, `GET ${ADDRESS}`]);
    expect(debug[0]).toContain(`via ${proxy.url}`);
  });

  test("hands redirects and error statuses of the server back", async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: "/provider" }).end());
    const proxy = await serveProxy(server);
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy.url }, allowHttp: true });
    expect((await fetch(ADDRESS)).status).toBe(302);
  });

  test("tells user and password to the proxy, and keeps the password out of everything else", async () => {
    const server = await serve((_, response) => response.end());
    const proxy = await serveProxy(server);
    const setting = proxy.url.replace("http://", "http://ada:SECRET-CANARY%40x@");
    const { fetch, debug, secrets } = fetching({ env: { HTTP_PROXY: setting }, allowHttp: true });
    await fetch(ADDRESS);
    expect(proxy.authorization).toEqual([`Basic ${Buffer.from("ada:SECRET-CANARY@x").toString("base64")}`]);
    expect(secrets).toEqual(["SECRET-CANARY%40x", "SECRET-CANARY@x"]);
    expect(debug.join()).not.toContain("SECRET-CANARY");
  });
});

describe("what a proxy does wrong is told as the proxy's", () => {
  test.each([
    ["wants a password, for http", { plain: 407 }, ADDRESS, /wants a user and password \(407\)/],
    [
      "wants a password, for https",
      { connect: "407 Proxy Authentication Required" },
      "https://a.example/",
      /\(407\)/,
    ],
    ["forbids the host", { connect: "403 Forbidden" }, "https://a.example/", /answered 403/],
  ])("%s", async (_, answer, address, reason) => {
    const proxy = await serveProxy(1, answer);
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy.url, https_proxy: proxy.url }, allowHttp: true });
    const error = await failure(fetch(address));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/The proxy of (HTTP_PROXY|https_proxy) refused/);
    expect(error.reason).toMatch(reason);
  });

  test.each([502, 503, 504])("cannot reach the host: %i", async (status) => {
    const proxy = await serveProxy(1, { connect: `${status} No way` });
    const error = await failure(fetching({ env: { https_proxy: proxy.url } }).fetch("https://a.example/"));
    expect(error.message).toBe("The proxy of https_proxy cannot reach a.example.");
    expect(error.reason).toContain(`answered ${status}`);
  });

  test("refuses a password that it was told", async () => {
    const proxy = await serveProxy(1, { connect: "407 Proxy Authentication Required" });
    const setting = proxy.url.replace("http://", "http://ada:SECRET-CANARY@");
    const error = await failure(fetching({ env: { HTTPS_PROXY: setting } }).fetch("https://a.example/"));
    expect(error.reason).toMatch(/not those that are set/);
    expect(shown(error)).not.toContain("SECRET-CANARY");
  });

  test.each(["http://a.example/", "https://a.example/"])("is not there: %s", async (address) => {
    const proxy = await closedPort();
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, allowHttp: true });
    const error = await failure(fetch(address));
    expect(error.reason).toMatch(
      /the proxy of HTTPS?_PROXY \(http:\/\/127\.0\.0\.1:\d+\) refused the connection/,
    );
    expect(error.next.join()).toMatch(/NO_PROXY/);
  });

  test("has a name that does not exist", async () => {
    const env = { HTTPS_PROXY: "http://no-such-proxy.invalid:3128" };
    const error = await failure(fetching({ env }).fetch("https://a.example/"));
    expect(error.reason).toMatch(/name of the proxy of HTTPS_PROXY/);
  });

  test("says nothing at all", async () => {
    const proxy = await serveRaw(() => {});
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, allowHttp: true });
    expect((await failure(fetch("https://a.example/", { timeout: 200 }))).message).toMatch(/in time/);
    expect((await failure(fetch("http://a.example/", { timeout: 200 }))).message).toMatch(/in time/);
  });
});

test("the signal ends a request that waits for the proxy", async () => {
  const controller = new AbortController();
  const proxy = await serveRaw((socket) => {
    socket.once("data", () => controller.abort(new Error("the person left")));
  });
  const { fetch } = fetching({ env: { HTTPS_PROXY: proxy }, signal: controller.signal });
  await expect(fetch("https://a.example/")).rejects.toThrow("the person left");
});

test("loopback and NO_PROXY go past the proxy", async () => {
  const server = await serve((_, response) => response.end("direct"));
  const proxy = await serveProxy(1);
  const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "invalid" };
  const { fetch } = fetching({ env, allowHttp: true });
  expect((await fetch(server)).text).toBe("direct");
  await failure(fetch("https://no-such-host.invalid/"));
  expect(proxy.seen).toEqual([]);
});
