import { CONTRACT } from "../contract.js";
import { flawOfExample } from "../example-check.js";
import { failed, PASSED, skipped, tell } from "../verdict.js";
import type { Case } from "./case.js";

/** What the conformance file is for. */
const EXAMPLE = {
  of: "ProviderExample",
  says: "Everything the kit has to know about one provider to see it succeed.",
};

/** What holds before anything of the provider is asked for. The first of them is judged where there is no bench yet. */
export const PACKAGE_CASES: readonly Case[] = [
  {
    id: "package.declaration",
    title: "package.json declares the provider as the contract says",
    contract: CONTRACT.manifest,
    needs: [],
    run: async () => PASSED,
  },
  {
    id: "module.agrees",
    title: "The module loads, and exports what package.json declares",
    contract: CONTRACT.module,
    needs: ["package.declaration"],
    async run(bench) {
      const scene = await bench.open();
      const record = await scene.run("load");
      if (record.outcome.kind !== "done")
        return failed("it loads and exports the provider", tell(record, scene));
      bench.methods = record.outcome.value.methods ?? [];
      bench.warm();
      return PASSED;
    },
  },
  {
    id: "example.fits",
    title: "The conformance file fits the package",
    contract: EXAMPLE,
    needs: ["package.declaration"],
    async run(bench) {
      const { why, problem } = bench.options.example;
      if (problem !== undefined) return failed("the conformance file can be used", problem);
      if (!bench.hasExample) return skipped(why);
      try {
        const flaw = flawOfExample(await bench.example(), bench.entry);
        return flaw === undefined ? PASSED : failed("the example is one of this provider", flaw);
      } catch (error) {
        return failed(
          "the example can be made",
          `it threw ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
  },
];
