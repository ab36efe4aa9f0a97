import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { clockOf, note, randomFrom } from "../../../test/trials/support/seeds.js";
import { runConformance } from "../src/index.js";
import { copyFixture, failures } from "./support/fixture.js";
import { MUTANTS } from "./support/mutants/index.js";
import type { Mutant } from "./support/mutants/mutant.js";

/** A process that blocks is killed sooner than an author would have it. */
const LIMITS = { run: 8_000 };

/** More than any of them takes, in milliseconds. */
const ONE_MS = 12_000;

/** What the kit says of a failure. */
const REASON: unknown = expect.stringMatching(/^Expected: .+\nHappened: .+\nContract: .+: ".+"$/);

test("a broken provider is caught by the cases that are there for it, and by no other", async () => {
  const clock = clockOf(0.25);
  const tried: string[] = [];
  const waiting = randomFrom(randomInt(2 ** 32))
    .shuffle(MUTANTS)
    .values();
  const tryOneByOne = async (): Promise<void> => {
    for (const mutant of waiting) {
      tried.push(mutant.name);
      expect(await caughtBy(mutant), mutant.name).toEqual(
        mutant.caughtBy.map((id) => ({ id, reason: REASON })),
      );
      if (!clock.hasTimeFor(ONE_MS)) return;
    }
  };
  await Promise.all([tryOneByOne(), tryOneByOne()]);
  note(`${tried.length} of ${MUTANTS.length} broken providers were caught`);
  expect(tried.length).toBeGreaterThan(1);
});

async function caughtBy({ flavour, edits }: Mutant): Promise<ReturnType<typeof failures>> {
  const { root, remove } = await copyFixture(flavour, edits);
  try {
    return failures(await runConformance({ root, limits: LIMITS }));
  } finally {
    await remove();
  }
}
