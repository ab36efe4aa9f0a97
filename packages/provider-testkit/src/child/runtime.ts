import { gatherSurroundings, type Runtime, Secrets } from "@meshauth/core";
import type { Plan } from "../protocol.js";

/** A plain machine without a display: no browser is ever opened. */
const NOWHERE = {
  env: {},
  platform: "linux",
  streams: { stdin: true, stderr: true },
  noInput: undefined,
  machine: {
    wsl: false,
    wslInterop: false,
    container: false,
    ci: undefined,
    user: undefined,
    root: false,
  },
} as const;

/** What core's session works with, in the place of what the program would hand in. */
export function runtimeOf(plan: Plan, terminal: Runtime["terminal"], signal: AbortSignal): Runtime {
  return {
    env: plan.env,
    platform: process.platform,
    home: plan.home,
    cwd: plan.home,
    dataDir: plan.home,
    userAgent: "meshauth-conformance",
    registry: { providers: [], problems: [] },
    terminal,
    secrets: new Secrets(),
    signal,
    now: () => new Date(),
    surroundings: async () => gatherSurroundings(NOWHERE),
    admit: async () => undefined,
    runProvider: async (_name, run) => await run(),
    debug: () => undefined,
  };
}
