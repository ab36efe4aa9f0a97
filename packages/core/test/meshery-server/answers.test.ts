import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { closedPort, serve, serveRaw } from "../http/servers.js";
import { client } from "./client.js";

const SENT = { serverName: "Layer5", token: "made-up-token-0123456789" };
const CANARY = "made-up-token";

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const reply =
  ({ status = 200, headers = {}, body = "" }: Reply): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

const HTML = { headers: { "content-type": "text/html" }, body: "<!doctype html><title>Meshery</title>" };
const JSON_ERROR = '{"error":"something\\u001b[31m went wrong","code":"meshery-server-1"}\n';
const redirect = (location: string): Reply => ({ status: 302, headers: { location } });

/** What each of these means for a credential that was sent along. None of them is ever an acceptance. */
const NEVER_ACCEPTED: readonly (readonly [string, Reply, object])[] = [
  ["200 with a web page", HTML, { kind: "unavailable", message: /web page/ }],
  [
    "200 with a web page that calls itself JSON",
    { ...HTML, headers: { "content-type": "application/json" } },
    { kind: "unavailable" },
  ],
  ["200 with nothing", {}, { kind: "unavailable" }],
  ["200 with a blank", { body: " \n" }, { kind: "unavailable" }],
  ["200 with a JSON error", { body: JSON_ERROR }, { kind: "unavailable" }],
  ["200 with an array", { body: "[]" }, { kind: "unavailable" }],
  ["200 with null", { body: "null" }, { kind: "unavailable" }],
  ["200 with an empty object", { body: "{}" }, { kind: "unavailable" }],
  ["200 with text", { body: "ok" }, { kind: "unavailable" }],
  [
    "201 with a credential",
    { status: 201, body: JSON.stringify({ "meshery-provider": "Layer5", ...SENT }) },
    { kind: "unavailable" },
  ],
  ["204", { status: 204 }, { kind: "unavailable" }],
  ["400 with a JSON error", { status: 400, body: JSON_ERROR }, { kind: "unavailable", message: /400/ }],
  [
    "401 with a JSON error",
    { status: 401, body: JSON_ERROR },
    { kind: "refused", why: "bad-token", message: /something/ },
  ],
  [
    "401 with text",
    { status: 401, body: "unauthorized\n" },
    { kind: "refused", why: "bad-token", message: /unauthorized/ },
  ],
  [
    "401 of a gateway",
    { status: 401, headers: { "www-authenticate": "Basic" } },
    { kind: "unavailable", message: /in front of/ },
  ],
  ["403 with a JSON error", { status: 403, body: JSON_ERROR }, { kind: "refused", why: "bad-token" }],
  ["403 of a gateway", { ...HTML, status: 403 }, { kind: "unavailable", message: /in front of/ }],
  ["404 with nothing", { status: 404 }, { kind: "unavailable", message: /404/ }],
  ["404 with text", { status: 404, body: "404 page not found\n" }, { kind: "unavailable", message: /404/ }],
  [
    "500 with a JSON error",
    { status: 500, body: JSON_ERROR },
    { kind: "unavailable", message: /500.*something/ },
  ],
  ["502 with a web page", { ...HTML, status: 502 }, { kind: "unavailable", message: /502/ }],
  [
    "503 with a JSON error",
    { status: 503, body: JSON_ERROR },
    { kind: "unavailable", message: /503.*something/ },
  ],
  ["to /provider", redirect("/provider?a=b"), { kind: "refused", why: "unknown-provider" }],
  ["to /auth/login", redirect("/auth/login?a=b"), { kind: "refused", why: "bad-token" }],
  [
    "to the sign-in of a provider",
    redirect("https://cloud.example/login?source=x&ref=y"),
    { kind: "refused", why: "no-token", message: /cloud\.example/ },
  ],
  [
    "to the sign-in of 2021",
    redirect("https://cloud.example?source=x&provider_version=y"),
    { kind: "refused", why: "no-token" },
  ],
  [
    "to another origin",
    redirect("https://other.example/collect?token=x"),
    { kind: "unavailable", message: /https:\/\/other\.example:/ },
  ],
  ["to itself", redirect("/api/token"), { kind: "unavailable", message: /another path/ }],
  ["to nowhere", { status: 302 }, { kind: "unavailable", message: /without saying/ }],
  ["to nonsense", redirect("http://[/"), { kind: "unavailable", message: /without saying/ }],
];

function expected(shape: object): unknown {
  const { message, ...rest } = shape as { message?: RegExp };
  return message === undefined ? rest : { ...rest, message: expect.stringMatching(message) };
}

describe("a server's answer is never taken for an acceptance: ", () => {
  test.each(NEVER_ACCEPTED)("%s", async (_, answer, shape) => {
    const server = client(await serve(reply(answer)));
    for (const result of [await server.accepts(SENT), await server.token(SENT), await server.user(SENT)]) {
      expect(result).toMatchObject(expected(shape) as object);
      if (result.kind === "ok") throw new Error("accepted");
      expect(result.message).not.toContain(CANARY);
      expect(result.message).not.toMatch(/[\u0000-\u001f]/);
      expect(result.message).not.toMatch(/\.\.$|\.:/);
    }
  });
});

describe("a server that cannot be asked", () => {
  test("is not there", async () => {
    const server = client(await closedPort());
    for (const answer of [await server.providers(), await server.token(SENT), await server.reachable()]) {
      expect(answer).toMatchObject({
        kind: "unavailable",
        message: expect.stringMatching(/Nothing listens there/),
      });
    }
  });

  test("closes the connection, as one does whose handler panics", async () => {
    const server = client(await serveRaw((socket) => socket.destroy()));
    expect(await server.accepts(SENT)).toMatchObject({ kind: "unavailable" });
  });

  test("is given by an address that cannot be one", async () => {
    for (const url of ["ftp://localhost", "http://u:p@localhost", "nonsense"]) {
      expect(await client(url).accepts(SENT)).toMatchObject({ kind: "unavailable" });
    }
  });

  test("is silent about its providers: two seconds, not ten", async () => {
    const server = client(await serve(() => {}));
    expect(await server.providers()).toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/after 2 s/),
    });
  });
});

describe("the signal", () => {
  test("ends a question with its reason instead of an answer", async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error("the person left")));
    await expect(client(url, { signal: controller.signal }).token(SENT)).rejects.toThrow("the person left");
  });
});

describe("the token", () => {
  const answering = (body: string) => serve(reply({ body, headers: { "content-type": "text/plain" } }));

  test("comes with the name and the members that the server gives", async () => {
    const url = await answering('{"meshery-provider":"Meshery","token":"new-token-1","extra":"kept"}\n');
    expect(await client(url).token(SENT)).toEqual({
      kind: "ok",
      value: {
        serverName: "Meshery",
        token: "new-token-1",
        members: { "meshery-provider": "Meshery", token: "new-token-1", extra: "kept" },
      },
    });
    expect(await client(url).accepts(SENT)).toEqual({
      kind: "ok",
      value: { serverName: "Meshery", renewed: true },
    });
  });

  test.each([
    ["an empty token", '{"meshery-provider":"Layer5","token":""}', /token is empty/],
    ["no token", '{"meshery-provider":"Layer5"}', /no token/],
    ["no provider", '{"token":"made-up-token-9"}', /names no provider/],
    ["an empty provider", '{"meshery-provider":"","token":"made-up-token-9"}', /names no provider/],
    ["null", '{"meshery-provider":"Layer5","token":null}', /null/],
    ["a number", '{"meshery-provider":"Layer5","token":42}', /number/],
    [
      "a third member that is no string",
      '{"meshery-provider":"Layer5","token":"made-up-token-9","n":1}',
      /"n"/,
    ],
    [
      "two tokens",
      '{"meshery-provider":"Layer5","token":"made-up-token-8","token":"made-up-token-9"}',
      /token/,
    ],
    ["text after it", '{"meshery-provider":"Layer5","token":"made-up-token-9"}x', /more text/],
    ["half of it", '{"meshery-provider":"Layer5","tok', /cut off/],
    ["a token that cannot be sent back", '{"meshery-provider":"Layer5","token":"made-up-token-9;"}', /./],
    ["a __proto__", '{"meshery-provider":"Layer5","token":"made-up-token-9","__proto__":"x"}', /__proto__/],
  ])("is not taken with %s", async (_, body, message) => {
    const answer = await client(await answering(body)).token(SENT);
    expect(answer).toMatchObject({ kind: "unavailable", message: expect.stringMatching(message) });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  test("is empty for the local provider, and nothing at all means that there is none", async () => {
    const local = { serverName: "None", token: "" };
    const url = await answering('{"meshery-provider":"None","token":""}\n');
    expect(await client(url).token(local)).toMatchObject({ kind: "ok", value: local });
    const other = await answering('{"meshery-provider":"Layer5","token":"made-up-token-9"}');
    expect(await client(other).token(local)).toMatchObject({ kind: "unavailable" });
    expect(await client(await answering("")).token(local)).toMatchObject({
      kind: "refused",
      why: "no-token",
    });
  });
});

describe("what is sent", () => {
  test("is the cookie and nothing else that identifies, to the server's own paths under its prefix", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers.cookie} ${request.headers.authorization}`,
      );
      response.end("{}");
    });
    const server = client(`${url}/behind/proxy/`);
    expect(server.url).toBe(`${url}/behind/proxy`);
    await server.token(SENT);
    await server.token({ serverName: "None", token: "" });
    expect(seen).toEqual([
      `GET /behind/proxy/api/token token=${SENT.token}; meshery-provider=Layer5 undefined`,
      "GET /behind/proxy/api/token token=; meshery-provider=None undefined",
    ]);
  });

  test("is nothing when the credential cannot be sent", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const server = client(url);
    const nameless = { serverName: "", token: SENT.token };
    for (const answer of [
      await server.token(nameless),
      await server.user(nameless),
      await server.accepts(nameless),
    ]) {
      expect(answer).toMatchObject({ kind: "refused", why: "unknown-provider" });
    }
    expect(await server.request("/api/user", { serverName: "a", token: "b\r\nc" })).toMatchObject({
      why: "bad-token",
    });
    expect(asked).toBe(0);
  });
});

describe("any request", () => {
  test("hands back what is neither a refusal nor an excuse", async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url === "/api/x" ? 201 : 400).end(`{"method":"${request.method}"}`);
    });
    const server = client(url);
    const made = await server.request("/api/x", SENT, { method: "POST", body: "{}" });
    if (made.kind !== "ok") throw new Error(made.message);
    expect([made.value.status, made.value.json()]).toEqual([201, { method: "POST" }]);
    expect(await server.request("/api/y", SENT)).toMatchObject({ kind: "ok", value: { status: 400 } });
  });

  test("reads an empty 404 to anything but GET as a missing login", async () => {
    const server = client(await serve(reply({ status: 404 })));
    expect(await server.request("/api/x", SENT, { method: "POST" })).toMatchObject({ why: "no-token" });
    expect(await server.request("/api/x", SENT)).toMatchObject({ kind: "ok", value: { status: 404 } });
  });

  test("goes to a path only", async () => {
    const server = client(await serve(reply({ body: "{}" })));
    expect(await server.request("@evil.example/", SENT)).toMatchObject({ kind: "unavailable" });
    expect(await server.request("https://evil.example/", SENT)).toMatchObject({ kind: "unavailable" });
  });
});

describe("the providers", () => {
  const listing = async (body: unknown) =>
    client(await serve(reply({ body: typeof body === "string" ? body : JSON.stringify(body) }))).providers();

  test("in snake case, keyed by name", async () => {
    const body = {
      Meshery: { provider_type: "remote", provider_name: "Meshery", provider_url: "https://cloud.example" },
      None: { provider_type: "local", provider_name: "None" },
    };
    expect(await listing(body)).toEqual({
      kind: "ok",
      value: [
        { key: "Meshery", name: "Meshery", type: "remote", url: "https://cloud.example" },
        { key: "None", name: "None", type: "local" },
      ],
    });
  });

  test("in camel case, keyed by host", async () => {
    const body = {
      "cloud.example": {
        providerType: "remote",
        providerName: "Layer5",
        providerUrl: "https://cloud.example",
      },
      Local: { providerType: "local", providerName: "Local", providerUrl: "" },
    };
    expect(await listing(body)).toMatchObject({
      value: [
        { key: "cloud.example", name: "Layer5", type: "remote", url: "https://cloud.example" },
        { key: "Local", name: "Local", type: "local" },
      ],
    });
  });

  test("a remote without an address is not taken for local, and a type that nobody knows is left out", async () => {
    const body = {
      a: { providerType: "remote", providerName: "A", providerUrl: "" },
      b: { providerType: "other", providerName: "B" },
      c: { providerName: "C" },
      d: { providerName: "D", providerUrl: "https://d.example" },
    };
    expect(await listing(body)).toEqual({
      kind: "ok",
      value: [
        { key: "a", name: "A", type: "remote" },
        { key: "c", name: "C", type: "local" },
        { key: "d", name: "D", type: "remote", url: "https://d.example" },
      ],
    });
  });

  test("a key that cannot be sent back is left out, and names lose what acts on a terminal", async () => {
    const body = `{"__proto__":{"providerType":"local","providerName":"P"},
      "a\\u001b":{"providerType":"local","providerName":"A"},"":{"providerType":"local"},"x":7,
      "b":{"providerType":"local","providerName":"\\u001b]0;B\\u202e"}}`;
    expect(await listing(body)).toEqual({
      kind: "ok",
      value: [
        { key: "__proto__", name: "P", type: "local" },
        { key: "b", name: "]0;B", type: "local" },
      ],
    });
    expect(({} as Record<string, unknown>)["providerType"]).toBeUndefined();
  });

  test("none is an answer; something else is not", async () => {
    expect(await listing({})).toEqual({ kind: "ok", value: [] });
    for (const body of [[], "", "null", "{", { error: "x" }, HTML.body]) {
      expect(await listing(body)).toMatchObject({ kind: "unavailable" });
    }
  });

  test("are asked for once", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end("{}");
    });
    const server = client(url);
    await Promise.all([server.providers(), server.providers()]);
    await server.providers();
    expect(asked).toBe(1);
  });
});

describe("the user", () => {
  const described = async (body: object) =>
    client(await serve(reply({ body: JSON.stringify(body) }))).user(SENT);

  test.each([
    [
      { id: "u-1", user_id: "s-1", first_name: "Ada", last_name: "L", email: "a@x.example" },
      { id: "u-1", name: "Ada L", email: "a@x.example" },
    ],
    [
      { id: "u-1", firstName: "Ada", lastName: "" },
      { id: "u-1", name: "Ada" },
    ],
    [
      { user_id: "meshery", first_name: "Meshery", last_name: "Meshery" },
      { id: "meshery", name: "Meshery Meshery" },
    ],
    [{ id: "00000000-0000-0000-0000-000000000000", user_id: "meshery" }, { id: "meshery" }],
    [{ id: "00000000-0000-0000-0000-000000000000" }, { id: "00000000-0000-0000-0000-000000000000" }],
    [
      { id: "u\u001b[2J-1", email: "a\n@x" },
      { id: "u[2J-1", email: "a @x" },
    ],
  ])("%j", async (body, account) => {
    expect(await described(body)).toEqual({ kind: "ok", value: account });
  });

  test("without an id is none", async () => {
    expect(await described({ email: "a@x.example" })).toMatchObject({ kind: "unavailable" });
    expect(await described({ id: 7 })).toMatchObject({ kind: "unavailable" });
  });

  test.each([
    ["404", { status: 404 }],
    ["the page of the user interface", HTML],
  ])("is asked for at the newer address when the older one gives %s", async (_, older) => {
    const url = await serve((request, response) => {
      if (request.url === "/api/user") return void reply(older)(request, response);
      response.end(request.url === "/api/identity/users/profile" ? '{"id":"u-1"}' : "");
    });
    expect(await client(url).user(SENT)).toEqual({ kind: "ok", value: { id: "u-1" } });
  });

  test("is not asked for twice when the first answer is a refusal or an outage", async () => {
    for (const answer of [redirect("/auth/login"), { status: 503, body: "{}" }]) {
      const seen: (string | undefined)[] = [];
      const url = await serve((request, response) => {
        seen.push(request.url);
        reply(answer)(request, response);
      });
      expect((await client(url).user(SENT)).kind).not.toBe("ok");
      expect(seen).toEqual(["/api/user"]);
    }
  });
});

describe("version and presence", () => {
  const only = (path: string, body: string) =>
    serve((request, response) => {
      if (request.url === path) response.end(body);
      else reply(HTML)(request, response);
    });

  test("a version in either casing, without what acts on a terminal", async () => {
    const url = await only(
      "/api/system/version",
      '{"build":"v0.8\\u001b","commitsha":"abc","releaseChannel":"edge"}',
    );
    const server = client(url);
    expect(await server.version()).toEqual({
      kind: "ok",
      value: { build: "v0.8", commit: "abc", channel: "edge" },
    });
    expect(await server.reachable()).toEqual({ kind: "ok", value: null });
  });

  test("another web server is there, but is no Meshery Server", async () => {
    const server = client(await serve(reply(HTML)));
    expect(await server.version()).toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/web page/),
    });
    expect(await server.reachable()).toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/Something answers at 127\.0\.0\.1:\d+/),
    });
  });

  test("a server whose version fails is known by its providers", async () => {
    const server = client(await only("/api/providers", "{}"));
    expect(await server.reachable()).toMatchObject({ kind: "ok" });
    expect(await server.version()).toMatchObject({ kind: "unavailable" });
  });
});

describe("the server's clock", () => {
  const at = (date: string | undefined) =>
    serve((_, response) => {
      response.sendDate = false;
      if (date !== undefined) response.setHeader("date", date);
      response.end("{}");
    });
  const now = () => new Date("2026-11-25T12:00:00.400Z");

  test.each([
    ["Wed, 25 Nov 2026 12:00:00 GMT", 0],
    ["Wed, 25 Nov 2026 11:59:59 GMT", 0],
    ["Wed, 25 Nov 2026 12:05:00 GMT", 300_100],
    ["Wed, 25 Nov 2026 11:50:00 GMT", -599_900],
    ["yesterday", undefined],
    [undefined, undefined],
  ])("%s", async (date, skew) => {
    const server = client(await at(date), { now });
    expect(server.clockSkew()).toBeUndefined();
    await server.providers();
    expect(server.clockSkew()).toBe(skew);
  });
});
