import { afterEach } from "vitest";
import { createSigningKey, type Simulator, type SimulatorOptions, startSimulator } from "../src/index.js";

const open: Simulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

const signingKey = createSigningKey();

/** A simulator that is closed after the test. */
export async function simulate(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator({ signingKey: await signingKey, ...options });
  open.push(simulator);
  return simulator;
}

/** The cookies that a program sends, for the remote provider unless told otherwise. */
export function cookies(simulator: Simulator, token: string, provider?: string): string {
  const remote = simulator.server.providers.find(({ type }) => type === "remote");
  return `token=${token}; meshery-provider=${provider ?? remote?.key ?? ""}`;
}

/** A request to the Meshery Server whose redirects are not followed. */
export function ask(
  simulator: Simulator,
  path: string,
  cookie = "",
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${simulator.server.url}${path}`, {
    ...init,
    redirect: "manual",
    headers: { ...(cookie === "" ? {} : { Cookie: cookie }), ...init.headers },
  });
}

/** A POST of JSON to the cloud. */
export function post(simulator: Simulator, path: string, value: unknown): Promise<Response> {
  return fetch(`${simulator.cloud.url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  });
}

export const encodeSource = (address: string): string => Buffer.from(address).toString("base64url");
