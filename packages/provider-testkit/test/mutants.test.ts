import { describe, expect, test } from "vitest";
import { CASES } from "../src/cases/index.js";
import { runConformance } from "../src/index.js";
import { copyFixture, failures } from "./support/fixture.js";
import { MUTANTS } from "./support/mutants/index.js";

/** The rehearsals try all of them; here are those that take no time. */
const QUICK = MUTANTS.filter(({ flavour, caughtBy: [id] }) => flavour === "file" || id === "module.agrees");

describe("a broken provider is caught by the case that is there for it, and by no other", () => {
  test.each(QUICK.map((mutant) => [mutant.caughtBy.join(", "), mutant.name, mutant] as const))(
    "%s: %s",
    async (_ids, _name, { flavour, edits, caughtBy }) => {
      const { root, remove } = await copyFixture(flavour, edits);
      try {
        expect(failures(await runConformance({ root })).map(({ id }) => id)).toEqual(caughtBy);
      } finally {
        await remove();
      }
    },
  );
});

/** What a provider cannot get wrong by itself: the host sees to it, and the case that it does. */
const BY_HOST = ["browser.repeated"];

test("for every case there is a provider that it catches", () => {
  const caught = new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy));
  expect(CASES.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual(BY_HOST);
});
