import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { startBrowserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { put } from "../support/files.js";
import { makeHome, meshauth, startMeshauth } from "../support/program.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";

/** A home all of whose traffic to other machines goes to a proxy that refuses it, and writes it down. */
async function watchedHome() {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  atEnd(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const simulator = await startSimulator();
  atEnd(() => simulator.close());
  const home = makeHome({
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    npm_config_proxy: url,
    npm_config_https_proxy: url,
    MESHERY_SERVER_URL: simulator.server.url,
  });
  return { home, asked, simulator };
}

describe.concurrent("only those are asked who have to be", () => {
  test("nobody, for what can be said without asking", async () => {
    const { home, asked, simulator } = await watchedHome();
    put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: -60 }).token));
    for (const args of [
      ["--version"],
      ["--help"],
      ["help", "login", "layer5"],
      ["version"],
      ["which", "status"],
      ["status"],
      ["provider", "list"],
      ["provider", "show"],
      ["plugins"],
      ["autocomplete", "bash"],
      ["login"],
      ["login", "layer5"],
      ["nonsense"],
    ]) {
      await meshauth(home, args);
      expect({ args, asked }).toEqual({ args, asked: [] });
    }
    expect([...simulator.server.requests, ...simulator.cloud.requests]).toEqual([]);
  }, 60_000);

  test("the context's server and nobody else, for a login without an account", async () => {
    const { home, asked, simulator } = await watchedHome();
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect(asked).toEqual([]);
    expect(simulator.cloud.requests).toEqual([]);
    expect(simulator.server.requests.map(({ target }) => target)).toEqual(["/api/providers"]);
  });

  test("no token of a credential goes to a host that its name alone might mean", async () => {
    const { home, asked, simulator } = await watchedHome();
    simulator.faults.set("close-connection");
    const made = madeUpToken();
    put(home.authJson, authJson("Meshery", made.token));
    await meshauth(home, ["check"]);
    await meshauth(home, ["status", "--check"]);
    expect(asked.filter((line) => !/^CONNECT cloud\.layer5\.io:443$/.test(line))).toEqual([]);
    expect(leaksOf(asked.join("\n"), [made.token, made.access])).toEqual([]);
  });

  test("Layer5 at its public address, when no server lists a remote: the link, and no request before the callback", async () => {
    const { home, asked, simulator } = await watchedHome();
    simulator.faults.set("close-connection");
    const running = startMeshauth(home, ["login", "layer5", "--no-browser", "--json"]);
    const [link = ""] = await running.seen(/^https:\/\/\S+source=\S+$/m);
    expect(new URL(link).origin).toBe("https://cloud.layer5.io");
    expect(new URL(link).pathname).toBe("/login");
    running.kill("SIGTERM");
    expect((await running.outcome).code).toBe(130);
    expect(asked).toEqual([]);
  });

  test("loopback is asked directly, whatever the proxy variables say", async () => {
    const { home, asked, simulator } = await watchedHome();
    const env = { ALL_PROXY: home.env["HTTP_PROXY"] ?? "", NODE_USE_ENV_PROXY: "1" };
    const running = await startBrowserLogin(home, ["--server", simulator.server.url], { env });
    running.kill("SIGTERM");
    await running.outcome;
    expect(asked).toEqual([]);
    expect(simulator.server.requests.length).toBeGreaterThan(0);
  });
});
