import type { ProxyServer } from "./proxy.js";

/** What both the built-in `fetch` and undici's take. */
export interface DispatchInit {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** What is used of their answers. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: ReadableStream<Uint8Array> | null;
}

/**
 * Sends requests: without a proxy by the built-in `fetch`, which knows none on the older supported Node
 * versions; through a proxy by undici, which is loaded only then. Agents are kept for as long as the function
 * is, and their idle connections do not keep the process alive.
 */
export function createDispatch(): (
  url: URL,
  proxy: ProxyServer | undefined,
  init: DispatchInit,
) => Promise<RawResponse> {
  const agents = new Map<string, import("undici").ProxyAgent>();

  return async (url, proxy, init) => {
    if (proxy === undefined) return fetch(url, init);
    const undici = await import("undici");
    const key = `${proxy.url} ${proxy.authorization ?? ""}`;
    let agent = agents.get(key);
    if (agent === undefined) {
      agent = new undici.ProxyAgent({
        uri: proxy.url,
        // A plain http request goes to the proxy as such; many proxies allow CONNECT to port 443 only.
        proxyTunnel: false,
        ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      });
      agents.set(key, agent);
    }
    return undici.fetch(url, { ...init, headers: [...init.headers], dispatcher: agent });
  };
}
