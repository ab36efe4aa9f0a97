import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConformanceCase } from "@meshauth/core";
import { afterAll, describe, test, vi } from "vitest";
import { CASES } from "./cases/index.js";
import type { RunOptions } from "./run-conformance.js";
import { runConformance } from "./run-conformance.js";
import { folderOf } from "./subject.js";

/** How {@link describeProvider} runs. */
export interface DescribeOptions extends Pick<RunOptions, "conformance" | "limits" | "provider"> {
  /** How long a test waits for its case, in milliseconds. Default: 600,000. When it is over, no other case is run. */
  readonly timeout?: number;
}

/**
 * Registers one test for every case and provider of a package. A case that cannot be run is a skipped test that says
 * why. The package has to be built: its module is run as `package.json` names it.
 *
 * @param packageRoot - The folder of the package: a path, or an address such as `new URL("..", import.meta.url)`.
 * @example
 * describeProvider(new URL("..", import.meta.url));
 */
export function describeProvider(packageRoot: string | URL, options: DescribeOptions = {}): void {
  const root = folderOf(packageRoot);
  const { name, ids } = declared(root);
  describe(`conformance of ${name}`, () => {
    for (const id of options.provider === undefined ? ids : [options.provider]) {
      describe(id, () => registerCases(id, { ...options, root }));
    }
  });
}

function registerCases(id: string, { timeout = 600_000, ...options }: DescribeOptions & RunOptions): void {
  let run: Results | undefined;
  const stop = new AbortController();
  // Without an end it would go on when only some of the tests are run.
  afterAll(async () => {
    stop.abort(new Error("The tests have ended."));
    await run?.ended;
  });
  for (const { id: caseId, title } of CASES) {
    test(
      `${caseId}: ${title}`,
      async ({ skip, signal }) => {
        // Aborted when it takes too long: the cases after it would not come either.
        signal.addEventListener("abort", () => stop.abort(signal.reason), { once: true });
        // Begun by the first test that is run, so that a filter for none of them costs nothing.
        run ??= start(id, { ...options, signal: stop.signal });
        const { result, reason } = await run.of(caseId);
        if (result === "skip") skip(reason ?? undefined);
        if (result === "fail") throw new Error(`${caseId}\n${reason}`);
      },
      timeout,
    );
  }
}

interface Results {
  /** Never fails. */
  readonly ended: Promise<unknown>;
  of(caseId: string): Promise<ConformanceCase>;
}

/** Runs the cases of one provider, and hands out each result as soon as it is there. */
function start(id: string, options: RunOptions): Results {
  const found = new Map<string, ConformanceCase>();
  const waiting = new Map<string, (result: ConformanceCase) => void>();
  const ended = runConformance({
    ...options,
    provider: id,
    load: (path) => vi.importActual(path),
    onResult(_, result) {
      found.set(result.id, result);
      waiting.get(result.id)?.(result);
    },
  });
  return {
    ended: ended.catch(() => undefined),
    async of(caseId) {
      const early = found.get(caseId);
      if (early) return early;
      const late = new Promise<ConformanceCase>((resolve) => waiting.set(caseId, resolve));
      // Ends with an error only if the run does.
      return await Promise.race([late, ended.then(() => late)]);
    },
  };
}

/** What the tests are called by. What is wrong with `package.json` is for the cases to say. */
function declared(root: string): { readonly name: string; readonly ids: readonly string[] } {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly name?: unknown;
    readonly meshauth?: { readonly providers?: unknown };
  };
  const { name, meshauth } = manifest;
  const providers: unknown = meshauth?.providers;
  const ids = Array.isArray(providers) ? providers.map((entry: { id?: unknown }) => String(entry?.id)) : [];
  return { name: String(name), ids: ids.length > 0 ? ids : [String(name)] };
}
