import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Candidate, Origin } from "../../src/registry/index.js";

/** A temporary folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "meshauth-registry-")));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A declaration that is in order, with other members where a test wants some. */
export function entry(id: string, other: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    title: `${id} title`,
    summary: `Sign in with ${id}.`,
    module: "./index.js",
    flows: ["browser"],
    ...other,
  };
}

/** A `package.json` that is in order. */
export function pjson(
  name: string,
  providers: unknown,
  other: Record<string, unknown> = {},
): Record<string, unknown> {
  return { name, version: "1.2.3", type: "module", oclif: {}, meshauth: { api: "1.0", providers }, ...other };
}

/** Writes a package, its `package.json` as an object or as raw text. */
export async function writePackage(
  root: string,
  name: string,
  manifest: Record<string, unknown> | string,
  files: Record<string, string> = { "index.js": "export default {};\n" },
  origin: Origin = "user",
): Promise<Candidate> {
  const path = join(root, "node_modules", name);
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  for (const [file, content] of Object.entries({ "package.json": text, ...files })) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), content);
  }
  return { name, root: path, origin };
}
