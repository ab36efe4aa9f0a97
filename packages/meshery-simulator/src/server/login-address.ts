import type { EraRules } from "../era.js";
import type { Recorded } from "../http/recorded.js";
import type { RemoteProvider } from "./registry.js";

const PROVIDER_VERSION = "v0.3.14";

const encode = (value: string): string => Buffer.from(value).toString("base64url");

/**
 * The cloud's login page for a browser that comes from this server.
 *
 * @param ref - The path of this server to come back to.
 */
export function loginAddress(
  rules: EraRules,
  request: Recorded,
  provider: RemoteProvider,
  ref: string,
): string {
  const source = encode(`http://${request.headers.host ?? ""}/api/user/token`);
  const query =
    rules.loginPath === ""
      ? `source=${source}&provider_version=${PROVIDER_VERSION}`
      : `source=${source}&provider_version=${PROVIDER_VERSION}&meshery_version=${rules.build}&ref=${encode(ref)}`;
  return `${provider.url}${rules.loginPath}?${query}`;
}

/** A `ref` as a path of this server, or `/` when it is anything else. */
export function safeRef(ref: string | null): string {
  const path = Buffer.from(ref ?? "", "base64url").toString("utf8");
  const inside = /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !/^\/(user|auth|provider)\b/.test(path);
  return inside ? path : "/";
}
