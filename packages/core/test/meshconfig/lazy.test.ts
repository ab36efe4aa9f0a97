import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { makeHome, TYPICAL } from "./folder.js";

const { cache } = createRequire(import.meta.url);
const isLoaded = (): boolean =>
  Object.keys(cache).some((file) => /[\\/]node_modules[\\/]yaml[\\/]/.test(file));

test("the YAML parser is loaded only where there is something to parse", async () => {
  await (await makeHome()).resolve();
  expect(isLoaded()).toBe(false);
  await (await makeHome(TYPICAL)).resolve();
  expect(isLoaded()).toBe(true);
});
