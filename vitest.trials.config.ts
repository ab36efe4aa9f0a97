import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/** Trials: long runs of many real processes. One at a time, as each of them keeps the machine busy by itself. */
export default defineConfig({
  ...base,
  test: {
    include: ["test/trials/*.trial.ts"],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
});
