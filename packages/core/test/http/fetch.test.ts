import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { failure, fetching, shown } from "./fetching.js";
import { serve } from "./servers.js";

const CANARY = "SECRET-CANARY-0123456789";

describe("an answer", () => {
  test("comes with status, headers and text, whatever the status", async () => {
    const url = await serve((_, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.writeHead(503, { "content-type": "application/json" }).end('{"error":"down \u00e4"}');
    });
    const answer = await fetching().fetch(url);
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('{"error":"down \u00e4"}');
    expect(answer.json()).toEqual({ error: "down \u00e4" });
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  test("that is not JSON fails as such, without a word of its text", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<html>${CANARY}`);
    });
    const answer = await fetching().fetch(url);
    const error = await failure((async () => answer.json())());
    expect(error.code).toBe("protocol");
    expect(error.reason).toMatch(/status 200 as text\/html/);
    expect(shown(error)).not.toContain(CANARY);
    expect(error.cause).toBeUndefined();
  });

  test("is unpacked when it comes compressed", async () => {
    const url = await serve((_, response) => {
      response.setHeader("content-encoding", "gzip").end(gzipSync('{"a":1}'));
    });
    expect((await fetching().fetch(url)).json()).toEqual({ a: 1 });
  });
});

describe("a request", () => {
  test("carries method, body, headers and meshauth's user agent, which nobody replaces", async () => {
    const url = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () =>
        response.end(JSON.stringify({ method: request.method, body, ...request.headers })),
      );
    });
    const answer = await fetching().fetch(`${url}/x?y=z`, {
      method: "POST",
      body: "a=b",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "User-Agent": "evil",
        cookie: "token=t; x=y",
      },
    });
    expect(answer.json()).toMatchObject({
      method: "POST",
      body: "a=b",
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "meshauth/0.0.0 test",
      cookie: "token=t; x=y",
    });
  });

  test.each(["http://meshery.example/", "https://u:p@h.example/", "file:///etc/passwd", "https://h/\r\nx"])(
    "to %j is not sent (T31)",
    async (address) => {
      expect((await failure(fetching().fetch(address))).code).toBe("protocol");
    },
  );

  test("with a header that cannot be sent fails without its value", async () => {
    const { fetch } = fetching();
    const url = await serve((_, response) => response.end());
    for (const value of [`${CANARY}\r\nx: y`, `${CANARY}\u0000`, `${CANARY}\u4f60`]) {
      const error = await failure(fetch(url, { headers: { authorization: value } }));
      expect(error.code).toBe("protocol");
      expect(shown(error) + String(error.cause)).not.toContain(CANARY);
    }
    expect((await failure(fetch(url, { headers: { "a b": "c" } }))).code).toBe("protocol");
  });

  test("that fetch itself refuses is a failed request, not a crash", async () => {
    const url = await serve((_, response) => response.end());
    expect((await failure(fetching().fetch(url, { method: "GET", body: "x" }))).code).toBe("unreachable");
    expect((await failure(fetching().fetch(url, { method: "BAD METHOD" }))).code).toBe("unreachable");
  });
});

describe("redirects are handed back, never followed (A09, T32)", () => {
  test.each([301, 302, 303, 307, 308])("%i to another origin and to itself", async (status) => {
    let reached = 0;
    const other = await serve((_, response) => {
      reached += 1;
      response.end();
    });
    const url = await serve((request, response) => {
      reached += request.url === "/again" ? 1 : 0;
      response.writeHead(status, { location: request.url === "/self" ? "/again" : other }).end();
    });
    const { fetch } = fetching();
    const answer = await fetch(url, {
      method: "POST",
      body: "refresh",
      headers: { authorization: "Bearer t" },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBe(other);
    expect((await fetch(`${url}/self`)).headers.get("location")).toBe("/again");
    expect(reached).toBe(0);
  });
});
