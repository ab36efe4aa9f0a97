import { describe, expect, test } from "vitest";
import { failure, fetching } from "./fetching.js";
import { serve } from "./servers.js";

const ADDRESS = "http://meshery.example/api/user";

describe("an answer to plain http is told to be the proxy's own", () => {
  test.each<[string, number, Record<string, string>]>([
    ["by its status", 407, {}],
    ["squid", 403, { "x-squid-error": "ERR_ACCESS_DENIED 0", via: "1.1 gate (squid/5.7)" }],
    ["tinyproxy", 403, { server: "tinyproxy/1.11.1" }],
    ["RFC 9209", 403, { "proxy-status": "gate.example; error=http_request_denied" }],
    ["a password that it does not take", 401, { server: "tinyproxy/1.11.1" }],
  ])("%s", async (_, status, headers) => {
    const proxy = await serve((_request, response) => response.writeHead(status, headers).end("<html>"));
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy }, allowHttp: true });
    const error = await failure(fetch(ADDRESS));
    expect([error.code, error.message]).toEqual([
      "unreachable",
      "The proxy of HTTP_PROXY refused the connection.",
    ]);
    expect(error.reason).toContain(String(status));
  });

  test.each<[string, number, Record<string, string>]>([
    ["an error of the server", 403, { server: "nginx", via: "1.1 gate (tinyproxy/1.11.1)" }],
    ["a note of the proxy about an answer that it passed on", 403, { "proxy-status": "gate.example" }],
    ["what is no error", 200, { server: "squid/5.7" }],
  ])("and not: %s", async (_, status, headers) => {
    const proxy = await serve((_request, response) => response.writeHead(status, headers).end());
    const { fetch } = fetching({ env: { HTTP_PROXY: proxy }, allowHttp: true });
    expect((await fetch(ADDRESS)).status).toBe(status);
  });

  test("and not without a proxy", async () => {
    const server = await serve((_, response) => response.writeHead(403, { server: "squid/5.7" }).end());
    expect((await fetching().fetch(server)).status).toBe(403);
  });
});
