import { describe, expect, test } from "vitest";
import { closedPort, serve, serveRaw } from "../http/servers.js";
import { client } from "./client.js";
import { CANARY, HTML, JSON_ERROR, type Reply, redirect, reply, SENT } from "./replies.js";

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
