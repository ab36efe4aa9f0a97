import {
  type Account,
  type HostResponse,
  isProviderError,
  type MesheryServer,
  type ServerAnswer,
  type ServerCredential,
} from "@meshauth/provider-api";
import { readAccount } from "@meshauth/provider-api/format";
import type { Transfer, TransferRequest } from "../http/index.js";
import { cookieHeader, obstacleTo } from "./cookie.js";
import { createExchange, type Exchanged, type ExchangeOptions } from "./exchange.js";
import { isHtml, judge } from "./judge.js";
import { readProviders } from "./providers.js";
import { unavailable } from "./rebuff.js";
import { readToken } from "./token.js";
import { readVersion, type ServerVersion } from "./version.js";

const PROVIDERS_LIMIT = 2_000;

/** Which server, and what requests to it are made with. */
export type MesheryServerOptions = ExchangeOptions;

/** The Meshery Server of a context, with what commands ask besides. */
export interface MesheryServerClient extends MesheryServer {
  /** `GET /api/system/version`, asked once. It needs no login, and may be slow: the server asks GitHub. */
  version(): Promise<ServerAnswer<ServerVersion>>;
  /** Whether a Meshery Server answers at the address, and not just something. */
  reachable(): Promise<ServerAnswer<null>>;
  /** Whether the server accepts a credential. It says so by its data; a status proves nothing. */
  accepts(credential: ServerCredential): Promise<ServerAnswer<null>>;
  /**
   * Sends any request with the credential, and hands its answer on without a judgement.
   *
   * @param address - At the server's own address, {@link isOwn}.
   * @throws {@link ProviderError} `unreachable` or `protocol`; the signal's reason.
   */
  request(address: URL, credential: ServerCredential, request: TransferRequest): Promise<Transfer>;
  /** Whether an address is one of the server's: its origin, and below its path. */
  isOwn(address: URL): boolean;
  /**
   * How far the server's clock is ahead of this machine's, in milliseconds, to about a second; `undefined`
   * before the first answer that carries its time.
   */
  clockSkew(): number | undefined;
}

/**
 * Makes a client. It keeps no cookies, follows no redirects and sends the credential to the server's own
 * address only. Nothing is thrown for what a server does; when the signal aborts, its reason is.
 */
export function createMesheryServer(options: MesheryServerOptions): MesheryServerClient {
  const url = options.url.replace(/\/+$/, "");
  const { send, transfer, clockSkew } = createExchange({ ...options, url });

  async function exchange(path: string, { serverName, token }: ServerCredential): Promise<Exchanged> {
    return send(path, { headers: { cookie: cookieHeader({ serverName: await keyOf(serverName), token }) } });
  }

  async function request(
    address: URL,
    { serverName, token }: ServerCredential,
    { headers, ...init }: TransferRequest,
  ): Promise<Transfer> {
    if (!isBelow(address, url)) throw new TypeError("The credential is for the server's own address only.");
    const cookie = cookieHeader({ serverName: await keyOf(serverName), token });
    return transfer(address, { ...init, headers: { ...headers, cookie } });
  }

  /** Newer servers look the cookie up by the key of their list, which may be a host and not the name. */
  async function keyOf(serverName: string): Promise<string> {
    const answer = await providers();
    if (answer.kind !== "ok" || answer.value.some(({ key }) => key === serverName)) return serverName;
    const named = answer.value.filter(({ name, type }) => type === "remote" && name === serverName);
    return named.length === 1 ? (named[0]?.key ?? serverName) : serverName;
  }

  async function token(credential: ServerCredential): ReturnType<MesheryServer["token"]> {
    return (
      obstacleTo(credential) ??
      settle(await exchange("/api/token", credential), (response) => readToken(response, credential))
    );
  }

  async function user(credential: ServerCredential): Promise<ServerAnswer<Account>> {
    const obstacle = obstacleTo(credential);
    if (obstacle) return obstacle;
    const first = await exchange("/api/user", credential);
    const answer = settle(first, (response) => readJson(response, readAccount, "a user"));
    if (answer.kind !== "unavailable" || !isUnknownPath(first)) return answer;
    const second = await exchange("/api/identity/users/profile", credential);
    return isUnknownPath(second)
      ? answer
      : settle(second, (response) => readJson(response, readAccount, "a user"));
  }

  const askVersion = once(() => send("/api/system/version"));
  const providers = once(async () => {
    const answer = await send("/api/providers", { timeout: PROVIDERS_LIMIT });
    return settle(answer, (response) => readJson(response, readProviders, "a list of providers"));
  });

  async function version(): Promise<ServerAnswer<ServerVersion>> {
    return settle(await askVersion(), (response) => readJson(response, readVersion, "a version"));
  }

  return {
    url,
    providers,
    token,
    user,
    version,
    async reachable() {
      const asked = await askVersion();
      if (asked.kind === "silence") return unavailable(asked.message);
      if ((await version()).kind === "ok" || (await providers()).kind === "ok")
        return { kind: "ok", value: null };
      return unavailable(`Something answers at ${asked.address.host}, but not as a Meshery Server does.`);
    },
    async accepts(credential) {
      const answer = await token(credential);
      return answer.kind === "ok" ? { kind: "ok", value: null } : answer;
    },
    request,
    isOwn: (address) => isBelow(address, url),
    clockSkew,
  };
}

/** Judges an answer, and reads it only when it is neither a refusal nor an excuse. */
function settle<T>(exchanged: Exchanged, read: (response: HostResponse) => ServerAnswer<T>): ServerAnswer<T> {
  if (exchanged.kind === "silence") return unavailable(exchanged.message);
  const { response, address } = exchanged;
  return judge(response, address) ?? read(response);
}

function readJson<T>(
  response: HostResponse,
  read: (body: unknown) => T | undefined,
  what: string,
): ServerAnswer<T> {
  if (response.status !== 200)
    return unavailable(`The server answered ${response.status} where ${what} was due.`);
  let body: unknown;
  try {
    body = response.json();
  } catch (error) {
    if (isProviderError(error)) return unavailable([error.message, error.reason].filter(Boolean).join(" "));
    throw error;
  }
  const value = read(body);
  return value === undefined
    ? unavailable(`What the server answered is not ${what}.`)
    : { kind: "ok", value };
}

function isBelow(address: URL, server: string): boolean {
  const { origin, pathname } = new URL(server);
  const prefix = pathname.replace(/\/+$/, "");
  return address.origin === origin && `${address.pathname}/`.startsWith(`${prefix}/`);
}

// A path that a server does not have is a 404, or the page of its user interface.
function isUnknownPath(exchanged: Exchanged): boolean {
  return (
    exchanged.kind === "response" &&
    (exchanged.response.status === 404 || (exchanged.response.status === 200 && isHtml(exchanged.response)))
  );
}

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
