import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConformanceReport } from "@meshauth/core";

/** The providers that do everything right, by flavour. */
export type Flavour = "browser" | "token" | "file";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../..", import.meta.url));

/** A change in one file of a fixture. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Copies a fixture to a folder of its own, where it finds what it depends on, and changes it. */
export async function copyFixture(
  flavour: Flavour,
  edits: readonly Edit[] = [],
): Promise<{ readonly root: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-kit-"));
  const root = join(folder, "package");
  await cp(join(FIXTURES, flavour), root, { recursive: true });
  await mkdir(join(root, "node_modules/@meshauth"), { recursive: true });
  for (const name of ["provider-api", "provider-testkit"]) {
    await symlink(join(PACKAGES, name), join(root, "node_modules/@meshauth", name));
  }
  for (const { file, from, to } of edits) {
    const text = await readFile(join(root, file), "utf8");
    if (text.split(from).length !== 2) throw new Error(`Not once in ${file}: ${from}`);
    await writeFile(
      join(root, file),
      text.replace(from, () => to),
    );
  }
  return { root, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The cases of a report that failed, with their reasons. */
export function failures({
  providers,
}: ConformanceReport): { readonly id: string; readonly reason: string }[] {
  return providers.flatMap(({ cases }) =>
    cases.filter(({ result }) => result === "fail").map(({ id, reason }) => ({ id, reason: reason ?? "" })),
  );
}
