import {
  createSigningKey,
  type SigningKey,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "@meshauth/meshery-simulator";
import { onTestFinished } from "vitest";
import { atEnd } from "./cleanup.js";
import { type Home, makeHome } from "./program.js";
import { until } from "./wait.js";

/** A home whose Meshery Server is a simulated one, with the simulator. */
export interface SimulatedHome {
  readonly home: Home;
  readonly simulator: Simulator;
}

/** An environment in which no Meshery Server answers. */
export const NO_SERVER: Readonly<Record<string, string>> = { MESHERY_SERVER_URL: "http://127.0.0.1:1" };

/** Starts a simulator and makes a home that uses it; both end with the test. */
export async function simulatedHome(
  options: SimulatorOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<SimulatedHome> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return { simulator, home: makeHome({ MESHERY_SERVER_URL: simulator.server.url, ...env }) };
}

/** Waits until a simulated server has been asked for a path. */
export function asked(
  { requests }: Pick<Simulator["server"], "requests">,
  what: (path: string) => boolean,
  text: () => string = () => "",
): Promise<void> {
  return until(
    () => requests.some(({ path }) => what(path)),
    15_000,
    () => `It is not asked.\n${text()}`,
  );
}

/** Whether a path asks whose token it is. */
export function isProfile(path: string): boolean {
  return path.endsWith("/users/profile");
}

/** Whether a path asks for the list of providers. */
export function isProviders(path: string): boolean {
  return path === "/api/providers";
}

/** Two people of the simulated cloud. */
export const MIRA = "mira.solberg@example.com";
export const TOMAS = "tomas.okafor@example.org";

let signingKey: Promise<SigningKey> | undefined;

/** Starts a simulator that ends with the tests of the file. Making its key takes longest: once is enough. */
export async function simulated(options: SimulatorOptions = {}): Promise<Simulator> {
  signingKey ??= createSigningKey();
  const simulator = await startSimulator({ signingKey: await signingKey, ...options });
  atEnd(() => simulator.close());
  return simulator;
}
