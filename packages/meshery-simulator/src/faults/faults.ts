import type { Outcome } from "../http/answer.js";
import { CLOUD_FAULTS } from "./cloud-faults.js";
import type { FaultContext, FaultRule } from "./rule.js";
import { SERVER_FAULTS } from "./server-faults.js";

export type ServerFault = keyof typeof SERVER_FAULTS;
export type CloudFault = keyof typeof CLOUD_FAULTS;
export type FaultName = ServerFault | CloudFault;

/** Every fault by name, with a few words on what it does. */
export const FAULTS: Readonly<Record<FaultName, { readonly summary: string }>> = {
  ...SERVER_FAULTS,
  ...CLOUD_FAULTS,
};

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

/** Switches faults on and off while the simulator runs. */
export interface FaultControl {
  /**
   * Switches a fault on.
   *
   * @param times - How many requests it strikes; 0 is none. Absent: all of them, until cleared.
   * @param options - `path` strikes that path only, instead of the fault's own paths.
   */
  set(name: FaultName, times?: number, options?: { readonly path?: string }): void;
  /** Switches one fault off, or all. */
  clear(name?: FaultName): void;
  /** The faults that would still strike. */
  active(): FaultName[];
}

/** What the simulator's parts use. */
export interface Faults {
  readonly control: FaultControl;
  /** Whether the fault strikes this request. Counts it when it does. */
  strikes(name: FaultName, request: FaultContext["request"]): boolean;
  /** What to answer instead of the real thing, when a fault says so. */
  answer(side: "server" | "cloud", context: FaultContext): Outcome | undefined;
}

interface Active {
  left: number;
  readonly path: string | undefined;
}

export function createFaults(): Faults {
  const active = new Map<FaultName, Active>();
  const rules: Readonly<Record<FaultName, FaultRule>> = { ...SERVER_FAULTS, ...CLOUD_FAULTS };

  const strikes: Faults["strikes"] = (name, { path }) => {
    const state = active.get(name);
    if (!state) return false;
    const { paths } = rules[name];
    if (state.path === undefined ? paths && !paths.test(path) : state.path !== path) return false;
    state.left -= 1;
    if (state.left <= 0) active.delete(name);
    return true;
  };

  return {
    strikes,
    answer(side, context) {
      const own: object = side === "server" ? SERVER_FAULTS : CLOUD_FAULTS;
      for (const name of active.keys()) {
        const { answer } = rules[name];
        if (answer && Object.hasOwn(own, name) && strikes(name, context.request)) return answer(context);
      }
      return undefined;
    },
    control: {
      set(name, times = Number.POSITIVE_INFINITY, options = {}) {
        if (!isFaultName(name)) throw new TypeError(`no such fault: ${name}`);
        if (times <= 0) active.delete(name);
        else active.set(name, { left: times, path: options.path });
      },
      clear(name) {
        if (name === undefined) active.clear();
        else active.delete(name);
      },
      active: () => [...active.keys()],
    },
  };
}
