import { type Simulator, startSimulator } from "@meshauth/meshery-simulator";
import type { HostRequest, TokenCredential } from "@meshauth/provider-api";
import {
  type FakeHost,
  type FakeHostOptions,
  fakeHost,
} from "../../../provider-api/test/support/fake-host.js";
import { mesheryServer } from "./meshery-server.js";
import { type Reply, type Replying, startReplying } from "./replying.js";

const running: { close(): Promise<void> }[] = [];

/** Starts a simulator that {@link endAll} stops. */
export async function simulate(options: Parameters<typeof startSimulator>[0] = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

/** Starts a provider of one answer that {@link endAll} stops. */
export async function replying(reply: Reply): Promise<Replying> {
  const started = await startReplying(reply);
  running.push(started);
  return started;
}

/** Stops what the test started. */
export async function endAll(): Promise<void> {
  await Promise.all(running.splice(0).map((one) => one.close()));
}

/** A host whose Meshery Server is the simulator's. */
export function hostFor(simulator: Simulator, more: FakeHostOptions = {}): FakeHost {
  return fakeHost({ server: mesheryServer(simulator.server.url), ...more });
}

/** A host that waits for no answer longer than `limit` milliseconds, with the limits that it was given. */
export function impatient(host: FakeHost, limit: number): FakeHost & { readonly timeouts: unknown[] } {
  const timeouts: unknown[] = [];
  const fetch = (url: string | URL, init: HostRequest = {}) => {
    timeouts.push(init.timeout);
    return host.fetch(url, { ...init, timeout: limit });
  };
  return { ...host, fetch, timeouts };
}

/** What a login at the simulated cloud left in the file. */
export function credentialAt(simulator: Simulator, token: string): TokenCredential {
  return { kind: "token", serverName: simulator.remoteName, origin: simulator.cloud.url, token };
}

/** The paths that were asked for by this program, and not by the Meshery Server. */
export function pathsOf({ cloud }: Simulator): string[] {
  return cloud.requests
    .filter(({ headers }) => !String(headers["user-agent"]).startsWith("Go-http-client"))
    .map(({ path }) => path);
}
