import type { Bench } from "../bench/bench.js";
import { CONTRACT } from "../contract.js";
import type { RunRecord } from "../protocol.js";
import { failed, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

/** Nobody waits for the host more often. */
const MOST_WAITS = 25;

/** A login that does not come to its end. */
export const STOPPED_CASES: readonly Case[] = [
  {
    id: "login.cancelled",
    title: "A login that is cancelled ends, whatever it waits for",
    contract: CONTRACT.signal,
    needs: NEEDS_LOGIN,
    run: async (bench) =>
      await cancelledEverywhere(bench.login, async (stop) => {
        const scene = await bench.open();
        return await scene.run("login", { stop });
      }),
  },
  {
    id: "login.timed-out",
    title: "A login ends when the time is up",
    contract: CONTRACT.signal,
    // A login that does not end when it is cancelled would only be waited for once more.
    needs: [...NEEDS_LOGIN, "login.cancelled"],
    run: async (bench) => await timedOut(bench),
  },
];

async function timedOut(bench: Bench): Promise<Verdict> {
  const waits = bench.login?.waits ?? [];
  if (waits.length === 0) return skipped("A login waits for nothing.");
  // What takes longest is the person at the browser; else the last wait.
  const browser = waits.lastIndexOf("wait") + 1;
  const at = browser > 0 ? browser : waits.length;
  const scene = await bench.open();
  const record = await scene.run("login", { stop: { at, moment: "during", reason: "timeout" } });
  if (record.outcome.kind === "failed") return PASSED;
  return failed(
    `it ends soon after the time is up while it waits for ${functionOf(waits[at - 1] ?? "")}`,
    tell(record, scene),
  );
}

/**
 * Cancels a call at every wait that it makes when it succeeds: while it gets no answer, and right after it got one.
 * Whatever error comes out is fine, for the program knows why; going on is not.
 */
export async function cancelledEverywhere(
  success: RunRecord | undefined,
  run: (stop: { at: number; moment: "during" | "after"; reason: "interrupted" }) => Promise<RunRecord>,
): Promise<Verdict> {
  const waits = success?.waits.slice(0, MOST_WAITS) ?? [];
  if (waits.length === 0) return skipped("It waits for nothing.");
  for (const [index, name] of waits.entries()) {
    for (const moment of ["during", "after"] as const) {
      const record = await run({ at: index + 1, moment, reason: "interrupted" });
      const { kind } = record.outcome;
      if (kind === "failed" || (kind === "done" && moment === "after")) continue;
      const when = `${moment === "during" ? "while it waits" : "right after it waited"} for ${functionOf(name)}`;
      return failed(`it ends soon after it is cancelled ${when}`, tell(record));
    }
  }
  return PASSED;
}

/** What a wait is called in the contract. */
function functionOf(wait: string): string {
  return wait === "wait" ? "receiver.wait" : `host.${wait}`;
}
