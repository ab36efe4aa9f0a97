import type { ConformanceCase, ConformanceReport } from "@meshauth/core";
import { MeshauthError } from "@meshauth/core";
import { PROVIDER_API } from "@meshauth/provider-api";
import { kitVersion } from "./bench/own-package.js";
import type { Case } from "./cases/case.js";
import { CASES } from "./cases/index.js";
import type { Limits } from "./definition.js";
import { runProvider } from "./run-provider.js";
import { readSubject, type Subject, type SubjectOptions } from "./subject.js";

/** How {@link runConformance} runs. */
export interface RunOptions extends SubjectOptions {
  /** Only this provider of the package. */
  readonly provider?: string;
  /** Ends the run, whatever it waits for. */
  readonly signal?: AbortSignal;
  /** In place of those of the conformance file. */
  readonly limits?: Partial<Limits>;
  /** Told of every case as soon as it is over. */
  readonly onResult?: (provider: string, result: ConformanceCase) => void;
}

/**
 * Most tries take some hundredths of a second: what takes so long hangs, on a slow machine too. The start of a process is
 * not counted, and a failure counts only if it happens once more in a new one.
 */
const LIMITS: Limits = { run: 10_000, grace: 1_500 };

/**
 * Runs the conformance cases against the providers of a package, in processes of their own, with meshauth's own host
 * and servers on loopback.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` when there is no package, or no such provider in it; the signal's reason.
 * @example
 * const report = await runConformance({ root: import.meta.dirname });
 * if (!report.ok) process.exitCode = 1;
 */
export async function runConformance(options: RunOptions): Promise<ConformanceReport> {
  return await runCases(options, CASES);
}

/** The same with some of the cases only; those that one needs have to be among them. */
export async function runCases(options: RunOptions, cases: readonly Case[]): Promise<ConformanceReport> {
  const { provider, signal = new AbortController().signal, onResult = () => undefined } = options;
  const subject = await readSubject({ ...options, signal });
  const limits = { ...LIMITS, ...subject.conformance?.limits, ...options.limits };
  const providers: { id: string; cases: readonly ConformanceCase[] }[] = [];
  for (const one of chosen(subject, provider)) {
    const results = await runProvider(subject, one, {
      cases,
      limits,
      signal,
      onResult: (result) => onResult(one.id, result),
    });
    providers.push({ id: one.id, cases: results });
  }
  return {
    kit: kitVersion(),
    contract: `${PROVIDER_API.major}.${PROVIDER_API.minor}`,
    package: subject.name,
    version: subject.version,
    at: new Date().toISOString(),
    ok: providers.every((one) => one.cases.every(({ result }) => result !== "fail")),
    providers,
  };
}

function chosen({ providers, name }: Subject, id: string | undefined): Subject["providers"] {
  const found = id === undefined ? providers : providers.filter((one) => one.id === id);
  if (found.length > 0) return found;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `${name} has no provider "${id}".`,
    why: `It declares ${providers.map((one) => one.id).join(", ")}.`,
    next: ["meshauth provider test PATH"],
  });
}
