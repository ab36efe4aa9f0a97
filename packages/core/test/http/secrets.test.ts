import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { failure, fetching, shown } from "./fetching.js";
import { closedPort, serve, serveRaw } from "./servers.js";

const CANARY = "SECRET-CANARY-0123456789";

describe("secrets", () => {
  test("are announced: request headers, answered cookies, members of the body", async () => {
    const url = await serve((_, response) => {
      response.setHeader("set-cookie", ["token=from-cookie-123; Path=/", "meshery-provider=Layer5"]);
      response.appendHeader("set-cookie", 'session_cookie="from-quotes-123"');
      response.setHeader("authorization", "Bearer from-answer-123");
      response.setHeader("x-api-key", "from-answer-124");
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
      "from-answer-123",
      "from-answer-124",
      "from-body-123",
      "from-cookie-123",
      "from-quotes-123",
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
