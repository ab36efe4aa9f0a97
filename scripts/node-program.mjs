// Other versions of Node, as npm has them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

/**
 * The program of a major version, newest or, without a network, the one that was installed before; `undefined` where
 * there is none, which is said.
 */
export function nodeOf(major) {
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(root, "node_modules/.cache/nodes", major);
  const program = join(
    folder,
    "node_modules",
    name,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  // The package that holds nothing but the program has no script that would have to run.
  const args = ["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, stderr } = spawnSync("npm", [...args, `${name}@${major}`], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32",
    timeout: 180_000,
  });
  if (status !== 0)
    process.stderr.write(`${name}@${major}: ${/npm error (.+)/.exec(stderr ?? "")?.[1] ?? "no answer"}\n`);
  return existsSync(program) ? program : undefined;
}
