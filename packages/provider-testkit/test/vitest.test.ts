import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { copyFixture } from "./support/fixture.js";

const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

test("describeProvider waits for one case that does not come, and not for each", async () => {
  const { root, remove } = await copyFixture("file", [
    {
      file: "meshauth.conformance.mjs",
      from: "export default",
      to: "await new Promise(() => undefined);\nexport default",
    },
  ]);
  try {
    await symlink(join(MODULES, "vitest"), join(root, "node_modules/vitest"));
    await mkdir(join(root, "test"));
    const text = `import { describeProvider } from "@meshauth/provider-testkit/vitest";
describeProvider(new URL("..", import.meta.url), { timeout: 2_000 });\n`;
    await writeFile(join(root, "test/conformance.test.js"), text);
    const args = [join(MODULES, "vitest/vitest.mjs"), "run", "--root", root, "--reporter", "json"];
    const stdout = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { cwd: root }, (_, printed) => resolve(printed));
    });
    const { testResults } = JSON.parse(stdout) as Report;
    const statuses = testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ status }) => status),
    );
    expect(statuses.length).toBeGreaterThan(40);
    expect(new Set(statuses)).toEqual(new Set(["failed"]));
  } finally {
    await remove();
  }
});
