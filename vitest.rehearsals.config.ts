import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/** Rehearsals: what authors and maintainers do, from an empty folder to a registry and back. One at a time. */
export default defineConfig({
  ...base,
  test: {
    include: ["test/rehearsals/*.rehearsal.ts"],
    maxWorkers: 1,
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    restoreMocks: true,
  },
});
