import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { client } from "./client.js";
import { HTML, reply } from "./replies.js";

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
