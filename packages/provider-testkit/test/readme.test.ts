import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConformance } from "../src/index.js";
import { failures } from "./support/fixture.js";

function block(markdown: string, language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(markdown)?.[1] ?? "";
}

async function page(name: string): Promise<string> {
  return await readFile(new URL(`../../${name}/README.md`, import.meta.url), "utf8");
}

test("the example of this page fits the provider of the contract's page, which passes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-kit-readme-"));
  try {
    const contract = await page("provider-api");
    await writeFile(join(folder, "package.json"), block(contract, "json"));
    await writeFile(join(folder, "index.js"), block(contract, "js"));
    await writeFile(join(folder, "meshauth.conformance.js"), block(await page("provider-testkit"), "js"));
    await mkdir(join(folder, "node_modules/@meshauth"), { recursive: true });
    for (const name of ["provider-api", "provider-testkit"]) {
      await symlink(join(import.meta.dirname, "../..", name), join(folder, "node_modules/@meshauth", name));
    }
    const report = await runConformance({ root: folder });
    expect(failures(report)).toEqual([]);
    const [provider] = report.providers;
    const passed = provider?.cases.filter(({ result }) => result === "pass").map(({ id }) => id);
    expect(passed).toEqual(
      expect.arrayContaining(["login.success", "token.malformed", "identify.unreachable"]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
