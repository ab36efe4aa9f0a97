import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { client } from "./client.js";
import { SENT } from "./replies.js";

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
      "GET /behind/proxy/api/providers undefined undefined",
      `GET /behind/proxy/api/token token=${SENT.token}; meshery-provider=Layer5 undefined`,
      "GET /behind/proxy/api/token token=; meshery-provider=None undefined",
    ]);
  });

  test("is the key of the server's list where the name is that of one remote provider", async () => {
    const cookies: (string | undefined)[] = [];
    const list = {
      "cloud.example": {
        providerType: "remote",
        providerName: "Layer5",
        providerUrl: "https://cloud.example",
      },
      "one.example": { providerType: "remote", providerName: "Twice", providerUrl: "https://one.example" },
      "two.example": { providerType: "remote", providerName: "Twice", providerUrl: "https://two.example" },
    };
    const url = await serve((request, response) => {
      if (request.url !== "/api/providers") cookies.push(request.headers.cookie);
      response.end(JSON.stringify(request.url === "/api/providers" ? list : {}));
    });
    const server = client(url);
    for (const serverName of ["Layer5", "cloud.example", "Twice", "None"])
      await server.token({ ...SENT, serverName });
    expect(cookies).toEqual(
      ["cloud.example", "cloud.example", "Twice", "None"].map(
        (name) => `token=${SENT.token}; meshery-provider=${name}`,
      ),
    );
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
    expect(await server.user({ serverName: "a", token: "b\r\nc" })).toMatchObject({ why: "bad-token" });
    expect(asked).toBe(0);
  });
});

describe("a request that is handed on", () => {
  test("carries the credential, and comes back without a judgement", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/below/api/providers") response.end("{}");
      else response.writeHead(302, { location: "/auth/login", "x-cookie": request.headers.cookie }).end();
    });
    const server = client(`${url}/below`);
    const answer = await server.request(new URL(`${url}/below/api/x`), SENT, { method: "DELETE" });
    answer.close();
    expect([answer.status, answer.headers.get("x-cookie")]).toEqual([
      302,
      `token=${SENT.token}; meshery-provider=Layer5`,
    ]);
  });

  test("goes nowhere but below the server's address (A09)", async () => {
    let reached = 0;
    const url = await serve((_, response) => {
      reached += 1;
      response.end();
    });
    const server = client(`${url}/below`);
    for (const address of [`${url}/`, `${url}/belowx`, `${url.replace("127.0.0.1", "localhost")}/below/x`]) {
      expect(server.isOwn(new URL(address))).toBe(false);
      await expect(server.request(new URL(address), SENT, {})).rejects.toThrow(TypeError);
    }
    expect(server.isOwn(new URL(`${url}/below`))).toBe(true);
    expect(reached).toBe(0);
  });
});
