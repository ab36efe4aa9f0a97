import { inspectUrl } from "@meshauth/core";
import type { DeviceLogin, Host, HostRequest, HostResponse, MesheryServer } from "@meshauth/provider-api";
import { FAULT_HEADER, ORIGIN_HEADER } from "../headers.js";
import type { Fault } from "../protocol.js";
import { type ListenWatch, watchListen } from "./watched-listen.js";

/**
 * How long a request to a server that keeps silent may take, in milliseconds. However slow the machine is, the end is the
 * same: no answer ever comes, and the host says that it did not come in time.
 */
const PATIENCE_MS = 100;

/** Waits for the host, with the means to stop there. */
export type Gate = <T>(name: string, wait: () => Promise<T>) => Promise<T>;

/** What is needed to watch a host. */
export type HostWatch = ListenWatch;

/** The host as the provider sees it: the real one, with its requests redirected and all that is done with it seen. */
export function watchHost(watch: HostWatch): Host {
  const { host, recorder, gate } = watch;
  return {
    signal: host.signal,
    interactive: host.interactive,
    env: host.env,
    home: host.home,
    server: watchServer(host.server, gate),
    now: () => host.now(),
    fetch: (url, init) => gate("fetch", () => redirected(watch, url, init)),
    wantsBrowser: () => gate("wantsBrowser", () => host.wantsBrowser()),
    listen: (options) => gate("listen", () => watchListen(watch, options)),
    device: (login) => gate("device", () => watchDevice(watch, login)),
    async ask(question) {
      const answer = await gate("ask", () => host.ask(question));
      if (question.secret) recorder.secret(answer);
      return answer;
    },
    confirm: (question) => gate("confirm", () => host.confirm(question)),
    choose: (question) => gate("choose", () => host.choose(question)),
    readStdin: (limit) => gate("readStdin", () => host.readStdin(limit)),
    report(event) {
      recorder.say(event?.type === "warning" ? "warning" : "step", event?.message);
      host.report(event);
    },
    secret(value) {
      recorder.secret(value);
      host.secret(value);
    },
    debug(message) {
      recorder.say("debug", message);
      host.debug(message);
    },
  };
}

/** Shows what a person would see of a device login. */
async function watchDevice<T>({ host, recorder }: HostWatch, login: DeviceLogin<T>): Promise<T> {
  recorder.say("link", login.link);
  if (login.code !== undefined) recorder.say("code", login.code);
  if (URL.canParse(String(login.link))) recorder.origin(new URL(String(login.link)).origin);
  return await host.device(login);
}

function watchServer(server: MesheryServer, gate: Gate): MesheryServer {
  return {
    url: server.url,
    providers: () => gate("server.providers", () => server.providers()),
    token: (credential) => gate("server.token", () => server.token(credential)),
    user: (credential) => gate("server.user", () => server.user(credential)),
  };
}

/** Sends a request to the gateway in place of the server. What the host would refuse, it refuses here too. */
async function redirected(
  { host, plan, recorder }: HostWatch,
  address: string | URL,
  init: HostRequest = {},
): Promise<HostResponse> {
  const verdict = inspectUrl(String(address));
  if (verdict.kind === "refused") return await host.fetch(address, init);
  const { origin, pathname, search } = verdict.url;
  const number = recorder.fetch(`${String(init.method ?? "GET").slice(0, 20)} ${origin}${pathname}`);
  recorder.origin(origin);
  const fault = plan.fault && number >= plan.fault.at ? plan.fault.kind : undefined;
  const known = plan.origins.includes(origin);
  if (!known || fault === "down") return await host.fetch(`${plan.nowhere}${pathname}${search}`, init);
  return await host.fetch(`${plan.gateway}${pathname}${search}`, {
    ...init,
    headers: {
      ...init.headers,
      [ORIGIN_HEADER]: origin,
      ...(fault === undefined ? {} : { [FAULT_HEADER]: fault }),
    },
    ...(isSlow(fault) ? { timeout: PATIENCE_MS } : {}),
  });
}

function isSlow(fault: Fault["kind"] | undefined): boolean {
  return fault === "silent" || fault === "slow";
}
