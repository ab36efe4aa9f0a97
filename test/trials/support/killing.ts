import type { Exchange } from "./gate.js";
import type { TrialProcess } from "./process.js";
import type { World } from "./world.js";

/** A process that was killed, and what it left. */
export interface Death {
  /** Milliseconds since the start of the test process, at which it did nothing any more. */
  readonly at: number;
  /** The tokens in complete staged files, and in the credential file, at that moment. */
  readonly kept: readonly string[];
}

/**
 * Kills a process as `kill -9` does, and tells exactly what it left: it is stopped first, looked at while
 * nothing moves, and never goes on. @returns `undefined` when it had ended before.
 */
export async function killExactly(world: World, victim: TrialProcess): Promise<Death | undefined> {
  if (!(await victim.freeze())) return undefined;
  const death = { at: performance.now(), kept: [...world.stagedTokens(), world.token()] };
  victim.kill("SIGKILL");
  await victim.ended;
  return death;
}

/** What a storm knows when it is over. */
export interface Aftermath {
  readonly exchanges: readonly Exchange[];
  readonly deaths: ReadonlyMap<string, Death>;
  /** Every token that anybody has seen in the file or on standard output. */
  readonly seen: ReadonlySet<string>;
}

/** A refresh token that was presented a second time. */
export interface SecondUse {
  readonly by: string;
  /** Why it must not have been; `undefined` for the one case that nothing can prevent. */
  readonly fault: string | undefined;
}

/**
 * Judges each second use of a refresh token. One case is allowed: whoever presented it first was killed after
 * that and before what the cloud gave was completely written down, so nobody can know that it is used up.
 */
export function secondUses({ exchanges, deaths, seen }: Aftermath): SecondUse[] {
  const rotations = new Map<string, Exchange>();
  const uses: SecondUse[] = [];
  for (const exchange of exchanges) {
    if (exchange.path !== "/refresh") continue;
    const first = rotations.get(exchange.presented);
    if (first !== undefined) uses.push({ by: exchange.by, fault: faultOf(exchange, first, deaths, seen) });
    else if (exchange.given !== undefined || exchange.status === undefined)
      rotations.set(exchange.presented, exchange);
  }
  return uses;
}

function faultOf(
  second: Exchange,
  first: Exchange,
  deaths: Aftermath["deaths"],
  seen: Aftermath["seen"],
): string | undefined {
  const { given = "" } = first;
  const death = deaths.get(first.by);
  if (death === undefined) return `${first.by}, which had presented it, was not killed`;
  if (death.at > second.at) return `${first.by}, which had presented it, was still alive`;
  if (death.kept.includes(given)) return `${first.by} had written the new token down when it was killed`;
  if (seen.has(given)) return "the new token had been in use";
  return undefined;
}
