import { ProviderError } from "@meshauth/provider-api";
import { isExempt } from "./no-proxy.js";
import { isLoopback } from "./url.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that a request goes through. */
export interface ProxyServer {
  /** Scheme, host and port, without the user. */
  readonly url: string;
  /** The value for `Proxy-Authorization`, when the setting holds a user. A secret. */
  readonly authorization?: string;
  /** The password of the setting, as it stands there and decoded. Secrets. */
  readonly secrets: readonly string[];
  /** The variable that names it. */
  readonly variable: string;
}

/**
 * The proxy for an address, by Go's rules: `HTTPS_PROXY` for https, `HTTP_PROXY` for http, in either case,
 * upper case first; `NO_PROXY` exempts; loopback is never proxied. A setting without a scheme means http.
 *
 * @throws {@link ProviderError} `unreachable` when the setting cannot be used.
 */
export function proxyFor(url: URL, env: Environment): ProxyServer | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const setting = read(env, url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (setting === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  if (isExempt(read(env, "NO_PROXY")?.value ?? "", host, port)) return undefined;
  return parse(setting);
}

function read(env: Environment, name: string): { name: string; value: string } | undefined {
  for (const spelling of [name, name.toLowerCase()]) {
    const value = env[spelling]?.trim();
    if (value) return { name: spelling, value };
  }
  return undefined;
}

function parse({ name, value }: { name: string; value: string }): ProxyServer {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unusable(name, "it is not an address");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw unusable(name, `${url.protocol.slice(0, -1)} proxies are not supported; http and https ones are`);
  }
  const authorization = basic(url, name);
  return {
    url: url.origin,
    variable: name,
    secrets: authorization === undefined ? [] : [url.password, decode(url.password, name)].filter(Boolean),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function basic(url: URL, name: string): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  const pair = `${decode(url.username, name)}:${decode(url.password, name)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable(name, "its user or password holds a % that is not encoded as %25");
  }
}

function unusable(name: string, reason: string): ProviderError {
  return new ProviderError("unreachable", `The proxy in ${name} cannot be used.`, {
    reason: `The value of ${name} is not a proxy that meshauth can go through: ${reason}.`,
    next: [`Correct ${name}, for example http://proxy.example:3128, or unset it.`],
  });
}
