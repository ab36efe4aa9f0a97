import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { fetching } from "./fetching.js";
import { serve, serveProxy } from "./servers.js";

const { cache } = createRequire(import.meta.url);
const isLoaded = (): boolean =>
  Object.keys(cache).some((file) => /[\\/]node_modules[\\/]undici[\\/]/.test(file));

test("undici is loaded with the first request that goes through a proxy, and not before", async () => {
  const server = await serve((_, response) => response.end("here"));
  const proxy = await serveProxy(server);
  const env = { HTTP_PROXY: proxy.url };
  expect((await fetching({ env }).fetch(server)).text).toBe("here");
  expect(isLoaded()).toBe(false);
  await fetching({ env, allowHttp: true }).fetch("http://meshery.example/");
  expect(isLoaded()).toBe(true);
  expect(proxy.seen).toEqual(["GET http://meshery.example/"]);
});

test("where Node itself would send everything through the proxy, loopback is still asked directly", async () => {
  const server = await serve((_, response) => response.end("here"));
  const proxy = await serveProxy(server);
  const env = { HTTP_PROXY: proxy.url, NODE_USE_ENV_PROXY: "1" };
  expect((await fetching({ env }).fetch(server)).text).toBe("here");
  expect(proxy.seen).toEqual([]);
});
