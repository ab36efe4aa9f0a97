import { type Conformance, runConformance } from "../../packages/provider-testkit/src/index.js";

/** What the kit says of a package. */
export interface Verdicts {
  /** The cases that it fails, each with what was wrong. */
  readonly failed: readonly string[];
  /** By the reason: the cases that cannot be run, one after the other. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** Runs the conformance kit on a package. */
export async function verdictsOn(root: URL | string, conformance?: Conformance): Promise<Verdicts> {
  const report = await runConformance({ root, ...(conformance === undefined ? {} : { conformance }) });
  const cases = report.providers.flatMap((provider) => provider.cases);
  const reasons = cases.filter(({ result }) => result === "skip").map(({ reason }) => reason ?? "");
  const because = (wanted: string): string =>
    cases.flatMap(({ id, result, reason }) => (result === "skip" && reason === wanted ? [id] : [])).join(" ");
  return {
    failed: cases.filter(({ result }) => result === "fail").map(({ id, reason }) => `${id}: ${reason}`),
    notRun: Object.fromEntries(reasons.map((reason) => [reason, because(reason)])),
  };
}
