import { gatherSurroundings, type Machine, type Surroundings } from "../../src/surroundings/index.js";

/** A plain machine of somebody called alice. */
export const MACHINE: Machine = {
  wsl: false,
  wslInterop: false,
  container: false,
  ci: undefined,
  user: "alice",
  root: false,
};

export interface Place {
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly machine?: Partial<Machine>;
  readonly stdin?: boolean;
  readonly stderr?: boolean;
  readonly noInput?: boolean;
}

/** Surroundings made from nothing but what is given; both streams are terminals unless it says otherwise. */
export function surroundings(place: Place = {}): Surroundings {
  const { env = {}, platform = "linux", machine = {}, stdin = true, stderr = true, noInput = false } = place;
  return gatherSurroundings({
    env,
    platform,
    machine: { ...MACHINE, ...machine },
    streams: { stdin, stderr },
    noInput: noInput ? "--no-input" : undefined,
    // No browser has to be installed here.
    isProgram: (program) => !program.startsWith("missing"),
  });
}

export const DESKTOP = { env: { DISPLAY: ":0" } } as const;
export const SSH = {
  env: { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22", SSH_TTY: "/dev/pts/1", DISPLAY: ":10" },
} as const;
