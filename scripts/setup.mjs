// What every script needs first: dependencies installed as the lock file says, and the packages built.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program in the root with our streams; a failure ends the script with its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs a program of a development dependency. */
export function runBin(path, ...args) {
  run(process.execPath, [join(root, "node_modules", path), ...args]);
}

/** Installs what the lock file names, unless that has been done already. */
export function install() {
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  process.stdout.write("Installing what the lock file names; this takes a minute.\n");
  run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci"], { shell: process.platform === "win32" });
}

/** Compiles what changed, and makes what the CLI starts from: the manifest of its commands, and its bundles. */
export function build() {
  runBin("typescript/bin/tsc", "-b");
  for (const name of readdirSync(join(root, "packages"))) prune(join(root, "packages", name));
  for (const name of ["manifest", "bundle"])
    run(process.execPath, [join(root, `packages/cli/scripts/${name}.mjs`)]);
}

/** Removes what an earlier build made of a source that is gone: it would be packed, or taken for a command. */
function prune(folder) {
  for (const file of readdirSync(join(folder, "dist"), { recursive: true })) {
    const source = file.replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, ".ts");
    if (source !== file && !existsSync(join(folder, "src", source))) rmSync(join(folder, "dist", file));
  }
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
