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
  /** Cases that have to pass first. */
  readonly needs: readonly string[];
  /** Whether it can also be run where nobody said how a login succeeds. Then it needs only that the module loads. */
  readonly blind?: boolean;
  run(bench: Bench): Promise<Verdict>;
}

/** That the module is there. */
export const NEEDS_MODULE: readonly string[] = ["module.agrees"];

/** That a login has succeeded. */
export const NEEDS_LOGIN: readonly string[] = ["login.success"];
