import { execFile } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { copyFixture, type Edit } from "./support/fixture.js";

const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

let end: (() => Promise<void>) | undefined;
afterEach(() => end?.());

/** The example with a file as an author's package that is tested with vitest. @returns Its folder. */
async function authorsPackage(edits: readonly Edit[] = [], options = ""): Promise<string> {
  const { root, remove } = await copyFixture("file", edits);
  end = remove;
  await symlink(join(MODULES, "vitest"), join(root, "node_modules/vitest"));
  await mkdir(join(root, "test"));
  const text = `import { describeProvider } from "@meshauth/provider-testkit/vitest";
describeProvider(new URL("..", import.meta.url)${options});\n`;
  await writeFile(join(root, "test/conformance.test.js"), text);
  return root;
}

/** How the tests ended, and how many did so. */
async function statusesOf(root: string): Promise<Record<string, number>> {
  const args = [join(MODULES, "vitest/vitest.mjs"), "run", "--root", root, "--reporter", "json"];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: root }, (_, printed) => resolve(printed));
  });
  const { testResults } = JSON.parse(stdout) as Report;
  const counts: Record<string, number> = {};
  for (const { status } of testResults.flatMap(({ assertionResults }) => assertionResults))
    counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test("describeProvider waits for one case that does not come, and not for each", async () => {
  const root = await authorsPackage(
    [
      {
        file: "meshauth.conformance.mjs",
        from: "export default",
        to: "await new Promise(() => undefined);\nexport default",
      },
    ],
    ", { timeout: 2_000 }",
  );
  expect(await statusesOf(root)).toEqual({ failed: expect.toSatisfy((count: number) => count > 40) });
});

test("it takes a conformance file in TypeScript that no Node could run by leaving the types out", async () => {
  const root = await authorsPackage();
  const file = join(root, "meshauth.conformance.mjs");
  const text = await readFile(file, "utf8");
  await rm(file);
  const typed = text
    .replace("({ home, secret })", '({ home, secret }: import("@meshauth/provider-testkit").ExampleTools)')
    .replace('"Downloads/crate.ini":', "[Path.file]:")
    .replace('"Downloads/crate.ini"', "Path.file")
    .replace("export default", 'enum Path {\n  file = "Downloads/crate.ini",\n}\n\nexport default');
  await writeFile(join(root, "meshauth.conformance.ts"), typed);
  const { passed, skipped, pending, ...others } = await statusesOf(root);
  expect(others).toEqual({});
  expect(passed).toBeGreaterThan(15);
});
