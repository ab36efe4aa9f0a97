import type { FaultName } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { closedPort, serve } from "../http/servers.js";
import { call, callDocument, person, simulator } from "./support.js";

const NOT_AUTHENTICATED = ["MESHAUTH_E_NOT_AUTHENTICATED", 4] as const;
const PROTOCOL = ["MESHAUTH_E_PROTOCOL", 7] as const;
const NETWORK = ["MESHAUTH_E_NETWORK", 7] as const;

type Expected = readonly [code: string, exit: number];

test.each<[FaultName, Expected, string, RegExp]>([
  ["redirect-provider", NOT_AUTHENTICATED, "", /does not know the provider Layer5/],
  ["redirect-auth-login", NOT_AUTHENTICATED, "", /does not accept the credential/],
  ["redirect-login", NOT_AUTHENTICATED, "", /asks for a sign-in/],
  ["redirect-foreign", PROTOCOL, "", /redirects to http:\/\/foreign\.invalid/],
  ["redirect-self", PROTOCOL, "", /redirects to another path of its own/],
  ["503", NETWORK, '{"error":"remote provider is unreachable"}\n', /remote provider is unreachable/],
  ["500-json", NETWORK, '{"error":"internal error"}\n', /internal error/],
  ["500-text", NETWORK, "Internal Server Error\n", /failed \(500\)/],
  ["200-html", PROTOCOL, "", /web page/],
  ["close-connection", NETWORK, "", /cannot be reached/],
  ["404-empty", ["MESHAUTH_E_HTTP", 5], "", /404/],
])("%s (A09, T32)", async (fault, [code, exit], printed, message) => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.apiToken() });
  faults.set(fault);
  const { body, error } = await call(someone);
  expect([error?.code, error?.exitCode, body.toString()]).toEqual([code, exit, printed]);
  expect(error?.message).toMatch(message);
  expect(error?.next.length).toBeGreaterThan(0);
});

test("no server: exit 7", async () => {
  const someone = await person({ server: await closedPort(), token: "made-up-token-0123456789" });
  expect((await call(someone)).error).toMatchObject({ code: "MESHAUTH_E_NETWORK", exitCode: 7 });
});

test("the cloud is down, on a server that says so: exit 7; on one that cannot: exit 4, and it is said", async () => {
  for (const [era, name, exit] of [
    ["2026-06", "Layer5", 7],
    ["2024", "Meshery", 4],
  ] as const) {
    const { server, cloud, faults } = await simulator(era);
    const someone = await person({
      server: server.url,
      serverName: name,
      token: cloud.issueToken({ noRefresh: true }),
    });
    expect((await call(someone)).error).toBeUndefined();
    faults.set("down");
    const { error } = await call(someone);
    expect(error?.exitCode).toBe(exit);
    if (exit === 4) expect(error?.why).toMatch(/while the provider is down/);
  }
});

describe("an empty 404 to another method than GET", () => {
  test("is about the credential where the server does not accept it: exit 4", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/api/providers") response.end("{}");
      else if (request.method === "GET") response.writeHead(302, { location: "/auth/login" }).end();
      else response.writeHead(404).end();
    });
    const someone = await person({ server, token: "made-up-token-0123456789" });
    for (const method of ["POST", "delete", "HEAD"]) {
      expect((await call(someone, { method })).error).toMatchObject({ exitCode: 4 });
    }
  });

  test("is a 404 where it does: exit 5", async () => {
    const { server, cloud, faults } = await simulator();
    const someone = await person({ server: server.url, token: cloud.issueToken() });
    faults.set("404-empty", 1, { path: "/api/user" });
    const { error } = await call(someone, { method: "POST" });
    expect(error).toMatchObject({ code: "MESHAUTH_E_HTTP", exitCode: 5 });
    expect(error?.why).toMatch(/POST/);
  });
});

describe("a status of 400 and more with data", () => {
  test.each([
    [400, '{"error":"bad \\u001b[31m request"}', "MESHAUTH_E_HTTP", 5],
    [403, '{"error":"forbidden"}', "MESHAUTH_E_HTTP", 5],
    [404, "404 page not found\n", "MESHAUTH_E_HTTP", 5],
    [422, "\u0000\u0001", "MESHAUTH_E_HTTP", 5],
    [502, "bad gateway", "MESHAUTH_E_NETWORK", 7],
  ])("%i: the data is printed, then it fails", async (status, text, code, exit) => {
    const server = await serve((request, response) => {
      response.writeHead(request.url === "/api/providers" ? 404 : status).end(text);
    });
    const someone = await person({ server, token: "made-up-token-0123456789" });
    const { body, error } = await call(someone);
    expect([error?.code, error?.exitCode, body.toString()]).toEqual([code, exit, text]);
    expect(error?.message).toContain(`(${status})`);
    expect(error?.message).not.toContain("\u001b");
    const { document, error: failed } = await callDocument(someone);
    expect([failed?.code, document?.status]).toEqual([code, status]);
  });
});

test.each([400, 401, 403, 500])(
  "no part of a token that the server echoes with %i is in a message",
  async (status) => {
    const token = "made-up_".repeat(40);
    const server = await serve((request, response) => {
      response.writeHead(request.url === "/api/providers" ? 404 : status, { "content-type": "text/plain" });
      response.end(`bad token ${token}`);
    });
    const { error } = await call(await person({ server, token }));
    expect(JSON.stringify([error?.message, error?.why, error?.next])).not.toContain("made-up_");
  },
);

describe("a web page", () => {
  const page = "<!DOCTYPE html><title>Meshery</title>";

  test.each([200, 401, 403, 404, 500])(
    "below /api with status %i: nothing is printed, exit 7",
    async (status) => {
      const server = await serve((_, response) => response.writeHead(status).end(page));
      const someone = await person({ server: `${server}/prefix/`, token: "made-up-token-0123456789" });
      const { body, error } = await call(someone, { path: "/api/user" });
      expect([error?.exitCode, body.length]).toEqual([7, 0]);
    },
  );

  test.each([200, 404])("elsewhere with status %i is data", async (status) => {
    const server = await serve((_, response) => response.writeHead(status).end(page));
    const someone = await person({ server, token: "made-up-token-0123456789" });
    expect((await call(someone, { path: "/apix" })).body.toString()).toBe(page);
  });
});

test("no redirect is followed, and the credential reaches no other origin (A09, T32)", async () => {
  let reached = 0;
  const other = await serve((_, response) => {
    reached += 1;
    response.end();
  });
  const server = await serve((_, response) =>
    response.writeHead(307, { location: `${other}/api/user` }).end(),
  );
  const someone = await person({ server, token: "made-up-token-0123456789" });
  expect((await call(someone, { data: "x" })).error?.exitCode).toBe(7);
  expect((await call(someone, { path: `${other}/api/user` })).error?.exitCode).toBe(2);
  expect(reached).toBe(0);
});
