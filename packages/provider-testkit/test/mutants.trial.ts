import { describe, expect, test } from "vitest";
import { runConformance } from "../src/index.js";
import { copyFixture, failures } from "./support/fixture.js";
import { MUTANTS } from "./support/mutants/index.js";

/** A process that blocks is killed sooner than an author would have it. */
const LIMITS = { run: 8_000 };

/** What the kit says of a failure. */
const REASON: unknown = expect.stringMatching(/^Expected: .+\nHappened: .+\nContract: .+: ".+"$/);

describe("a broken provider is caught by the case that is there for it, and by no other", () => {
  test.each(MUTANTS.map((mutant) => [mutant.caughtBy.join(", "), mutant.name, mutant] as const))(
    "%s: %s",
    async (_ids, _name, { flavour, edits, caughtBy }) => {
      const { root, remove } = await copyFixture(flavour, edits);
      try {
        const report = await runConformance({ root, limits: LIMITS });
        expect(failures(report)).toEqual(caughtBy.map((id) => ({ id, reason: REASON })));
      } finally {
        await remove();
      }
    },
  );
});
