import { describe, expect, test } from "vitest";
import { api } from "../../src/api/index.js";
import { serve, serveRaw } from "../http/servers.js";
import { call, callDocument, person, simulator } from "./support.js";

const TOKEN = "made-up-token-0123456789";
const ALL_BYTES = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
const INPUT = { target: {}, path: "/api/x", headers: [], include: false, timeout: 20_000 } as const;

/** A server that answers below `/api/x`; the list of providers is empty. */
function answering(listener: Parameters<typeof serve>[0]): Promise<string> {
  return serve((request, response) => {
    if (request.url === "/api/providers") response.end("{}");
    else listener(request, response);
  });
}

test("every byte is handed on, binary too and the credential's own", async () => {
  const bytes = Buffer.concat([ALL_BYTES, Buffer.from(TOKEN), ALL_BYTES]);
  const someone = await person({
    server: await answering((_, response) => response.end(bytes)),
    token: TOKEN,
  });
  const { body, error } = await call(someone, { path: "/api/x" });
  expect([error, body.equals(bytes)]).toEqual([undefined, true]);
});

test("an empty answer prints nothing and is fine", async () => {
  const someone = await person({
    server: await answering((_, response) => response.writeHead(204).end()),
    token: TOKEN,
  });
  expect(await call(someone, { path: "/api/x", method: "DELETE" })).toMatchObject({
    error: undefined,
    head: "",
  });
});

test("304 is an answer to who asked for it, no redirect", async () => {
  const someone = await person({
    server: await answering((_, response) => response.writeHead(304).end()),
    token: TOKEN,
  });
  expect((await call(someone, { path: "/api/x", headers: ['If-None-Match: "1"'] })).error).toBeUndefined();
});

test("a big answer comes no faster than it is taken, and ends when nobody reads any more", async () => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.issueToken() });
  faults.set("huge-body", 10, { path: "/api/user" });
  let pieces = 0;
  let size = 0;
  await api(
    someone.runtime,
    { ...INPUT, path: "/api/user" },
    {
      head: () => {},
      body: async (bytes) => {
        pieces += 1;
        size += bytes.byteLength;
        return pieces < 3;
      },
    },
  );
  expect(pieces).toBe(3);
  expect(size).toBeLessThan(8 * 1024 * 1024);
  expect((await call(someone)).body.length).toBeGreaterThan(64 * 1024 * 1024);
});

describe("an answer that is cut off: exit 7 after what came", () => {
  test("in its body", async () => {
    const { server, cloud, faults } = await simulator();
    const someone = await person({ server: server.url, token: cloud.issueToken() });
    faults.set("truncated", 10, { path: "/api/user" });
    const { body, error } = await call(someone);
    expect([body.toString(), error?.exitCode]).toEqual(['{"meshery-provider":"', 7]);
    expect(error?.message).toMatch(/broke off/);
    expect((await callDocument(someone)).error?.exitCode).toBe(7);
  });

  test("in its head", async () => {
    const server = await serveRaw((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-"));
    });
    expect((await call(await person({ server, token: TOKEN }))).error?.exitCode).toBe(7);
  });
});

describe("the time limit", () => {
  test.each(["before the answer", "in the answer"])("%s: exit 6", async (when) => {
    const server = await answering((_, response) => {
      if (when === "in the answer") response.writeHead(200).write("x");
    });
    const { error } = await call(await person({ server, token: TOKEN }), { path: "/api/x", timeout: 400 });
    expect([error?.code, error?.exitCode]).toEqual(["MESHAUTH_E_TIMEOUT", 6]);
  });

  test("the program's end ends it with its own reason", async () => {
    const controller = new AbortController();
    const server = await answering(() => controller.abort(new Error("the person left")));
    const someone = await person({ server, token: TOKEN, signal: controller.signal });
    await expect(call(someone, { path: "/api/x" })).rejects.toThrow("the person left");
  });
});

test("--include: status line and headers come first, without the tokens of cookies", async () => {
  const server = await answering((_, response) => {
    response.sendDate = false;
    response.setHeader("set-cookie", ["token=made-up-token-new-0123; Path=/", "a=b"]);
    response.writeHead(418, "I am a teapot", { "x-one": "1" }).end("short");
  });
  const { head, body, error } = await call(await person({ server, token: TOKEN }), {
    path: "/api/x",
    include: true,
  });
  expect(head).toMatch(/^HTTP\/1\.1 418 I am a teapot\r\n/);
  expect(head).toMatch(/\r\nset-cookie: token=\[redacted\]; Path=\/\r\nset-cookie: a=b\r\n/);
  expect(head).toMatch(/\r\nx-one: 1\r\n\r\n$/);
  expect([body.toString(), error?.code]).toEqual(["short", "MESHAUTH_E_HTTP"]);
});

describe("one document", () => {
  test.each([
    ["application/json", '{"a":[1,null]}', { a: [1, null] }],
    ["application/problem+json; charset=utf-8", "12", 12],
    ["text/plain; charset=utf-8", ' {"a":1}', { a: 1 }],
    ["text/plain", "12", "12"],
    ["application/json", "{torn", "{torn"],
    ["application/octet-stream", "\u00ff\u0000", "\u00ff\u0000"],
    ["text/plain", "", ""],
  ])("%s %j", async (type, text, expected) => {
    const server = await answering((_, response) =>
      response.writeHead(200, { "content-type": type }).end(text),
    );
    const { document, error } = await callDocument(await person({ server, token: TOKEN }), {
      path: "/api/x",
    });
    expect(error).toBeUndefined();
    expect(Object.keys(document ?? {})).toEqual(["status", "headers", "body"]);
    expect(document).toMatchObject({ status: 200, headers: { "content-type": type }, body: expected });
  });

  test("tokens in it become known, so that they are not printed", async () => {
    const { server, cloud } = await simulator();
    const someone = await person({ server: server.url, token: cloud.issueToken() });
    const { document } = await callDocument(someone, { path: "/api/token" });
    const printed = JSON.stringify(document);
    expect(printed).toContain(await someone.token());
    expect(someone.runtime.secrets.redact(printed)).toMatch(/"token":"\[redacted\]"/);
  });

  test("of more than 16 MiB there is none: exit 7 with what to do", async () => {
    const size = 16 * 1024 * 1024;
    const server = await answering((request, response) => {
      response.end(Buffer.alloc(size + (request.url === "/api/x" ? 0 : 1), "x"));
    });
    const someone = await person({ server, token: TOKEN });
    expect((await callDocument(someone, { path: "/api/x" })).document?.body).toHaveLength(size);
    const { document, error } = await callDocument(someone, { path: "/api/x/more" });
    expect([document, error?.exitCode, error?.next.join()]).toEqual([
      undefined,
      7,
      expect.stringContaining("--json"),
    ]);
  });
});
