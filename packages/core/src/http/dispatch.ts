import type { ProxyServer } from "./proxy.js";

/** What both the built-in `fetch` and undici's take. */
interface DispatchInit {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string | Uint8Array;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** After how many milliseconds of silence the built-in `fetch` gives up, whatever it is told. */
const FETCH_PATIENCE_MS = 300_000;

/** What is used of their answers. */
interface RawResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** @param patience - The longest silence to be borne, in milliseconds; the signal ends what takes too long. */
export type Dispatch = (
  url: URL,
  proxy: ProxyServer | undefined,
  init: DispatchInit,
  patience?: number,
) => Promise<RawResponse>;

/**
 * Sends requests: without a proxy by the built-in `fetch`, which knows none on the older supported Node
 * versions; through a proxy, or with more patience than its own, by undici, which is loaded only then. Agents are kept for as long as the function
 * is, and their idle connections do not keep the process alive.
 *
 * @param env - With `NODE_USE_ENV_PROXY` in it newer Node versions send what is meant to go directly through the
 *   proxy too, loopback included, so undici takes all requests.
 */
export function createDispatch(env: Readonly<Record<string, string | undefined>>): Dispatch {
  const agents = new Map<string, import("undici").Dispatcher>();
  const plain = !env["NODE_USE_ENV_PROXY"];

  return async (url, proxy, init, patience = 0) => {
    if (proxy === undefined && plain && patience <= FETCH_PATIENCE_MS) return fetch(url, init);
    const undici = await import("undici");
    const key = proxy === undefined ? "" : `${proxy.url} ${proxy.authorization ?? ""}`;
    const agent =
      agents.get(key) ?? (proxy ? new undici.ProxyAgent(settings(proxy)) : new undici.Agent(NO_LIMITS));
    agents.set(key, agent);
    return undici.fetch(url, { ...init, headers: [...init.headers], dispatcher: agent });
  };
}

/** The signal ends every request. */
const NO_LIMITS = { headersTimeout: 0, bodyTimeout: 0 } as const;

function settings({ url, authorization }: ProxyServer): import("undici").ProxyAgent.Options {
  return {
    ...NO_LIMITS,
    uri: url,
    // A plain http request goes to the proxy as such; many proxies allow CONNECT to port 443 only.
    proxyTunnel: false,
    ...(authorization === undefined ? {} : { token: authorization }),
  };
}
