import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConformanceReport, runConformance } from "../src/index.js";
import type { Flavour } from "./support/fixture.js";

/** The cases that say nothing about a flavour; every other one has to pass. */
const NOT_RUN: Readonly<Record<Flavour, readonly string[]>> = {
  browser: ["login.closed-input", "login.no-meshery-server", "saved.success"],
  token: ["login.no-meshery-server", "saved.success", "browser.", "options.optional", "refresh.", "revoke."],
  file: [
    "login.closed-input",
    "login.server-",
    "browser.",
    "token.",
    "options.environment",
    "refresh.",
    "revoke.",
    "identify.",
  ],
};

function idsOf({ providers }: ConformanceReport, result: string): string[] {
  return providers.flatMap(({ cases }) => cases.filter((one) => one.result === result).map(({ id }) => id));
}

describe("a provider that does everything right passes every case that is about it", () => {
  test.each(Object.keys(NOT_RUN) as Flavour[])("%s", async (flavour) => {
    const told: string[] = [];
    const report = await runConformance({
      root: join(import.meta.dirname, "fixtures", flavour),
      onResult: (provider, { id }) => told.push(`${provider} ${id}`),
    });
    const failed = report.providers.flatMap(({ cases }) => cases.filter(({ result }) => result === "fail"));
    expect(failed).toEqual([]);
    const beside = (id: string): boolean => NOT_RUN[flavour].some((start) => id.startsWith(start));
    expect(idsOf(report, "skip").filter((id) => !beside(id))).toEqual([]);
    expect(idsOf(report, "pass").filter(beside)).toEqual([]);
    expect(report).toMatchObject({ ok: true, contract: "1.0" });
    const [provider] = report.providers;
    expect(told).toEqual(provider?.cases.map(({ id }) => `${provider.id} ${id}`));
  });
});
