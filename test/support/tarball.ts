import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** What publint has to say about a tarball, suggestions included. */
export async function lintMessages(tarball: string): Promise<string[]> {
  const data = readFileSync(tarball);
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => formatMessage(message, pkg ?? {}) ?? message.code);
}

/**
 * What "are the types wrong" finds for those who import ES modules, from Node or a bundler. The packages are ES
 * modules only, so `require` and resolution without `exports` are no question here.
 */
export async function typeProblems(tarball: string): Promise<string[]> {
  const unpacked = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)));
  const path = `/node_modules/${unpacked.packageName}/package.json`;
  const manifest = JSON.parse(unpacked.readFile(path)) as { exports?: unknown; main?: unknown };
  // Of a program nobody can import anything.
  if (manifest.exports === undefined && manifest.main === undefined) return [];
  const result = await checkPackage(unpacked);
  if (!result.types) return ["There are no declarations."];
  return result.problems
    .filter((problem) =>
      (["node16-esm", "bundler"] as const).some((kind) =>
        problemAffectsResolutionKind(problem, kind, result),
      ),
    )
    .map((problem) => JSON.stringify(problem));
}

/** The files of a tarball, from the package's root. */
export function filesOf(tarball: string): string[] {
  const list = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
  return list
    .split("\n")
    .filter((path) => path !== "" && !path.endsWith("/"))
    .map((path) => path.replace(/^package\//, ""))
    .sort();
}

/** All bytes of a tarball's files, one after the other, to look for what must not be in there. */
export function contentOf(tarball: string): string {
  return execFileSync("tar", ["-xzOf", tarball], { encoding: "latin1", maxBuffer: 64 * 1024 * 1024 });
}

/** Documents, the manifest and what was compiled: what every package may publish. */
const COMMON =
  /^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/(?:[\w.-]+\/)*[\w-]+(?:\.d)?\.(?:js|ts))$/;
/** What the program needs besides. Nobody imports it, so it declares no types. */
const PROGRAM =
  /^(?:bin\/(?:run\.js|package\.json)|dist\/(?:[\w-]+\.cjs|licences\.txt)|oclif\.manifest\.json|templates\/.+)$/;
const NEVER = /\.map$|tsbuildinfo|^dist\/.*\.test\.|^(?:src|test)\//;

/** Those of a package's packed files that have no business there, as sources, tests and leftovers of a build. */
export function unexpectedFiles(name: string, files: readonly string[]): string[] {
  const program = name === "@meshauth/cli";
  return files.filter(
    (file) =>
      NEVER.test(file) ||
      (program && file.endsWith(".d.ts")) ||
      !(COMMON.test(file) || (program && PROGRAM.test(file))),
  );
}
