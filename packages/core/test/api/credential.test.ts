import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { ERAS } from "@meshauth/meshery-simulator";
import { encodeEnvelope } from "@meshauth/provider-api/format";
import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { call, person, simulator } from "./support.js";

describe.each(ERAS)("a Meshery Server of %s", (era) => {
  test("answers with the credential attached, by the key of its list", async () => {
    const { server, cloud, remoteName } = await simulator(era);
    const someone = await person({ server: server.url, serverName: remoteName, token: cloud.issueToken() });
    const { body, error } = await call(someone);
    expect(error).toBeUndefined();
    expect(JSON.parse(body.toString())).toMatchObject({ email: "mira.solberg@example.com" });
    const key = server.providers.find(({ type }) => type === "remote")?.key;
    expect(server.requests.at(-1)?.cookies.get("meshery-provider")).toBe(key);
  });

  test("knows the local provider without a token", async () => {
    const { server } = await simulator(era);
    const name = server.providers.find(({ type }) => type === "local")?.name ?? "";
    const { body, error } = await call(await person({ server: server.url, serverName: name, token: "" }));
    expect(error).toBeUndefined();
    expect(body.toString()).toMatch(/Meshery/);
  });

  test("a token that it refuses is renewed once, and the request sent again", async () => {
    const { server, cloud, remoteName, faults } = await simulator(era);
    const fresh = cloud.issueToken();
    const someone = await person({ server: server.url, serverName: remoteName, token: cloud.issueToken() });
    await someone.willRenew(fresh);
    faults.set("redirect-auth-login", 1, { path: "/api/user" });
    const { body, error } = await call(someone, { method: "get" });
    expect(error).toBeUndefined();
    expect(body.toString()).toMatch(/mira\.solberg/);
    expect(await someone.token()).toBe(fresh);
    expect(server.requests.filter(({ path }) => path === "/api/user")).toHaveLength(2);
  });

  test("a token that it refuses again after the renewal: exit 4, and no third request", async () => {
    const { server, cloud, remoteName, faults } = await simulator(era);
    const someone = await person({ server: server.url, serverName: remoteName, token: cloud.issueToken() });
    await someone.willRenew(cloud.issueToken());
    faults.set("redirect-auth-login");
    const { body, error } = await call(someone);
    expect([error?.code, error?.exitCode, body.length]).toEqual(["MESHAUTH_E_NOT_AUTHENTICATED", 4, 0]);
    expect(error?.next).toContain("meshauth login");
    expect(server.requests.filter(({ path }) => path === "/api/user")).toHaveLength(2);
  });
});

test("data is sent again with the renewed token", async () => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.issueToken(), stdin: '{"a":1}' });
  await someone.willRenew(cloud.issueToken());
  faults.set("redirect-auth-login", 1, { path: "/api/user/prefs" });
  const { body } = await call(someone, { path: "/api/user/prefs", data: "@-" });
  expect(JSON.parse(body.toString())).toEqual({ received: '{"a":1}' });
});

test("a renewal that the provider refuses: exit 4 with what it said", async () => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.issueToken() });
  faults.set("redirect-auth-login");
  const { error } = await call(someone);
  expect([error?.code, error?.exitCode]).toEqual(["MESHAUTH_E_EXPIRED", 4]);
});

test("a renewal that cannot be done now: exit 7, and the login stands", async () => {
  const { server, cloud, faults } = await simulator("2024");
  const token = cloud.issueToken();
  const someone = await person({ server: server.url, serverName: "Meshery", token });
  await someone.willRenew("down");
  faults.set("redirect-auth-login");
  const { error } = await call(someone);
  expect([error?.code, error?.exitCode]).toEqual(["MESHAUTH_E_NETWORK", 7]);
  expect(await someone.token()).toBe(token);
});

test("a token without a refresh token is not renewed: exit 4", async () => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.apiToken() });
  await someone.willRenew(cloud.issueToken());
  faults.set("redirect-auth-login");
  const { error } = await call(someone);
  expect([error?.code, error?.message]).toEqual([
    "MESHAUTH_E_NOT_AUTHENTICATED",
    "The Meshery Server does not accept the credential.",
  ]);
  expect(server.requests.filter(({ path }) => path === "/api/user")).toHaveLength(1);
});

test("a 401 with data is renewed too; refused for good, its data is printed and the exit is 4", async () => {
  const { server, cloud, faults } = await simulator();
  const someone = await person({ server: server.url, token: cloud.issueToken() });
  await someone.willRenew(cloud.issueToken());
  faults.set("401-json", 1, { path: "/api/user" });
  expect((await call(someone)).error).toBeUndefined();
  await someone.willRenew(cloud.issueToken());
  faults.set("401-json");
  const { body, error } = await call(someone);
  expect([body.toString(), error?.code]).toEqual([
    '{"error":"session expired"}\n',
    "MESHAUTH_E_NOT_AUTHENTICATED",
  ]);
});

describe("a token of the environment", () => {
  test("without MESHERY_PROVIDER goes to the only remote provider that the server lists", async () => {
    const { server, cloud } = await simulator();
    const env = { MESHERY_API_TOKEN: cloud.issueToken() };
    const { body, error } = await call(await person({ server: server.url, env }));
    expect(error).toBeUndefined();
    expect(body.toString()).toMatch(/mira\.solberg/);
  });

  test("without MESHERY_PROVIDER is sent nowhere when there are several: exit 2", async () => {
    const list = Object.fromEntries(
      ["A", "B"].map((name) => [name, { provider_type: "remote", provider_url: `https://${name}.example` }]),
    );
    const asked: string[] = [];
    const server = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.end(JSON.stringify(list));
    });
    const env = { MESHERY_API_TOKEN: "made-up-token-0123456789" };
    const { error } = await call(await person({ server, env }));
    expect([error?.code, error?.exitCode, error?.next.join()]).toEqual([
      "MESHAUTH_E_USAGE",
      2,
      expect.stringContaining("MESHERY_PROVIDER"),
    ]);
    expect(asked).toEqual(["/api/providers"]);
  });

  test("is never renewed: exit 4 with the variable named", async () => {
    const { server, cloud, faults } = await simulator();
    const env = { MESHERY_API_TOKEN: cloud.issueToken(), MESHERY_PROVIDER: "Layer5" };
    const someone = await person({ server: server.url, env });
    await someone.willRenew(cloud.issueToken());
    faults.set("redirect-auth-login");
    const { error } = await call(someone);
    expect([error?.exitCode, error?.next.join()]).toEqual([4, expect.stringContaining("MESHERY_API_TOKEN")]);
    expect(server.requests.filter(({ path }) => path === "/api/user")).toHaveLength(1);
  });
});

describe("a token that the server renewed (Set-Cookie)", () => {
  test("is kept, and the next request carries it", async () => {
    const { server, cloud, faults } = await simulator();
    const token = cloud.issueToken();
    const someone = await person({ server: server.url, token });
    faults.set("set-cookie-new", 1);
    expect((await call(someone)).error).toBeUndefined();
    const kept = await someone.token();
    expect(kept).not.toBe(token);
    expect(cloud.isActive(kept)).toBe(true);
    expect((await call(someone)).error).toBeUndefined();
    expect(server.requests.at(-1)?.cookies.get("token")).toBe(kept);
    expect(cloud.reuses).toEqual([]);
  });

  test("is never the empty one", async () => {
    const { server, cloud, faults } = await simulator();
    const token = cloud.issueToken();
    const someone = await person({ server: server.url, token });
    faults.set("set-cookie-empty", 1);
    expect((await call(someone)).error).toBeUndefined();
    expect(await someone.token()).toBe(token);
  });

  test("of the environment is not stored", async () => {
    const { server, cloud, faults } = await simulator();
    const env = { MESHERY_API_TOKEN: cloud.issueToken(), MESHERY_PROVIDER: "Layer5" };
    const someone = await person({ server: server.url, token: "made-up-token-0123456789", env });
    faults.set("set-cookie-new", 1);
    expect((await call(someone)).error).toBeUndefined();
    expect(await someone.token()).toBe("made-up-token-0123456789");
  });

  test.each<[string, number, string, string, boolean]>([
    ["data", 200, "application/json", "{}", true],
    ["data of a failure", 422, "application/json", '{"error":"no"}', true],
    ["a web page below /api", 200, "text/html", "<html></html>", false],
    ["a web page elsewhere", 200, "text/html", "<html></html>", false],
    ["the web page of a failure", 500, "text/html", "<html></html>", false],
    ["a redirect", 302, "text/plain", "", false],
    ["a refusal", 401, "application/json", '{"error":"no"}', false],
  ])("with %s: %i %s", async (what, status, type, text, isKept) => {
    const { cloud } = await simulator();
    const [old, fresh] = [cloud.issueToken(), cloud.issueToken()];
    const server = await serve((request, response) => {
      if (request.url === "/api/providers") return void response.end("{}");
      response.setHeader("set-cookie", `token=${fresh}; Path=/`);
      if (status === 302) response.setHeader("location", "/else");
      response.writeHead(status, { "content-type": type }).end(text);
    });
    const someone = await person({ server, token: old });
    await call(someone, { path: what.endsWith("elsewhere") ? "/ui" : "/api/user" });
    expect((await someone.token()) === fresh).toBe(isKept);
    expect((await someone.token()) === old).toBe(!isKept);
  });

  test("that cannot be kept is a warning: the answer stands (T15)", async () => {
    let folder = "";
    const fresh = encodeEnvelope({ accessToken: "made-up-token-new-0123" });
    const server = await serve((request, response) => {
      if (request.url === "/api/user") {
        chmodSync(folder, 0o777);
        response.setHeader("set-cookie", `token=${fresh}; Path=/`);
      }
      response.end("{}");
    });
    const someone = await person({ server, token: "made-up-token-old-0123" });
    folder = dirname(someone.file);
    const { body, error } = await call(someone);
    expect([body.toString(), error]).toEqual(["{}", undefined]);
    expect(someone.warnings).toEqual([expect.stringMatching(/renewed the token, which could not be saved/)]);
    expect(someone.warnings.join()).not.toMatch(/made-up-token|eyJ/);
    expect(await someone.token()).toBe("made-up-token-old-0123");
  });
});

test("nobody is signed in: exit 4, and nothing is sent", async () => {
  const { server } = await simulator();
  const { error } = await call(await person({ server: server.url }));
  expect([error?.code, server.requests.length]).toEqual(["MESHAUTH_E_NOT_AUTHENTICATED", 0]);
});

test("a credential that no cookie can carry is not sent: exit 4", async () => {
  const { server } = await simulator();
  const { error } = await call(await person({ server: server.url, token: "made-up;token" }));
  expect([error?.code, server.requests.length]).toEqual(["MESHAUTH_E_NOT_AUTHENTICATED", 0]);
});
