import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/** Rehearsals: what authors and maintainers do, from an empty folder to a registry and back. */
export default defineConfig({
  ...base,
  test: {
    include: ["test/rehearsals/*.rehearsal.ts"],
    // Each of them waits for one process at a time, so two keep a small machine busy.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    restoreMocks: true,
  },
});
