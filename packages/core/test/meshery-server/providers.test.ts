import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { client } from "./client.js";
import { HTML, reply } from "./replies.js";

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
