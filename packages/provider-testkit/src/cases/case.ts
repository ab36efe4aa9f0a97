import type { Bench } from "../bench/bench.js";
import type { ContractLine } from "../contract.js";
import type { Verdict } from "../verdict.js";

/** One thing that a provider has to do. */
export interface Case {
  /** Stable: it may stand in reports that are kept. */
  readonly id: string;
  /** What holds when it passes, in words. */
  readonly title: string;
  /** What the contract says about it. */
  readonly contract: ContractLine;
  /** Cases that have to pass first. Default: `module.agrees`. */
  readonly needs?: readonly string[];
  run(bench: Bench): Promise<Verdict>;
}

/** Where a login was made that succeeded. */
export const NEEDS_LOGIN: readonly string[] = ["login.success"];
