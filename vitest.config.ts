import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Unit tests see the sources; tests that start the real program use what `npm run build` made.
    alias: [
      { find: /^@meshauth\/provider-api\/format$/, replacement: source("provider-api/src/format/index.ts") },
      { find: /^@meshauth\/core\/hot$/, replacement: source("core/src/hot.ts") },
      { find: /^@meshauth\/([a-z0-9-]+)$/, replacement: `${source("")}$1/src/index.ts` },
    ],
  },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // On a busy machine a test that starts the program ten times takes half a minute.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    // Tests of the program mostly wait for it, so fewer workers would leave a machine with two processors partly idle.
    maxWorkers: 3,
  },
});
