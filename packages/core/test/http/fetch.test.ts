import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { failure, fetching, shown } from "./fetching.js";
import { closedPort, serve, serveRaw } from "./servers.js";

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

describe("limits (A29, T33)", () => {
  test("silence after the connection", async () => {
    const url = await serve(() => {});
    const error = await failure(fetching().fetch(url, { timeout: 150 }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/did not answer in time/);
    expect(error.reason).toMatch(/0\.15 s/);
  });

  test("a drip of single bytes does not stretch the time", async () => {
    let timer: NodeJS.Timeout | undefined;
    const url = await serve((_, response) => {
      response.writeHead(200);
      timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    const error = await failure(fetching().fetch(url, { timeout: 300 }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/in time/);
  });

  test("a drip of header bytes does not either", async () => {
    const url = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    expect((await failure(fetching().fetch(url, { timeout: 300 }))).message).toMatch(/in time/);
  });

  test("a gigabyte is cut off after the first mebibyte", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, "x");
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": String(1024 ** 3) });
      const push = (): void => {
        while (sent < 1024 ** 3 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", push);
        }
      };
      push();
    });
    const error = await failure(fetching().fetch(url));
    expect(error.code).toBe("protocol");
    expect(error.message).toMatch(/too large/);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test("a small body that unpacks to more than the limit is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const url = await serve((_, response) => {
      response.setHeader("content-encoding", "gzip").end(bomb);
    });
    expect((await failure(fetching().fetch(url))).message).toMatch(/too large/);
  });

  test("exactly one mebibyte is read, one byte more is not", async () => {
    const url = await serve((request, response) => {
      response.end(Buffer.alloc(1024 * 1024 + (request.url === "/more" ? 1 : 0), "x"));
    });
    const { fetch } = fetching();
    expect((await fetch(url)).text.length).toBe(1024 * 1024);
    expect((await failure(fetch(`${url}/more`))).code).toBe("protocol");
  });
});

describe("the signal", () => {
  test("ends a running request with its reason", async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error("the person left")));
    await expect(fetching({ signal: controller.signal }).fetch(url)).rejects.toThrow("the person left");
  });

  test("ends a request whose body is on its way", async () => {
    const controller = new AbortController();
    const url = await serve((_, response) => {
      response.writeHead(200);
      response.write("x");
      setTimeout(() => controller.abort(new Error("the person left")), 50);
    });
    await expect(fetching({ signal: controller.signal }).fetch(url)).rejects.toThrow("the person left");
  });

  test("that has ended lets no request out", async () => {
    let asked = false;
    const url = await serve((_, response) => {
      asked = true;
      response.end();
    });
    await expect(fetching({ signal: AbortSignal.abort(new Error("over")) }).fetch(url)).rejects.toThrow(
      "over",
    );
    expect(asked).toBe(false);
  });
});

describe("what went wrong is told apart", () => {
  test("a name that does not exist", async () => {
    const error = await failure(fetching().fetch("https://no-such-host.invalid/"));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/name of no-such-host\.invalid/);
  });

  test("a port that nobody listens on", async () => {
    const error = await failure(fetching().fetch(await closedPort()));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/Nothing listens there/);
  });

  test("both addresses of localhost refused", async () => {
    const { port } = new URL(await closedPort());
    const error = await failure(fetching().fetch(`http://localhost:${port}`));
    expect(error.reason).toMatch(/Nothing listens there/);
  });

  test("a port that fetch does not use", async () => {
    expect((await failure(fetching().fetch("http://127.0.0.1:6000"))).reason).toMatch(
      /kept for another protocol/,
    );
  });

  test("a connection that is closed before and within the answer", async () => {
    const early = await serveRaw((socket) => socket.destroy());
    expect((await failure(fetching().fetch(early))).reason).toMatch(/closed before/);
    const late = await serveRaw((socket) => {
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    const error = await failure(fetching().fetch(late));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/closed before/);
  });

  test.each([
    ["garbage", "garbage\r\n\r\n"],
    ["endless headers", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(20_000)}\r\n`],
    ["damaged compression", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"],
    ["a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
  ])("an answer that makes no sense: %s", async (_, bytes) => {
    const url = await serveRaw((socket) => {
      socket.once("data", () => socket.end(bytes));
    });
    expect((await failure(fetching().fetch(url))).code).toBe("protocol");
  });

  test("a server without TLS under an https address", async () => {
    const { port } = new URL(await serve((_, response) => response.end()));
    const error = await failure(fetching().fetch(`https://localhost:${port}/`));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/does not speak TLS/);
  });
});

describe("secrets", () => {
  test("are announced: request headers, answered cookies, members of the body", async () => {
    const url = await serve((_, response) => {
      response.setHeader("set-cookie", ["token=from-cookie-123; Path=/", "meshery-provider=Layer5"]);
      response.end('{"a":{"access_token":"from\\u002dbody-123"},"name":"Ada"}');
    });
    const { fetch, secrets } = fetching();
    await fetch(url, {
      headers: {
        authorization: "Bearer in-header-1",
        "X-API-Key": "in-header-2",
        cookie: "token=in-cookie-3; meshery-provider=Layer5",
      },
    });
    expect(secrets.sort()).toEqual([
      "from-body-123",
      "from-cookie-123",
      "in-cookie-3",
      "in-header-1",
      "in-header-2",
    ]);
  });

  test("are in no message and no debug line, for each kind of failure", async () => {
    const secret = `${CANARY}${randomBytes(4).toString("hex")}`;
    const ok = await serve((_, response) => response.end("{"));
    const addresses = [
      ok,
      await closedPort(),
      await serve(() => {}),
      await serveRaw((socket) => socket.destroy()),
      await serveRaw((socket) => socket.end("garbage")),
      "https://no-such-host.invalid",
      "http://plain.example",
    ];
    const { fetch, debug } = fetching();
    for (const address of addresses) {
      const request = fetch(`${address}/?token=${secret}#${secret}`, {
        headers: { authorization: `Bearer ${secret}`, cookie: `token=${secret}` },
        timeout: 200,
      }).then((answer) => answer.json());
      const error = await failure(request);
      expect(shown(error)).not.toContain(secret);
      expect(String(error.stack)).not.toContain(secret);
    }
    expect(debug.length).toBeGreaterThanOrEqual(addresses.length - 1);
    expect(debug.join("\n")).not.toContain(secret);
  });
});
