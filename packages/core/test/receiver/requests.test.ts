import { describe, expect, test } from "vitest";
import { expectWaiting, get, open, request, sendRaw, TOKEN, type Watched } from "./support.js";

/** Sends the right callback with header lines or another method, and expects a refusal without effect. */
async function expectRefused(watched: Watched, status: number, lines: string[], method = "GET", body = "") {
  const { receiver, path, notices } = watched;
  const answer = await sendRaw(
    receiver.port,
    request(receiver.port, `${path}?token=${TOKEN}`, lines, method) + body,
  );
  expect(answer.status).toBe(status);
  expect(answer.headers.get("connection")).toBe("close");
  expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.body).not.toContain(TOKEN);
  expect(notices).toEqual([]);
  return answer;
}

describe("T22 A01 A10: other paths", () => {
  test("are answered with 404, and the login waits", async () => {
    const earlier = await open();
    await earlier.receiver.close();
    const watched = await open();
    const { receiver, path, secrets } = watched;
    const nonce = path.slice("/cb/layer5/".length);
    const wrong = `${nonce.slice(0, -1)}${nonce.endsWith("A") ? "B" : "A"}`;
    for (const target of [
      "/",
      "/callback",
      "/done",
      "/cb",
      "/cb/",
      "/cb/layer5",
      "/cb/layer5/",
      earlier.path,
      `/cb/layer5/${wrong}`,
      `/cb/layer5/${nonce.slice(0, -1)}`,
      `/cb/layer5/${nonce}A`,
      `/cb/layer5/${nonce}/x`,
      `/cb/layer5/${nonce}//`,
      `/cb/layer5//${nonce}`,
      `/cb/other/${nonce}`,
      `/CB/layer5/${nonce}`,
      `/cb/./layer5/${nonce}`,
      `/x/../cb/layer5/${nonce}`,
      `/%63b/layer5/${nonce}`,
      `//cb/layer5/${nonce}`,
      `/cb/layer5/${nonce};x`,
      `/api/user/token`,
    ]) {
      const answer = await get(receiver.port, `${target}?token=${TOKEN}`);
      expect([target, answer.status]).toEqual([target, 404]);
      expect(answer.body).toContain("This address is not in use.");
      expect(answer.body).not.toContain(nonce);
    }
    // What strangers send must not be able to fill the list of values that are kept out of output.
    expect(secrets).toEqual([]);
    await expectWaiting(watched);
  });

  test("the icon is answered with nothing", async () => {
    const watched = await open();
    const answer = await get(watched.receiver.port, "/favicon.ico");
    expect([answer.status, answer.body]).toEqual([204, ""]);
    await expectWaiting(watched);
  });
});

describe("T23: other methods on the right address", () => {
  test("HEAD is answered without effect", async () => {
    const watched = await open();
    expect((await expectRefused(watched, 200, [], "HEAD")).body).toBe("");
    await expectWaiting(watched);
  });

  test("a preflight gets 403 and no permission", async () => {
    const watched = await open();
    const lines = [
      "Origin: https://evil.example",
      "Access-Control-Request-Method: GET",
      "Access-Control-Request-Private-Network: true",
      "Access-Control-Request-Local-Network: true",
    ];
    await expectRefused(watched, 403, lines, "OPTIONS");
    await expectWaiting(watched);
  });

  test.each(["POST", "PUT", "DELETE", "TRACE", "PATCH", "PROPFIND"])("%s gets 405", async (method) => {
    const watched = await open();
    const answer = await expectRefused(watched, 405, [], method);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
    await expectWaiting(watched);
  });

  test("A02: a form's POST with its body gets 405", async () => {
    const watched = await open();
    const lines = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 7"];
    await expectRefused(watched, 405, lines, "POST", "token=x");
    await expectWaiting(watched);
  });

  test("CONNECT and an unknown method end without harm", async () => {
    const watched = await open();
    const { port } = watched.receiver;
    expect(
      (await sendRaw(port, `CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)).status,
    ).toBe(0);
    expect((await sendRaw(port, request(port, watched.path, [], "BREW"))).status).toBe(400);
    await expectWaiting(watched);
  });
});

describe("T24 A05: other names in Host", () => {
  const variants: [string, (port: number) => string][] = [
    ["a rebound name", (port) => `evil.example:${port}`],
    ["all interfaces", (port) => `0.0.0.0:${port}`],
    ["no port", () => "127.0.0.1"],
    ["a short form", (port) => `127.1:${port}`],
    ["an octal form", (port) => `0177.0.0.1:${port}`],
    ["a decimal form", (port) => `2130706433:${port}`],
    ["a subdomain", (port) => `evil.localhost:${port}`],
    ["a final dot", (port) => `localhost.:${port}`],
    ["a mapped address", (port) => `[::ffff:127.0.0.1]:${port}`],
    ["a long form of ::1", (port) => `[0:0:0:0:0:0:0:1]:${port}`],
    ["no brackets", (port) => `::1:${port}`],
    ["another port", (port) => `localhost:${port === 1024 ? 1025 : port - 1}`],
    ["user information", (port) => `x@localhost:${port}`],
    ["a second name", (port) => `localhost:${port}, evil.example`],
    ["nothing", () => ""],
  ];
  test.each(variants)("%s: refused, and the login waits", async (_, host) => {
    const watched = await open();
    await expectRefused(watched, 421, [`Host: ${host(watched.receiver.port)}`]);
    expect(watched.secrets).toEqual([]);
    await expectWaiting(watched);
  });

  test("no Host at all is refused, in HTTP/1.1 and 1.0", async () => {
    const watched = await open();
    for (const version of ["1.1", "1.0"]) {
      const text = `GET ${watched.path}?token=${TOKEN} HTTP/${version}\r\n\r\n`;
      const answer = await sendRaw(watched.receiver.port, text);
      expect(answer.status).toBe(421);
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
    }
    await expectWaiting(watched);
  });

  test("the name may be in capitals", async () => {
    const { receiver, path } = await open();
    const answer = await get(receiver.port, `${path}?token=${TOKEN}`, [`Host: LocalHost:${receiver.port}`]);
    expect(answer.status).toBe(303);
  });
});

describe("T25: malformed and unusual requests", () => {
  test("two Host fields are refused, in either order", async () => {
    const watched = await open();
    const ours = `Host: localhost:${watched.receiver.port}`;
    await expectRefused(watched, 421, [ours, "Host: evil.example"]);
    await expectRefused(watched, 421, ["Host: evil.example", ours]);
    await expectRefused(watched, 421, [ours, "hOST: localhost"]);
    await expectRefused(watched, 421, [ours, ours]);
    await expectWaiting(watched);
  });

  test.each([
    ["absolute form", (path: string, port: number) => `http://localhost:${port}${path}`],
    ["absolute form of another origin", (path: string) => `http://evil.example${path}`],
    ["a fragment", (path: string) => `${path}?token=${TOKEN}#x`],
    ["an asterisk", () => "*"],
    ["a byte beyond ASCII", (path: string) => `${path}?token=\u00e9`],
    ["a control character", (path: string) => `${path}?token=\u0001`],
  ])("a target with %s is refused", async (_, target) => {
    const watched = await open();
    const { port } = watched.receiver;
    for (const method of ["GET", "OPTIONS"]) {
      const text = request(port, target(watched.path, port), [], method);
      const answer = await sendRaw(port, Buffer.from(text, "latin1"));
      expect(answer.status).toBe(400);
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    }
    await expectWaiting(watched);
  });

  test.each([
    ["a body", ["Content-Length: 5"], "hello"],
    ["an empty chunked body", ["Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["a chunked body", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n"],
    ["the promise of a body", ["Content-Length: 5", "Expect: 100-continue"], ""],
  ])("a GET with %s is refused", async (_, lines, body) => {
    const watched = await open();
    await expectRefused(watched, 413, lines, "GET", body);
    await expectWaiting(watched);
  });

  test("an unknown expectation changes nothing", async () => {
    const { receiver, path } = await open();
    expect((await get(receiver.port, `${path}?token=${TOKEN}`, ["Expect: tea"])).status).toBe(303);
  });

  test("header names that are special in JavaScript do no harm", async () => {
    const watched = await open();
    const lines = ["__proto__: x", "constructor: x", "hasOwnProperty: x", "prototype: x"];
    expect((await get(watched.receiver.port, "/", lines)).status).toBe(404);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    await expectWaiting(watched);
  });

  test("a head over 64 KiB is refused", async () => {
    const watched = await open();
    const answer = await get(watched.receiver.port, `${watched.path}?token=${"A".repeat(80_000)}`);
    expect([431, 0]).toContain(answer.status);
    await expectWaiting(watched);
  });

  test("a second request in the same connection is not taken", async () => {
    const watched = await open();
    const { port } = watched.receiver;
    const answer = await sendRaw(port, request(port, "/") + request(port, `${watched.path}?token=${TOKEN}`));
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain("303");
    expect(watched.secrets).toEqual([]);
    await expectWaiting(watched);
  });

  test("an upgrade is not taken", async () => {
    const watched = await open();
    const lines = ["Connection: Upgrade", "Upgrade: websocket", "Sec-Fetch-Mode: websocket"];
    await expectRefused(watched, 403, lines);
    await expectWaiting(watched);
  });
});

describe("T27 A02: what a browser says about the request", () => {
  test.each([
    ["an image", 403, ["Sec-Fetch-Dest: image"]],
    ["an iframe", 403, ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"]],
    ["no-cors", 403, ["Sec-Fetch-Mode: no-cors"]],
    ["cors", 403, ["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"]],
    ["two modes", 403, ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Mode: no-cors"]],
    ["a prefetch", 503, ["Sec-Purpose: prefetch"]],
    ["a prerender", 503, ["Sec-Purpose: prefetch;prerender", "Sec-Fetch-Mode: navigate"]],
    ["an old prefetch", 503, ["Purpose: prefetch"]],
    ["another origin", 403, ["Origin: https://evil.example"]],
  ])("%s: refused with %i, and the login waits", async (_, status, lines) => {
    const watched = await open();
    await expectRefused(watched, status, lines);
    expect(watched.secrets).toEqual([TOKEN]);
    await expectWaiting(watched);
  });

  test.each([
    ["after a redirect from another site", "cross-site"],
    ["typed", "none"],
    ["from the same origin", "same-origin"],
  ])("a navigation is taken: %s", async (_, site) => {
    const { receiver, path } = await open();
    const lines = [
      `Sec-Fetch-Site: ${site}`,
      "Sec-Fetch-Mode: navigate",
      "Sec-Fetch-Dest: document",
      "Origin: null",
    ];
    expect((await get(receiver.port, `${path}?token=${TOKEN}`, lines)).status).toBe(303);
  });

  test("A02: fetch of a program or page is refused and gets nothing to read", async () => {
    const watched = await open();
    const response = await fetch(`${watched.receiver.redirectUri}?token=${TOKEN}`, { redirect: "manual" });
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.text()).toBe("");
    await expectWaiting(watched);
  });
});
