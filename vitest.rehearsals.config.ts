import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/**
 * Rehearsals: what users, authors and maintainers do with packages, from an empty folder to a registry and back; and
 * what of the packages' own tests takes minutes.
 */
export default defineConfig({
  ...base,
  test: {
    include: ["test/rehearsals/*.rehearsal.ts", "packages/*/test/**/*.trial.ts"],
    // Each of them waits for one process at a time, so three keep a small machine busy.
    maxWorkers: 3,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    restoreMocks: true,
  },
});
