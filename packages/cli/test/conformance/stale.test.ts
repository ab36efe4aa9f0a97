import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isStale } from "../../src/conformance/stale.js";

/** A package whose source and module were last changed at these times, in seconds since 1970. */
async function packageOf(source: number, built: number, module = "./dist/index.js"): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "meshauth-stale-")));
  onTestFinished(() => rm(root, { recursive: true }));
  const provider = { id: "acme", title: "Acme", summary: "Sign in at Acme", module, flows: ["paste"] };
  const files = [
    ["src/index.ts", source],
    [module, built],
  ] as const;
  await writeFile(
    join(root, "package.json"),
    JSON.stringify({
      name: "meshauth-provider-acme",
      version: "1.0.0",
      oclif: {},
      meshauth: { api: "1.0", providers: [provider] },
    }),
  );
  for (const [file, seconds] of files) {
    await mkdir(join(root, file, ".."), { recursive: true });
    await writeFile(join(root, file), "");
    await utimes(join(root, file), seconds, seconds);
  }
  return root;
}

test("what was built before the source was changed is stale", async () => {
  expect(await isStale(await packageOf(2_000, 1_000))).toBe(true);
  expect(await isStale(await packageOf(1_000, 2_000))).toBe(false);
});

test("a module that is no product of the sources is never stale", async () => {
  expect(await isStale(await packageOf(2_000, 1_000, "./index.js"))).toBe(false);
  expect(await isStale(await packageOf(2_000, 1_000, "./src/index.js"))).toBe(false);
});
