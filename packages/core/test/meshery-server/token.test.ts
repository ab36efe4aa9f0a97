import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { client } from "./client.js";
import { CANARY, reply, SENT } from "./replies.js";

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
    expect(await client(url).accepts(SENT)).toEqual({ kind: "ok", value: null });
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
