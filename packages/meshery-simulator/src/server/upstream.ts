import { decodeEnvelope } from "../envelope.js";
import { type EraRules, inCasing } from "../era.js";

/** The cloud cannot be reached, or answers with something that is no answer. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** What the Meshery Server asks of the cloud of a remote provider. Everything throws {@link Unreachable}. */
export interface Upstream {
  /** The published keys; `undefined` when the document is not as the server can read it. */
  keys(): Promise<readonly Record<string, string>[] | undefined>;
  /** Whether an access token is active. */
  introspect(accessToken: string): Promise<boolean>;
  /** A new one-line token, or `undefined`. */
  refresh(token: string): Promise<string | undefined>;
  /** The user of a token; a status when the cloud says no. */
  profile(token: string): Promise<Record<string, unknown> | 401 | 403>;
  capabilities(): Promise<Record<string, unknown>>;
  /** Tells the cloud that the session is over. Failures do not matter. */
  logout(token: string, sessionCookie: string): Promise<void>;
}

/** The access token in a one-line token, as the era's server finds it; `undefined` when it finds none. */
export function accessTokenOf(rules: EraRules, token: string): string | undefined {
  const envelope = decodeEnvelope(token);
  if (envelope === "not-base64") return rules.bareTokens ? token : undefined;
  return envelope === "not-json" ? undefined : envelope.access_token;
}

export function createUpstream(
  rules: EraRules,
  base: string,
  options: { readonly instanceId: string; readonly signal: AbortSignal },
): Upstream {
  async function call(path: string, init: RequestInit = {}): Promise<{ status: number; value: unknown }> {
    try {
      const response = await fetch(`${base}${path}`, {
        ...init,
        headers: { "User-Agent": "Go-http-client/1.1", ...init.headers },
        redirect: "manual",
        signal: options.signal,
      });
      const body = await response.text();
      return { status: response.status, value: parse(body) };
    } catch (error) {
      throw new Unreachable(base, { cause: error });
    }
  }
  const post = (path: string, token: string) =>
    call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body: JSON.stringify({ token }),
    });
  const authorization = (token: string): Record<string, string> => ({
    Authorization: `bearer ${rules.bearer === "whole" ? token : (accessTokenOf(rules, token) ?? "")}`,
    ...(rules.systemId ? { SystemID: options.instanceId } : {}),
    ...(rules.apiKey ? { "X-API-Key": token } : {}),
  });

  return {
    async keys() {
      const { status, value } = await call("/keys");
      const keys: unknown = status === 200 ? objectOf(value)?.["keys"] : undefined;
      return Array.isArray(keys) && keys.every(isStringMap) ? keys : undefined;
    },
    async introspect(accessToken) {
      const { status } = await post("/introspect", accessToken);
      if (status >= 500) throw new Unreachable(base);
      return status === 200;
    },
    async refresh(token) {
      const { status, value } = await post("/refresh", token);
      const fresh = isStringMap(value) ? (value["token"] ?? "") : "";
      // Before 2026 only a 500 counted as failure: another error's body became an empty token.
      if (!rules.jsonErrors) return status === 500 || !isStringMap(value) ? undefined : fresh;
      if (status >= 500) throw new Unreachable(base);
      return status === 200 && fresh !== "" ? fresh : undefined;
    },
    async profile(token) {
      const { status, value } = await call("/api/identity/users/profile", { headers: authorization(token) });
      if (status === 401 || status === 403) return status;
      const user = objectOf(value);
      if (status !== 200 || !user) throw new Unreachable(base);
      return user;
    },
    async capabilities() {
      const { status, value } = await call(`/${rules.build}/capabilities?os=linux&playground=false`);
      const properties = objectOf(value);
      if (status !== 200 || !properties) throw new Unreachable(base);
      return { ...properties, ...inCasing(rules, { providerUrl: base }) };
    },
    async logout(token, sessionCookie) {
      const cookie = `session_cookie=${sessionCookie}; return_to=provider_ui`;
      const envelope = decodeEnvelope(token);
      const refreshToken = typeof envelope === "string" ? "" : (envelope.refresh_token ?? "");
      await call("/logout", { headers: { ...authorization(token), Cookie: cookie } }).catch(() => {});
      await post("/revoke", refreshToken).catch(() => {});
    },
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function isStringMap(value: unknown): value is Record<string, string> {
  const object = objectOf(value);
  return object !== undefined && Object.values(object).every((member) => typeof member === "string");
}
