import type { ConformanceCase, InstalledProvider } from "@meshauth/core";
import { Bench, type BenchOptions } from "./bench/bench.js";
import { findNowhere } from "./bench/gateway.js";
import { KnownSecrets } from "./bench/secrets.js";
import { World } from "./bench/world.js";
import { type Case, NEEDS_MODULE } from "./cases/case.js";
import type { Limits } from "./definition.js";
import type { Subject } from "./subject.js";
import { failed, skipped, type Verdict } from "./verdict.js";
import { resultOf } from "./words.js";

/** What the cases of one provider are run with. */
export interface ProviderRun {
  readonly cases: readonly Case[];
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly onResult: (result: ConformanceCase) => void;
}

/** Runs the cases against one provider, one after the other. @throws the signal's reason. */
export async function runProvider(
  subject: Subject,
  provider: Subject["providers"][number],
  run: ProviderRun,
): Promise<readonly ConformanceCase[]> {
  const { installed } = provider;
  if (installed === undefined) return unusable(subject, run);
  const world = await World.create();
  const bench = new Bench(await benchOptions(subject, installed, world, run));
  const end = (): void => void bench.renew();
  run.signal.addEventListener("abort", end, { once: true });
  try {
    const results = new Map<string, ConformanceCase>();
    for (const one of run.cases) {
      run.signal.throwIfAborted();
      const verdict = unmet(one, bench, results) ?? (await decide(one, bench));
      run.signal.throwIfAborted();
      const result = resultOf(one, verdict, (text) => bench.options.secrets.redact(text));
      results.set(one.id, result);
      run.onResult(result);
    }
    return [...results.values()];
  } finally {
    run.signal.removeEventListener("abort", end);
    await bench.renew();
    await world.remove();
  }
}

/** Of a package that cannot be used, only that can be said. */
function unusable({ problem = "" }: Subject, { cases, onResult }: ProviderRun): ConformanceCase[] {
  return cases.map((one, index) => {
    const verdict =
      index === 0
        ? failed("meshauth can use the package", problem.replace(/\.$/, ""))
        : skipped("package.declaration failed.");
    const result = resultOf(one, verdict, (text) => text);
    onResult(result);
    return result;
  });
}

async function benchOptions(
  { conformance, noConformance, providers }: Subject,
  installed: InstalledProvider,
  world: World,
  { limits, signal }: ProviderRun,
): Promise<BenchOptions> {
  const { id } = installed.entry;
  const factory =
    conformance && Object.hasOwn(conformance.providers, id) ? conformance.providers[id] : undefined;
  const stray = Object.keys(conformance?.providers ?? {}).find((name) =>
    providers.every((one) => one.id !== name),
  );
  const problem =
    stray === undefined ? undefined : `it has an example for "${stray}", which package.json does not declare`;
  return {
    installed,
    factory,
    example: {
      why: conformance ? `The conformance file has no example for ${id}.` : noConformance.why,
      problem: noConformance.kind === "broken" ? noConformance.why.replace(/\.$/, "") : problem,
    },
    limits,
    signal,
    world,
    nowhere: await findNowhere(),
    secrets: new KnownSecrets(`${Date.now()} ${process.pid} ${id}`),
  };
}

/** The verdict of a case that cannot be run for what came of another. */
function unmet(
  { needs, blind = false }: Case,
  { hasExample }: Bench,
  results: ReadonlyMap<string, ConformanceCase>,
): Verdict | undefined {
  for (const id of blind && !hasExample ? NEEDS_MODULE : needs) {
    const found = results.get(id);
    if (found?.result === "fail") return skipped(`It needs ${id}, which failed.`);
    if (found?.result === "skip") return skipped(found.reason ?? "");
  }
  return undefined;
}

/**
 * Runs a case. A failure counts only when it happens in new processes too: in the program every command has one of its
 * own, and what an earlier case left behind must not be put down to this one.
 */
async function decide(one: Case, bench: Bench): Promise<Verdict> {
  const isUsed = bench.isUsed;
  const verdict = await attempt(one, bench);
  if (verdict.result !== "fail") return verdict;
  await bench.renew();
  if (!isUsed || bench.options.signal.aborted || one.id.startsWith("always.")) return verdict;
  const again = await attempt(one, bench);
  if (again.result === "fail") await bench.renew();
  return again;
}

async function attempt(one: Case, bench: Bench): Promise<Verdict> {
  bench.enter(one.id);
  try {
    return await one.run(bench);
  } catch (error) {
    return failed(
      "the case can be run",
      `the kit stopped: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await bench.leave();
  }
}
