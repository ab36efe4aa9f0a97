import { ProviderError } from "@meshauth/provider-api";
import { describe, expect, test } from "vitest";
import { type RegisteredAddress, readRegistered } from "../../src/receiver/index.js";
import { failureOf, get, isListening, open, TOKEN, type Watched } from "./support.js";

const registered = { host: "127.0.0.1", path: "/callback" };

/** The receiver at its registered address, with the query of a good answer. */
async function openRegistered(
  address: RegisteredAddress = registered,
  more: Parameters<typeof open>[0] = {},
): Promise<Watched & { readonly good: string }> {
  const watched = await open({ registered: address, ...more });
  return { ...watched, good: `state=${watched.receiver.state}&token=${TOKEN}` };
}

test.each<[string, RegisteredAddress | undefined]>([
  ["http://127.0.0.1/callback", registered],
  ["http://localhost:8000/a/b", { host: "localhost", port: 8000, path: "/a/b" }],
  ["http://[::1]:1", { host: "[::1]", port: 1, path: "" }],
  ["HTTP://LOCALHOST/", { host: "LOCALHOST", path: "/" }],
  ["https://127.0.0.1/callback", undefined],
  ["http://127.0.0.2/callback", undefined],
  ["http://localhost.example/", undefined],
  ["http://localhost@evil.example/", undefined],
  ["http://user@localhost/", undefined],
  ["http://localhost:0/", undefined],
  ["http://localhost:65536/", undefined],
  ["http://localhost:/", undefined],
  ["http://localhost/?a=b", undefined],
  ["http://localhost/#a", undefined],
  ["http://localhost/a b", undefined],
  ["http://localhost/\u202e", undefined],
  ["", undefined],
])("%j is read as a redirect address", (text, address) => {
  expect(readRegistered(text)).toEqual(address);
});

describe("the address", () => {
  test.each<[RegisteredAddress, (port: number) => string]>([
    [registered, (port) => `http://127.0.0.1:${port}/callback`],
    [{ host: "localhost", path: "" }, (port) => `http://localhost:${port}`],
    [{ host: "[::1]", path: "/" }, (port) => `http://[::1]:${port}/`],
  ])("is the one that is registered, with the port: %j", async (address, uri) => {
    const { receiver, good } = await openRegistered(address);
    expect(receiver.redirectUri).toBe(uri(receiver.port));
    expect((await get(receiver.port, `${address.path || "/"}?${good}`)).status).toBe(303);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("has the port that is registered, unless another one is named", async () => {
    const { receiver: first } = await open();
    const { port } = first;
    await first.close({ immediate: true });
    const { receiver } = await openRegistered({ ...registered, port });
    expect(receiver.redirectUri).toBe(`http://127.0.0.1:${port}/callback`);
    await expect(openRegistered({ ...registered, port })).rejects.toMatchObject({
      code: "MESHAUTH_E_PORT_IN_USE",
      next: [expect.stringContaining("register a redirect address")],
    });
    await expect(openRegistered({ ...registered, port: 1 }, { port })).rejects.toMatchObject({
      next: [expect.stringContaining("--port")],
    });
    expect(await isListening(port)).toBe(true);
    await receiver.close({ immediate: true });
    const { receiver: named } = await openRegistered({ ...registered, port: 1 }, { port });
    expect(named.port).toBe(port);
  });
});

describe("an answer", () => {
  test.each<[string, (state: string) => string]>([
    ["without the state", () => `/callback?token=${TOKEN}`],
    ["with an empty state", () => `/callback?state=&token=${TOKEN}`],
    ["with another state", (state) => `/callback?state=${"A".repeat(state.length)}&token=${TOKEN}`],
    ["with a part of the state", (state) => `/callback?state=${state.slice(1)}&token=${TOKEN}`],
    ["with the state twice", (state) => `/callback?state=${state}&state=${state}&token=${TOKEN}`],
    ["with another state before it", (state) => `/callback?st%61te=x&state=${state}&token=${TOKEN}`],
    ["at another path", (state) => `/other?state=${state}&token=${TOKEN}`],
    ["with a slash more", (state) => `/callback/?state=${state}&token=${TOKEN}`],
    ["in another spelling of the path", (state) => `/c%61llback?state=${state}&token=${TOKEN}`],
    ["of the kind that needs no state", (state) => `/cb/layer5/${state}?token=${TOKEN}`],
  ])("%s is none: nothing is kept or told, and the login waits", async (_, target) => {
    const { receiver, secrets, notices, good } = await openRegistered();
    const answer = await get(receiver.port, target(receiver.state));
    expect([answer.status, answer.headers.has("location")]).toEqual([404, false]);
    expect([secrets, notices]).toEqual([[], []]);
    expect((await get(receiver.port, `/callback?${good}`)).status).toBe(303);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("may have its state escaped", async () => {
    const { receiver } = await openRegistered();
    const [first = ""] = receiver.state;
    const escaped = `%${first.charCodeAt(0).toString(16)}${receiver.state.slice(1)}`;
    expect((await get(receiver.port, `/callback?state=${escaped}&token=${TOKEN}`)).status).toBe(303);
  });

  test.each(["/done", "/favicon.ico"])("is taken at %s, too, and leads to the result", async (path) => {
    const { receiver, good } = await openRegistered({ host: "localhost", path });
    const answer = await get(receiver.port, `${path}?${good}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/done"]);
    expect((await get(receiver.port, "/done")).body).toContain("Login received");
  });

  test("that says failure ends the login with the error that came with it", async () => {
    const error = new ProviderError("unreachable", "Try again later.");
    const { receiver } = await openRegistered(registered, {
      accept: () => ({ kind: "fail", reason: "busy", error }),
    });
    await get(receiver.port, `/callback?state=${receiver.state}&error=temporarily_unavailable`);
    expect(await failureOf(receiver.outcome)).toBe(error);
  });

  test("with an error that is none of a provider ends the login as denied", async () => {
    const { receiver } = await openRegistered(registered, {
      accept: () => ({ kind: "fail", reason: "no", error: new Error("raw") as ProviderError }),
    });
    await get(receiver.port, `/callback?state=${receiver.state}&error=access_denied`);
    expect(await failureOf(receiver.outcome)).toMatchObject({ code: "denied", reason: "no" });
  });
});

describe("a pasted address", () => {
  test("is taken with its state", async () => {
    const { receiver, good } = await openRegistered();
    expect(receiver.paste(`${receiver.redirectUri}?${good}`)).toEqual({ kind: "accept", value: TOKEN });
  });

  test.each([`/callback?state=other&token=${TOKEN}`, `/callback?token=${TOKEN}`, `/?token=${TOKEN}`])(
    "without it is refused: %s",
    async (target) => {
      const { receiver, secrets } = await openRegistered();
      const decision = receiver.paste(`http://localhost:${receiver.port}${target}`);
      expect(decision).toEqual({ kind: "refuse", reason: "This address belongs to another login." });
      expect(secrets).toEqual([]);
    },
  );
});
