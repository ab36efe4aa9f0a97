import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Simulator, SimulatorOptions } from "@meshauth/meshery-simulator";
import { expect } from "vitest";
import { atEnd } from "./cleanup.js";
import { offlineHome } from "./offline.js";
import {
  document,
  type Home,
  meshauth,
  type Outcome,
  type Running,
  type RunOptions,
  startMeshauth,
} from "./program.js";
import { simulated } from "./simulated.js";
import { dataDir } from "./third-party.js";
import { until } from "./wait.js";

/** The document of `--start`. */
export interface Started {
  readonly ticket: string;
  readonly link: string;
  readonly expiresAt: string;
  readonly complete: string;
  readonly provider: Readonly<Record<string, string>>;
}

/** The processes that were started below a home, by what they have in their environment. */
export function processesOf(home: Home): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => environmentOf(pid).includes(`HOME=${home.path}`))
    .map(Number);
}

/** The environment of a process, as it was when it began; empty when it is gone. */
export function environmentOf(pid: string | number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** Those of {@link processesOf} that wait for a sign-in. */
export function keepersOf(home: Home): number[] {
  return processesOf(home).filter((pid) =>
    environmentOf(pid).some((line) => line.startsWith("MESHAUTH_PENDING_LOGIN=")),
  );
}

/** Sends a signal to them. */
export function signalKeepers(home: Home, signal: NodeJS.Signals): void {
  const keepers = keepersOf(home);
  expect(keepers.length).toBeGreaterThan(0);
  for (const pid of keepers) process.kill(pid, signal);
}

/** The folder of pending logins. */
export function pendingDir(home: Home): string {
  return join(dataDir(home), "pending");
}

/** The folder of the only one. */
export function pendingFolder(home: Home): string {
  const names = readdirSync(pendingDir(home));
  expect(names).toHaveLength(1);
  return join(pendingDir(home), names[0] ?? "");
}

/** Nothing is left of any pending login. */
export async function expectNothingLeft(home: Home): Promise<void> {
  await until(
    () => processesOf(home).length === 0 && !existsSync(pendingDir(home)),
    60_000,
    () => `Processes live on: ${processesOf(home)}; the folder is there: ${existsSync(pendingDir(home))}`,
  );
}

/** Ends all processes of a home with the tests of the file, stopped ones, too. */
export function endWithTests(home: Home): void {
  atEnd(() => {
    for (const pid of processesOf(home)) process.kill(pid, "SIGKILL");
  });
}

/** A home whose Meshery Server is a simulated one. */
export async function cloudHome(options: SimulatorOptions = {}): Promise<Simulator & { home: Home }> {
  const simulator = await simulated(options);
  const home = offlineHome({ MESHERY_SERVER_URL: simulator.server.url });
  endWithTests(home);
  return { ...simulator, home };
}

/** Starts a login at Layer5. */
export async function start(
  home: Home,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Started> {
  const outcome = await meshauth(home, ["login", "layer5", "--start", "--json", ...args], options);
  expect(outcome, outcome.stderr + outcome.stdout).toMatchObject({ code: 0, stderr: "" });
  return document(outcome) as Started;
}

/** Runs the command that the document names, as it stands there. */
export function complete(
  home: Home,
  started: Started,
  more: readonly string[] = [],
  options: RunOptions = {},
): Promise<Outcome> {
  return meshauth(home, [...wordsOf(started), ...more], options);
}

/** The same for a completion that has to wait: it takes nobody's turn meanwhile. */
export function startCompletion(home: Home, started: Started, more: readonly string[]): Running {
  return startMeshauth(home, [...wordsOf(started), ...more]);
}

function wordsOf({ complete }: Started): string[] {
  const [program, ...words] = complete.split(" ");
  expect(program).toBe("meshauth");
  return words;
}
